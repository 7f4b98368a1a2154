"""Running the service's own commands as processes, on a database and a port of their own."""

import os
import socket
import time
from collections.abc import Callable
from pathlib import Path


def environment(directory: Path, **more: str) -> dict[str, str]:
    """The environment of a command: this machine's, with its own SQLite database, and nothing that the tests were told."""
    left = {name: value for name, value in os.environ.items() if name not in ("BASE_URL", "HOST", "PORT", "SECRET_KEY", "ALLOWED_HOSTS")}
    return {**left, "DEBUG": "1", "DATABASE_URL": f"sqlite:///{directory / 'own.sqlite3'}", "PYTHONUNBUFFERED": "1", **more}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(condition: Callable[[], bool], *, seconds: float) -> None:
    """Until the condition holds; an AssertionError when it does not in time."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, f"not within {seconds} s"
        time.sleep(0.05)
