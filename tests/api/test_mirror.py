"""The mirror that partners are given, as they run it: a process, against a service over HTTP, killed wherever it can be."""

import fcntl
import itertools
import json
import os
import random
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from api import remembered
from api.models import Document
from tests.api import factories, keys
from tests.conftest import FULL

pytestmark = pytest.mark.django_db(transaction=True)
SCRIPT = Path(__file__).parent.parent.parent / "docs" / "examples" / "mirror.py"
AWAY = b"HTTP/1.1 503 Away\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n"
#: Runs the script, and kills it as it is about to do what the count says to a file of its folder.
KILLED = """
import os, runpy, signal, sys
script, left, *sys.argv[1:] = sys.argv[1:]
left = int(left)
def count(event, details):
    global left
    if event in ("os.rename", "os.remove") or (event == "open" and details[1] in ("w", "a")):
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(count)
runpy.run_path(script, run_name="__main__")
"""


@pytest.fixture
def base(live_server: Any, settings: Any) -> str:
    settings.BASE_URL = live_server.url
    return f"{live_server.url}/api/v1/"


def run(*arguments: Any, kill_at: int = 0, **environment: str) -> "subprocess.CompletedProcess[str]":
    command = ["-c", KILLED, str(SCRIPT), str(kill_at)] if kill_at else [str(SCRIPT)]
    return subprocess.run(
        [sys.executable, *command, *map(str, arguments)],
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def mirror(base: str, folder: Path, *more: str, **environment: str) -> str:
    done = run(base, folder, *more, **environment)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def kept(folder: Path) -> dict[str, Any]:
    return {file.relative_to(folder).as_posix(): json.loads(file.read_text()) for file in folder.glob("*/*/*.json")}


def published(**narrowed: Any) -> dict[str, Any]:
    rows = Document.objects.published().filter(**narrowed)
    return {f"{row.language}/{row.kind}/{row.subject_id}.json": json.loads(row.body) for row in rows}


def state(folder: Path) -> dict[str, str]:
    found: dict[str, str] = json.loads((folder / "state.json").read_text())
    return found


def fill() -> list[Document]:
    """Articles in two languages, a term, a contact."""
    english = [factories.publish(title=f"Article {number}") for number in range(3)]
    return [
        *english,
        factories.publish(english[0].subject_id, "ar"),
        factories.publish(kind="term"),
        factories.publish(kind="help_contact"),
    ]


def change(documents: list[Document]) -> None:
    """One is changed, one new, one held, one gone, one recalled."""
    factories.publish(documents[0].subject_id, title="Newer")
    factories.publish()
    for document, closure in zip(documents[1:4], ("held", "gone", "recalled"), strict=True):
        factories.close(document, closure)


def restore() -> None:
    """The service as an old backup had it, and then used: the newest rows are others than a reader has seen."""
    newest = Document.objects.order_by("-number")[:2]
    Document.objects.filter(number__in=[row.number for row in newest]).delete()
    factories.publish(title="After the restore")


def test_folder_keeps_in_step(base: str, tmp_path: Path) -> None:
    documents = fill()
    mirror(base, tmp_path)
    assert kept(tmp_path) == published()
    assert len(published()) == 6
    change(documents)
    lines = mirror(base, tmp_path)
    assert kept(tmp_path) == published()
    assert [line.split()[0] for line in lines.splitlines()] == ["published", "published", "held", "gone", "recalled"]
    factories.publish(documents[1].subject_id, title="Back again")
    mirror(base, tmp_path, "--query", "")
    assert kept(tmp_path) == published()


def test_nothing_is_sent_when_nothing_has_changed(base: str, tmp_path: Path) -> None:
    fill()
    key = keys.issue(requests_per_minute=4).text
    for _ in range(10):  # 304 with a key costs nothing: more looks than its limit allows
        mirror(base, tmp_path, MAINSTAY_KEY=key)
    assert kept(tmp_path) == published()
    assert state(tmp_path)["etag"]


def test_after_a_restore_what_the_service_lacks_is_deleted(base: str, tmp_path: Path) -> None:
    fill()
    mirror(base, tmp_path)
    restore()
    lines = mirror(base, tmp_path)
    assert "The copy starts again" in lines
    assert "deleted" in lines
    assert kept(tmp_path) == published()
    assert not list(tmp_path.glob("seen-*"))


def test_cursor_that_cannot_be_read_starts_the_copy_again(base: str, tmp_path: Path) -> None:
    fill()
    mirror(base, tmp_path)
    (tmp_path / "state.json").write_text(json.dumps({**state(tmp_path), "next": f"{base}changes/?include=document&after=x", "etag": ""}))
    Document.objects.filter(kind="term").delete()
    remembered.forget()  # no row is ever deleted that is not the newest
    mirror(base, tmp_path)
    assert kept(tmp_path) == published()


def test_another_filter_is_another_copy(base: str, tmp_path: Path) -> None:
    fill()
    mirror(base, tmp_path)
    mirror(base, tmp_path, "--query", "lang=ar&kind=article")
    assert list(kept(tmp_path)) == list(published(language="ar", kind="article"))


@pytest.mark.parametrize("moment", ["first copy", "changes", "restore"])
def test_killed_anywhere_the_next_run_ends_in_step(base: str, tmp_path: Path, moment: str) -> None:
    before = tmp_path / "before"
    before.mkdir()
    documents = fill()[:4] if moment != "first copy" else [factories.publish(), factories.publish()]
    if moment != "first copy":
        mirror(base, before)
        change(documents) if moment == "changes" else restore()
    kills = 0
    # Everyday, one step in five: other ones each time.
    for step in itertools.count(1, 1) if FULL else itertools.count(random.randint(1, 5), 5):  # noqa: S311
        folder = tmp_path / str(step)
        shutil.copytree(before, folder)
        done = run(base, folder, "--query", "limit=2", kill_at=step)
        if done.returncode == 0:
            break
        assert done.returncode == -9, done.stderr
        kills += 1
        mirror(base, folder, "--query", "limit=2")
        assert kept(folder) == published(), f"killed at step {step}"
    assert kills >= (15 if FULL else 3)


def test_two_at_once_do_not_get_in_each_others_way(base: str, tmp_path: Path) -> None:
    with (tmp_path / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = run(base, tmp_path)
    assert (done.returncode, done.stderr) == (1, "Another run is at work in this folder.\n")


def test_refusals_are_said_in_words(base: str, tmp_path: Path) -> None:
    refused = {
        "unknown-parameter": run(base, tmp_path, "--query", "langs=es"),
        "not-authenticated": run(base, tmp_path, MAINSTAY_KEY="mnst_live_wrong"),
        "not-found": run(base.replace("/api/v1/", "/v1/"), tmp_path),
        "no key is sent": run(base.replace("localhost", "127.0.0.1"), tmp_path),
    }
    for words, done in refused.items():
        assert (done.returncode, "Traceback" in done.stderr) == (1, False), done.stderr
        assert words in done.stderr
    assert not kept(tmp_path)


def test_cut_answers_and_refusals_are_asked_for_again(base: str, tmp_path: Path, settings: Any) -> None:
    fill()
    service = base.split("/")[2]
    answers = [b"HTTP/1.1 200 OK\r\nContent-Le", AWAY]
    with front(service, answers) as address:
        settings.BASE_URL = f"http://{address}"
        mirror(f"http://{address}/api/v1/", tmp_path)
        assert not answers
    assert kept(tmp_path) == published()


@contextmanager
def front(service: str, answers: list[bytes]) -> Iterator[str]:
    """The address of a front that gives these answers to the first connections, and passes the others on."""
    host, port = service.split(":")
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    asked = connection.recv(65536)
                    if answers:
                        connection.sendall(answers.pop(0))
                        continue
                    with socket.create_connection((host, int(port))) as behind:
                        behind.sendall(asked)
                        while part := behind.recv(65536):
                            connection.sendall(part)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield "{}:{}".format(*listener.getsockname())
        listener.shutdown(socket.SHUT_RDWR)
    thread.join(5)
