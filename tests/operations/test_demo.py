"""The demo as a process: it serves, stops when it is told to, starts fast again, and refuses where it could do harm."""

import json
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model

from cms import demo, roles
from tests.operations.processes import environment, free_port, wait_for

pytestmark = pytest.mark.one_database

FAST = 5.0


@pytest.fixture
def fast_passwords(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


class Running:
    """A demo that was started; `say()` is what it has printed."""

    def __init__(self, directory: Path, port: int) -> None:
        self.port, self._log = port, directory / f"demo-{time.monotonic_ns()}.log"
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "demo"],
                env=environment(directory, PORT=str(port)),
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def said(self) -> str:
        return self._log.read_text(encoding="utf-8")

    def is_serving(self) -> bool:
        assert self.process.poll() is None, self.said()
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def get(self, path: str) -> Any:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=20) as answer:
            return json.load(answer)

    def stop(self, number: int) -> int:
        self.process.send_signal(number)
        return self.process.wait(timeout=20)


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def first(directory: Path) -> Iterator[Running]:
    """The first start, which loads the library."""
    running = Running(directory, free_port())
    try:
        wait_for(running.is_serving, seconds=240)
        yield running
    finally:
        running.process.kill()
        running.process.wait(timeout=10)


def test_demo_serves_stops_and_starts_fast_again(first: Running, directory: Path) -> None:
    _serves_the_library(first)
    _says_where_to_go(first)
    assert first.stop(signal.SIGTERM) == 0
    _left_nothing(first)

    began = time.monotonic()
    again = Running(directory, first.port)
    try:
        wait_for(again.is_serving, seconds=60)
        took = time.monotonic() - began
        _serves_the_library(again)
        assert "Loading" not in again.said()
        assert "rendering" not in again.said()
        assert again.stop(signal.SIGINT) == 0
    finally:
        again.process.kill()
    _left_nothing(again)
    assert took < FAST * 3, "slow even for a machine that runs other tests"

    _renders_for_another_port(directory)


def _serves_the_library(running: Running) -> None:
    found = running.get("/api/v1/articles/?limit=100")
    assert len(found["results"]) >= 8
    assert all(row["sample"] for row in found["results"])


def _says_where_to_go(running: Running) -> None:
    wait_for(lambda: "Ctrl-C" in running.said(), seconds=10)
    said = running.said()
    for path in ("/", "/admin/", "/api/v1/", "/api/v1/docs/"):
        assert re.search(rf"http://127\.0\.0\.1:{running.port}{path}\s", said)
    for account in demo.ACCOUNTS:
        assert re.search(rf"^ +{account.username} ", said, re.MULTILINE)
    assert demo.PASSWORD in said


def _left_nothing(running: Running) -> None:
    assert "Traceback" not in running.said()
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", running.port)) != 0
    members = subprocess.run(["ps", "-o", "pid=", "-g", str(running.process.pid)], capture_output=True, text=True, check=False)
    assert members.stdout.strip() == ""


def _renders_for_another_port(directory: Path) -> None:
    """Documents carry absolute addresses, which follow the port."""
    elsewhere = Running(directory, free_port())
    try:
        wait_for(elsewhere.is_serving, seconds=120)
        article = elsewhere.get("/api/v1/articles/heroin-withdrawal/")
        assert f"127.0.0.1:{elsewhere.port}/" in json.dumps(article)
        assert "anew" in elsewhere.said()
        assert elsewhere.stop(signal.SIGTERM) == 0
    finally:
        elsewhere.process.kill()


@pytest.mark.parametrize(
    ("env", "said"),
    [
        ({"HOST": "0.0.0.0"}, "listens on this machine only: HOST is 0.0.0.0"),  # noqa: S104 - refused
        ({"HOST": "content.example.org"}, "listens on this machine only"),
        ({"PORT": "many"}, "PORT is many"),
        ({"PORT": "70000"}, "PORT is 70000"),
        ({"DEBUG": "0", "SECRET_KEY": "x" * 60, "ALLOWED_HOSTS": "127.0.0.1"}, "DEBUG=1 only"),
    ],
)
def test_demo_refuses_in_a_sentence(tmp_path: Path, env: dict[str, str], said: str) -> None:
    refused(tmp_path, env, said)


def test_demo_refuses_a_port_that_is_in_use(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        refused(tmp_path, {"PORT": str(port)}, f"Port {port} on 127.0.0.1 is in use")


def refused(directory: Path, env: dict[str, str], said: str) -> None:
    outcome = subprocess.run(
        [sys.executable, "manage.py", "demo"], env=environment(directory, **env), capture_output=True, text=True, timeout=60, check=False
    )
    assert outcome.returncode == 1
    assert said in outcome.stderr
    assert "Traceback" not in outcome.stderr
    assert not (directory / "own.sqlite3").exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("fast_passwords")
def test_every_role_has_an_account_and_only_one_is_superuser() -> None:
    demo.make_accounts()
    users = {user.username: user for user in get_user_model().objects.all()}
    assert {group.name for user in users.values() for group in user.groups.all()} == set(roles.ROLES)
    assert [name for name, user in users.items() if user.is_superuser] == ["admin"]
    assert all(user.check_password(demo.PASSWORD) and user.get_full_name() for user in users.values())


@pytest.mark.django_db
@pytest.mark.usefixtures("fast_passwords")
def test_account_that_somebody_changed_stays_as_it_is() -> None:
    demo.make_accounts()
    get_user_model().objects.filter(username="editor").update(first_name="Edith")
    demo.make_accounts()
    assert get_user_model().objects.get(username="editor").first_name == "Edith"


@pytest.mark.parametrize(("host", "loopback"), [
    ("127.0.0.1", True), ("127.8.9.1", True), ("::1", True), ("localhost", True),
    ("0.0.0.0", False), ("::", False), ("10.0.0.1", False), ("example.org", False), ("", False), ("127.0.0.1.example.org", False),  # noqa: S104 - refused
])  # fmt: skip
def test_only_this_machine_is_loopback(host: str, loopback: bool) -> None:
    assert demo.is_loopback(host) is loopback
