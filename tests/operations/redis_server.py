"""A Redis of the tests' own: it can be frozen, flushed and ended without harm to any other."""

import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import redis


class Server:
    """A redis-server on a free port of this machine."""

    def __init__(self, directory: Path) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.client: redis.Redis = redis.Redis.from_url(self.url)
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", str(directory)]
        self._process = subprocess.Popen(["redis-server", *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self._wait()

    def freeze(self) -> None:
        """It keeps its connections, and answers nothing."""
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._process.send_signal(signal.SIGCONT)

    def end(self) -> None:
        """From now on connections are refused."""
        self.client.close()
        self.thaw()
        self._process.kill()
        self._process.wait(10)

    def _wait(self) -> None:
        for _ in range(100):
            try:
                self.client.ping()
                return
            except redis.ConnectionError:
                time.sleep(0.05)
        raise RuntimeError("redis-server did not start")


@contextmanager
def running(directory: Path) -> Iterator[Server]:
    """A server for a while. The test is skipped where redis-server is not installed, which CI counts as a failure."""
    if shutil.which("redis-server") is None:
        pytest.skip("redis-server is not installed.")
    server = Server(directory)
    try:
        yield server
    finally:
        server.end()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
