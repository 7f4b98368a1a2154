"""The jobs: what they do in a round, that one does not stop another, and that the loop ends when it is told to."""

import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from api.models import Document
from cms import jobs, publishing, scheduling
from cms.models import DueRendering
from tests.cms import factories
from tests.operations.processes import environment, wait_for


@pytest.fixture
def article(db: None) -> Any:
    return factories.go_live(factories.article(factories.shelf(targets=())))


def test_round_renders_what_is_due(article: Any) -> None:
    DueRendering.objects.create(subject_id=article.public_id, subject_kind="article")
    call_command("run_jobs", "--once")
    assert not DueRendering.objects.exists()


def test_round_expires_what_is_due(article: Any) -> None:
    type(article).objects.filter(pk=article.pk).update(expire_at=timezone.now() - timedelta(minutes=1))
    call_command("run_jobs", "--once")
    assert factories.stored(article, "en").state == "gone"


def test_difference_is_reported_and_fails_a_single_round(article: Any, caplog: pytest.LogCaptureFixture) -> None:
    Document.objects.filter(pk=factories.stored(article, "en").pk).delete()
    with pytest.raises(CommandError, match="documents differ"):
        call_command("run_jobs", "--once")
    assert f"article {article.public_id} en: should be published, and is missing" in caplog.text


def test_failing_job_does_not_stop_the_next(article: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    DueRendering.objects.create(subject_id=article.public_id, subject_kind="article")
    monkeypatch.setattr(scheduling, "due", lambda: 1 / 0)
    with pytest.raises(CommandError):
        call_command("run_jobs", "--once")
    assert not DueRendering.objects.exists()
    assert caplog.text.count("ZeroDivisionError") == 1


def test_comparing_in_turns_comes_to_every_document_again_and_again(article: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[int] = []
    monkeypatch.setattr(jobs, "COMPARED_AT_ONCE", 2)
    monkeypatch.setattr(jobs, "_report", lambda found: not compared.append(len(found)))
    monkeypatch.setattr(publishing, "difference", lambda *address: "x")
    turns = jobs.compare_in_turns()
    for _ in range(6):
        next(turns)
    per_subject = 8
    assert compared == [2 * per_subject, per_subject, 2 * per_subject, per_subject]


def test_empty_library_can_be_compared_too(db: None) -> None:
    turns = jobs.compare_in_turns()
    assert [next(turns) for _ in range(3)] == [True, True, True]


def test_loop_goes_round_until_it_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    stop, rounds = Event(), []
    monkeypatch.setattr(jobs, "_round", lambda compare: rounds.append(1) or True)
    loop = Thread(target=jobs.run_until, args=[stop], kwargs={"every": 0.01}, daemon=True)
    loop.start()
    wait_for(lambda: len(rounds) > 2, seconds=10)
    stop.set()
    loop.join(timeout=10)
    assert not loop.is_alive()


def test_command_ends_quietly_when_it_is_told_to(tmp_path: Path) -> None:
    env = environment(tmp_path)
    subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity=0"], env=env, check=True, timeout=240)
    for number in (signal.SIGTERM, signal.SIGINT):
        process = subprocess.Popen([sys.executable, "manage.py", "run_jobs"], env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        try:
            wait_for(lambda: _handles_sigterm(process.pid), seconds=60)  # noqa: B023 - called within this turn
            process.send_signal(number)
            output, _nothing = process.communicate(timeout=60)
        finally:
            process.kill()
        assert (process.returncode, output) == (0, b"")


def _handles_sigterm(pid: int) -> bool:
    """Whether a process has set its handler (SigCgt of proc(5)); without /proc, after some seconds."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        time.sleep(5)
        return True
    caught = next(line.split()[1] for line in status.read_text().splitlines() if line.startswith("SigCgt"))
    return bool(int(caught, 16) >> (signal.SIGTERM - 1) & 1)
