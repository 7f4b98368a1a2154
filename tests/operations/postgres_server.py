"""A PostgreSQL of the tests' own: it can be crashed without harm to any other."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.operations.processes import free_port

_DEBIAN = "/usr/lib/postgresql"
_NAME = "mainstay"


class Server:
    """A cluster in a directory, on a free port of this machine, with an empty database. It writes to disk as it does in service."""

    def __init__(self, directory: Path) -> None:
        self.port = free_port()
        self.address = {"HOST": "127.0.0.1", "PORT": str(self.port), "USER": "postgres", "PASSWORD": "", "NAME": _NAME}
        self.url = f"postgres://postgres@127.0.0.1:{self.port}/{_NAME}"
        self._data = directory / "data"
        self._options = f"-c port={self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=200"
        self._run("initdb", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8")
        self._start()
        subprocess.run([_program("createdb"), "--host=127.0.0.1", f"--port={self.port}", "--username=postgres", _NAME], check=True)

    def crash(self) -> None:
        """Every process ends at once and starts again: what was committed is read from the log of writes."""
        self.end()
        self._start()

    def end(self) -> None:
        self._run("pg_ctl", "stop", "--mode=immediate", "--wait")

    def _start(self) -> None:
        self._run("pg_ctl", "start", "--wait", f"--log={self._data.parent / 'log'}", f"--options={self._options}")

    def _run(self, program: str, *options: str) -> None:
        # PostgreSQL refuses to run as root.
        person = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        command = [*person, _program(program), *options[:1], f"--pgdata={self._data}", *options[1:]]
        subprocess.run(command, cwd="/", stdout=subprocess.DEVNULL, check=True)


@contextmanager
def running() -> Iterator[Server]:
    """A server for a while."""
    directory = Path(tempfile.mkdtemp(prefix="mainstay-postgres-"))
    if os.geteuid() == 0:
        shutil.chown(directory, "postgres")
    try:
        server = Server(directory)
        try:
            yield server
        finally:
            server.end()
    finally:
        shutil.rmtree(directory)


def _program(name: str) -> str:
    """Debian keeps the server's programs out of the path."""
    versions = sorted(Path(_DEBIAN).glob(f"*/bin/{name}"), key=lambda path: float(path.parts[-3]))
    found = shutil.which(name, path=os.pathsep.join([*(str(path.parent) for path in reversed(versions)), os.environ["PATH"]]))
    assert found, f"{name} is not installed."
    return found
