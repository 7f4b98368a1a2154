"""The server of the browser's tests: a real process on a database of its own, which is put back before each test."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

ROOT = Path(__file__).resolve().parents[2]
#: The address that documents name; the same wherever a server listens, so that one loaded library does for all.
PUBLIC = "http://library.test"


class Database(Protocol):
    """A database that can be put back to the loaded library."""

    url: str

    def put_back(self) -> None: ...

    def drop(self) -> None: ...


class SqliteCopy:
    """A copy of the library's file."""

    def __init__(self, library: str, folder: Path) -> None:
        self.library = Path(library.removeprefix("sqlite:///"))
        self.file = folder / "service.sqlite3"
        self.url = f"sqlite:///{self.file}"

    def put_back(self) -> None:
        self.drop()
        shutil.copyfile(self.library, self.file)

    def drop(self) -> None:
        while _is_open(self.file):  # by a request whose browser has left
            time.sleep(0.02)
        for ending in ("", "-wal", "-shm"):
            Path(f"{self.file}{ending}").unlink(missing_ok=True)


class PostgresCopy:
    """A database made from the library's as a template."""

    def __init__(self, library: str, name: str) -> None:
        self.library, self.name = urlsplit(library).path.lstrip("/"), name
        self.url = named(library, name)

    def put_back(self) -> None:
        self.drop()
        copy = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(self.name), sql.Identifier(self.library))
        _execute(self.url, copy)

    def drop(self) -> None:
        drop_postgres(self.url)


def _is_open(file: Path) -> bool:
    """Whether a process that we may look at has the file open."""
    for descriptor in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            if os.readlink(descriptor) == str(file):
                return True
        except OSError:
            continue
    return False


def named(url: str, name: str) -> str:
    """The address of another database on the same server."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def create_postgres(url: str) -> None:
    drop_postgres(url)
    _execute(url, sql.SQL("CREATE DATABASE {}").format(sql.Identifier(urlsplit(url).path.lstrip("/"))))


def drop_postgres(url: str) -> None:
    _execute(url, sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(urlsplit(url).path.lstrip("/"))))


def _execute(url: str, statement: sql.Composed) -> None:
    with psycopg.connect(named(url, "postgres"), autocommit=True) as connection:
        connection.execute(statement)


def environment(database_url: str, folder: Path) -> dict[str, str]:
    """Only what is said here: whatever the shell of the tests is set to stays out of the service."""
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
        "DJANGO_SETTINGS_MODULE": "cms.settings",
        "DEBUG": "1",
        "CLINICAL_SIGN_OFF": "required",
        "CONN_MAX_AGE": "0",
        "DATABASE_URL": database_url,
        "BASE_URL": PUBLIC,
        "MEDIA_ROOT": str(folder / "media"),
    }


def run(arguments: list[str], variables: dict[str, str]) -> str:
    """Run Python in the service's environment to its end; what it printed."""
    done = subprocess.run([sys.executable, *arguments], cwd=ROOT, env=variables, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@contextmanager
def running(database_url: str, folder: Path) -> Iterator[str]:
    """The address of a server, as long as the block lasts."""
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        port = tried.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    log = folder / "server.log"
    with log.open("w") as lines:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "runserver", "--noreload", "--skip-checks", f"127.0.0.1:{port}"],
            cwd=ROOT,
            env=environment(database_url, folder),
            stdout=lines,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_for(address, process, log)
            yield address
        finally:
            process.terminate()
            process.wait(timeout=20)


def _wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            urllib.request.urlopen(f"{address}/api/v1/languages/", timeout=5).close()
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"The server did not start: {log.read_text()}")
