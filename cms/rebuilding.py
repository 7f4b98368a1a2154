"""Every document against the decisions that it follows from: comparing, and rendering anew, in batches.

Each batch has its own transaction and holds the lock of numbers, so that decisions and documents are of one moment and
nobody waits long.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from uuid import UUID

from api import store
from cms import languages, publishing
from cms.resolving import Resolver

Subject = tuple[UUID, str]
Say = Callable[[str], None]


def rebuild(say: Say) -> None:
    """Store what should be stored. `say` gets a line of progress for each batch."""
    subjects = publishing.subjects_with_documents()
    done = 0
    for batch in _batches(subjects, publishing.BATCH):
        with store.writing():
            resolver = Resolver()
            for subject_id, kind in batch:
                publishing.publish(subject_id, kind, resolver=resolver)
        done += len(batch)
        say(f"{done} of {len(subjects)} subjects rendered")


def differences(subjects: Iterable[Subject], *, size: int = publishing.BATCH) -> Iterator[list[str]]:
    """For each batch of subjects, the documents that are not as they should be, each in a line. Nothing is written."""
    for batch in _batches(subjects, size):
        with store.writing():
            found = list(_differences(batch))
        yield found


def _differences(subjects: Iterable[Subject]) -> Iterator[str]:
    resolver = Resolver()
    for subject_id, kind in subjects:
        for language in languages.TAGS:
            if difference := publishing.difference(subject_id, kind, language, resolver):
                yield f"{kind} {subject_id} {language}: {difference}"


def _batches(subjects: Iterable[Subject], size: int) -> Iterator[list[Subject]]:
    remaining = iter(subjects)
    while batch := list(islice(remaining, size)):
        yield batch
