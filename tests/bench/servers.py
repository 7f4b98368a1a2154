"""What is started for the benchmark, each on a free port of this machine, and ended with it: Redis, the service, what runs beside it."""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.operations import nginx_server
from tests.operations.redis_server import free_port

ROOT = Path(__file__).resolve().parents[2]
WORKERS, CONNECTIONS = 2, 8


@dataclass(frozen=True, kw_only=True)
class Measured:
    """One run of wrk. `processor_us` is what a request cost the server, its database, its Redis and wrk together."""

    per_second: float
    processor_us: float
    bytes_each: float
    p50_ms: float
    p95_ms: float
    p99_ms: float


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A request: its path, and its headers."""

    path: str
    headers: Mapping[str, str]

    def line(self) -> str:
        return "\t".join([self.path, *(f"{name}: {value}" for name, value in self.headers.items())])


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Loaded:
    """A server that is asked: `process` has its workers as children, `used` are names in the processes of its database and Redis."""

    port: int
    process: "subprocess.Popen[Any]"
    used: Sequence[str] = ()

    def get(self, asked: Asked) -> Answer:
        """One request, an answer of any status."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{asked.path}", headers=dict(asked.headers))
        try:
            with urllib.request.urlopen(request, timeout=300) as response:
                return Answer(status=response.status, headers=dict(response.headers), body=response.read())
        except urllib.error.HTTPError as refused:
            return Answer(status=refused.code, headers=dict(refused.headers), body=refused.read())

    def load(self, asked: list[Asked], *, seconds: float, connections: int = CONNECTIONS) -> Measured:
        """As many of the requests, in turn, as are answered."""
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as requests:
            requests.write("\n".join(request.line() for request in asked) + "\n")
            requests.flush()
            command = [
                "wrk",
                "-t1",
                f"-c{connections}",
                f"-d{seconds}s",
                "--timeout",
                "30s",
                "-s",
                str(Path(__file__).with_name("requests.lua")),
            ]
            environment = {**os.environ, "REQUESTS": requests.name, "SEED": str(time.monotonic_ns() % 100_000)}
            before = self._processor_seconds()
            done = subprocess.run([*command, f"http://127.0.0.1:{self.port}"], env=environment, capture_output=True, text=True, check=True)
        spent = self._processor_seconds() - before
        found = json.loads(done.stdout.strip().splitlines()[-1])
        if found["failed"]:
            raise RuntimeError(f"{found['failed']} of {found['requests']} requests failed, as {asked[0].path}")
        return Measured(
            per_second=found["requests"] / found["seconds"],
            processor_us=spent * 1e6 / max(found["requests"], 1),
            bytes_each=found["bytes"] / max(found["requests"], 1),
            **{name: found[name] for name in ("p50_ms", "p95_ms", "p99_ms")},
        )

    def memory_mb(self) -> float:
        """What the largest worker holds, in MB."""
        return max(_resident_kb(worker) for worker in self._workers()) / 1024

    def _workers(self) -> list[int]:
        return [int(worker) for worker in Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()]

    def _processor_seconds(self) -> float:
        """What the workers and the processes that they use have spent so far, and the load generators of this process."""
        children = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent = children.ru_utime + children.ru_stime + sum(map(_processor_seconds, self._workers()))
        for command in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                line = command.read_bytes().replace(b"\0", b" ").decode(errors="replace")
                if any(name in line for name in self.used) and line.startswith(("postgres:", "redis-server")):
                    spent += _processor_seconds(int(command.parent.name))
            except OSError:
                continue  # it has ended
        return spent

    def end(self) -> None:
        self.process.terminate()
        self.process.wait(30)


class Server(Loaded):
    """A WSGI application in granian: two workers, one thread each, HTTP/1.1."""

    def __init__(self, application: str, environment: Mapping[str, str], *, log: Path) -> None:
        database = urlsplit(environment.get("DATABASE_URL", "")).path.lstrip("/")
        redis = urlsplit(environment.get("REDIS_URL", "")).netloc
        # As PostgreSQL and Redis name their processes.
        self.used = [f" {database} "] * bool(database) + [f"redis-server {redis}"] * bool(redis)
        self.port = int(environment.get("PORT") or free_port())
        command = [str(Path(sys.executable).with_name("granian")), "--interface", "wsgi", "--http", "1", "--no-ws"]
        command += ["--workers", str(WORKERS), "--blocking-threads", "1", "--port", str(self.port), "--log-level", "warning", application]
        with log.open("w") as output:
            self.process = subprocess.Popen(command, env={**os.environ, **environment}, cwd=ROOT, stdout=output, stderr=output)
        self._wait(log)

    def _wait(self, log: Path) -> None:
        for _ in range(300):
            try:
                self.get(Asked(path="/", headers={}))
                return
            except OSError:
                if self.process.poll() is not None:
                    raise RuntimeError(f"The server did not start:\n{log.read_text()}") from None
                time.sleep(0.1)
        raise RuntimeError(f"The server did not answer within 30 seconds:\n{log.read_text()}")


class Nginx(Loaded):
    """Nginx with one worker, in a folder of its own."""

    def __init__(self, served: str, folder: Path, *, port: int) -> None:
        self.port = port
        self.process = nginx_server.start(served, folder, port=port)


@contextmanager
def serving(application: str, folder: Path, **environment: str) -> Iterator[Server]:
    """A server for a while."""
    server = Server(application, environment, log=folder / f"{application.partition(':')[0]}-{time.monotonic_ns()}.log")
    try:
        yield server
    finally:
        server.end()


def _processor_seconds(process: int) -> float:
    # After the name, which may hold anything, in its parentheses: the 14th and 15th field of proc(5).
    user, system = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def _resident_kb(process: int) -> int:
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))
