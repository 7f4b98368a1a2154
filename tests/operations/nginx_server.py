"""The shipped cache in front of a service of the tests' own."""

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.operations.redis_server import free_port

SHIPPED = Path(__file__).parent.parent.parent / "deploy" / "nginx.conf"
AROUND = """
daemon off;
{user}
pid {directory}/pid;
error_log {directory}/error.log;
worker_processes 1;
events {{ worker_connections 256; }}
http {{
    client_body_temp_path {directory}/body;
    proxy_temp_path {directory}/proxy;
    fastcgi_temp_path {directory}/fastcgi;
    uwsgi_temp_path {directory}/uwsgi;
    scgi_temp_path {directory}/scgi;
    access_log off;
    {served}
}}
"""


def shipped(directory: Path, *, upstream: int, port: int) -> str:
    """The shipped file with the addresses of a test: every other line is as shipped."""
    text = SHIPPED.read_text(encoding="utf-8")
    for pattern, replacement in (
        (r"/var/cache/nginx/mainstay", str(directory / "cache")),
        (r"server 127\.0\.0\.1:8000;", f"server 127.0.0.1:{upstream};"),
        (r"listen 8080;", f"listen 127.0.0.1:{port};"),
    ):
        text, count = re.subn(pattern, replacement, text)
        assert count == 1, pattern
    return text


def program() -> str | None:
    """Where nginx is; None when it is not installed."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")


def start(served: str, directory: Path, *, port: int) -> "subprocess.Popen[bytes]":
    """Nginx with what stands in its `http { }`; RuntimeError when it does not listen."""
    # As root it would write as another user, who may not enter a test's directory.
    user = "user root;" if os.geteuid() == 0 else ""
    file = directory / "nginx.conf"
    file.write_text(AROUND.format(directory=directory, served=served, user=user), encoding="utf-8")
    process = subprocess.Popen([program() or "nginx", "-p", str(directory), "-c", str(file)], stderr=subprocess.DEVNULL)
    _wait(port)
    return process


@contextmanager
def in_front_of(upstream: int, directory: Path) -> Iterator[int]:
    """The shipped cache for a while; its port. The test is skipped where nginx is not installed, which CI counts as a failure."""
    if program() is None:
        pytest.skip("nginx is not installed.")
    port = free_port()
    process = start(shipped(directory, upstream=upstream, port=port), directory, port=port)
    try:
        yield port
    finally:
        process.terminate()
        process.wait(10)


def _wait(port: int) -> None:
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError("nginx did not start")
