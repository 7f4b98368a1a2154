"""What has to happen without anybody asking: schedules, documents that are due, and looking for documents that differ.

Each job may be killed at any moment and run twice at once: what it does is decided under a lock, from what is recorded.
"""

import logging
from collections.abc import Callable, Iterator
from threading import Event

from django.db import close_old_connections

from cms import publishing, rebuilding, scheduling

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


def render_due() -> bool:
    """Render what shows something that changed."""
    publishing.work_off()
    return True


def compare_all() -> bool:
    """Whether every document is as it should be."""
    good = [_report(found) for found in rebuilding.differences(publishing.subjects_with_documents())]
    return all(good)


def compare_in_turns() -> Iterator[bool]:
    """Compare a few documents at each step, all of them in turn, for ever."""
    while True:
        yield True
        for found in rebuilding.differences(publishing.subjects_with_documents(), size=COMPARED_AT_ONCE):
            yield _report(found)


def _report(differences: list[str]) -> bool:
    for line in differences:
        logger.error("A document is not what its decisions say: %s. `manage.py rebuild_documents` puts it right.", line)
    return not differences


def _round(compare: Job) -> bool:
    good = [_run(job) for job in (publish_scheduled, render_due, compare)]
    return all(good)


def _run(job: Job) -> bool:
    """One job that fails must not keep the others, or the next round, from running."""
    try:
        return job()
    except Exception:
        logger.exception("A job failed; it is tried again in the next round.")
        return False
