"""What has to happen without anybody asking: schedules, documents that are due, and looking for documents that differ.

Each job may be killed at any moment and run twice at once: what it does is decided under a lock, from what is recorded.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import suppress
from threading import Event

from django.db import close_old_connections
from django.utils import timezone

from cms import daily_mail, deadlines, housekeeping, lapsing, launching, publishing, rebuilding, scheduling

logger = logging.getLogger(__name__)

EVERY_SECONDS = 30.0
#: Subjects compared in one round: a whole library takes many, so that writers never wait long for the lock.
COMPARED_AT_ONCE = 25

Job = Callable[[], bool]


def run_once() -> bool:
    """Every job once, comparing all documents; whether all went well."""
    return _round(compare_all)


def run_until(stop: Event, *, every: float = EVERY_SECONDS) -> None:
    """A round of jobs every so many seconds, until `stop` is set; each compares a few documents more."""
    comparing = compare_in_turns()
    while not stop.is_set():
        _round(lambda: next(comparing))
        close_old_connections()
        stop.wait(every)


def publish_scheduled() -> bool:
    """Publish and expire what is due."""
    return scheduling.work_off().failed == 0


def launch_due() -> bool:
    """Put live what was approved for this moment. What stands in the way is told to whoever made the launch, and logged nowhere."""
    for due in launching.due():
        launching.launch(due, by=None)
    return True


def note_lapses() -> bool:
    """Say of texts whose review has fallen due that it has."""
    lapsing.work_off()
    return True


def hold_overdue() -> bool:
    """Hold what a safety change has not reached in time."""
    deadlines.work_off(timezone.now())
    return True


def render_due() -> bool:
    """Render what shows something that changed."""
    publishing.work_off()
    return True


def send_daily_mail() -> bool:
    """Write to everybody whose day has begun what waits for them, once a day."""
    daily_mail.work_off(timezone.now())
    return True


def compare_all() -> bool:
    """Whether every document is as it should be."""
    good = [_report(found) for found in rebuilding.compare(publishing.subjects_with_documents())]
    return all(good)


def compare_in_turns() -> Iterator[bool]:
    """Compare a few documents at each step, all of them in turn, for ever."""
    while True:
        yield True
        for found in rebuilding.compare(publishing.subjects_with_documents(), size=COMPARED_AT_ONCE):
            yield _report(found)


def _report(differences: list[str]) -> bool:
    for line in differences:
        logger.error("A document is not what its decisions say: %s. `manage.py rebuild_documents` puts it right.", line)
    return not differences


#: Every job but the comparing of documents, by the name under which it is on record.
JOBS: dict[str, Job] = {
    "publish-scheduled": publish_scheduled,
    "launch-due": launch_due,
    "hold-overdue": hold_overdue,
    "note-lapses": note_lapses,
    "render-due": render_due,
    "daily-mail": send_daily_mail,
}
COMPARE = "compare-documents"


def _round(compare: Job) -> bool:
    good = [_run(name, job) for name, job in {**JOBS, COMPARE: compare}.items()]
    return all(good)


def _run(name: str, job: Job) -> bool:
    """One job that fails must not keep the others, or the next round, from running; how it went is on record."""
    try:
        good = job()
        housekeeping.record(name, "" if good else "see the log")
    except Exception as failure:
        logger.exception("A job failed; it is tried again in the next round.")
        with suppress(Exception):  # the database may be what fails
            housekeeping.record(name, f"{type(failure).__name__}: {failure}")
        return False
    return good
