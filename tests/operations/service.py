"""The API as a service of several processes with several threads each, on a database of its own.

`python -m tests.operations.service THREADS` is one of the processes: it serves on a free port, which it prints.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

ROOT = Path(__file__).parent.parent.parent
SEED = """
import json
from tests.api import factories, keys
document = factories.publish(slug="withdrawal")
texts = {limit: keys.issue(requests_per_minute=limit).text for limit in (100, 10**9)}
print(json.dumps(texts))
"""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a request was answered."""

    status: int
    headers: dict[str, str]


class Service:
    """Processes that serve one database, and keys with a limit of 100 and one without."""

    def __init__(self, environment: dict[str, str], *, processes: int, threads: int) -> None:
        self.environment = environment
        self.log = Path(environment["LOG"])
        made = (
            run(environment, "manage.py", "migrate", "--verbosity=0"),
            run(environment, "manage.py", "shell", "--verbosity=0", "-c", SEED),
        )
        self.keys = {int(limit): text for limit, text in json.loads(made[1]).items()}
        self._processes = [self._start(threads) for _ in range(processes)]
        self.ports = [int(str(process.stdout.readline())) for process in self._processes if process.stdout]

    def get(self, path: str, *, process: int, **headers: str) -> Answer:
        """Ask one of the processes, with headers `X_Forwarded_For="…"`."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection = HTTPConnection("127.0.0.1", self.ports[process], timeout=30)
        with closing(connection):
            connection.request("GET", f"/api/v1/{path}", headers=named)
            response = connection.getresponse()
            response.read()
            return Answer(status=response.status, headers=dict(response.headers))

    def end(self) -> None:
        for process in self._processes:
            process.kill()
            process.wait(10)
            if process.stdout:
                process.stdout.close()

    def _start(self, threads: int) -> "subprocess.Popen[str]":
        with self.log.open("a") as log:
            command = [sys.executable, "-m", "tests.operations.service", str(threads)]
            return subprocess.Popen(command, env=self.environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=log, text=True)


@contextmanager
def serving(directory: Path, *, processes: int = 1, threads: int = 8, **settings: str) -> Iterator[Service]:
    """A service for a while, on SQLite, or on the PostgreSQL server of the tests."""
    with _database(directory) as address:
        environment = {
            **os.environ,
            "DEBUG": "1",
            "DJANGO_SETTINGS_MODULE": "tests.settings_api_alone",
            "DATABASE_URL": address,
            "LOG": str(directory / "log"),
            **settings,
        }
        service = Service(environment, processes=processes, threads=threads)
        try:
            yield service
        finally:
            service.end()


@contextmanager
def _database(directory: Path) -> Iterator[str]:
    asked = os.environ.get("DATABASE_URL", "")
    if not asked.startswith("postgres"):
        yield f"sqlite:///{directory / 'service.sqlite3'}"
        return
    import psycopg

    parts, name = urlsplit(asked), f"mainstay_service_{os.getpid()}"
    with psycopg.connect(urlunsplit(parts._replace(path="/postgres")), autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {name}")
        try:
            yield urlunsplit(parts._replace(path=f"/{name}"))
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def run(environment: dict[str, str], *command: str) -> str:
    done = subprocess.run([sys.executable, *command], env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


class _Pool(WSGIServer):
    """Serves each request in one of a few threads."""

    request_queue_size = 128
    threads: ThreadPoolExecutor

    def process_request(self, request: Any, client_address: Any) -> None:
        self.threads.submit(self._serve, request, client_address)

    def _serve(self, request: Any, client_address: Any) -> None:
        with suppress(ConnectionError):
            self.finish_request(request, client_address)
        self.shutdown_request(request)


class _Handler(WSGIRequestHandler):
    def address_string(self) -> str:
        """For its log: the address is nobody's business."""
        return "-"

    def log_message(self, format: str, *args: Any) -> None:
        return


def main(threads: int) -> None:
    from django.core.wsgi import get_wsgi_application

    server = _Pool(("127.0.0.1", 0), _Handler)
    server.threads = ThreadPoolExecutor(threads)
    server.set_app(get_wsgi_application())
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]))
