"""Every document against the decisions that it follows from: comparing, and rendering anew, in batches.

Each batch has its own transaction and holds the lock of numbers, so that decisions and documents are of one moment and
nobody waits long.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from uuid import UUID

from django.db import transaction

from api import store
from cms import languages, publishing
from cms.models import Difference
from cms.resolving import Resolver

Subject = tuple[UUID, str]
Say = Callable[[str], None]


def rebuild(say: Say) -> int:
    """Store what should be stored; how many subjects could not be. `say` gets a line of progress for each batch, and for each failure."""
    subjects = publishing.subjects_with_documents()
    done = failed = 0
    for batch in _batches(subjects, publishing.BATCH):
        with store.writing():
            resolver = Resolver()
            failed += sum(not _rebuild(subject, resolver, say) for subject in batch)
        done += len(batch)
        say(f"{done} of {len(subjects)} subjects rendered")
    return failed


def _rebuild(subject: Subject, resolver: Resolver, say: Say) -> bool:
    """Whether a subject could be rendered; one that cannot keeps its documents, and does not stop the others."""
    subject_id, kind = subject
    try:
        with transaction.atomic():
            publishing.publish(subject_id, kind, resolver=resolver)
            Difference.objects.filter(subject_id=subject_id).delete()
    except store.ContractViolation as violation:
        say(f"{kind} {subject_id} cannot be rendered: {violation}")
        return False
    return True


def differences(subjects: Iterable[Subject], *, size: int = publishing.BATCH) -> Iterator[list[str]]:
    """For each batch of subjects, the documents that are not as they should be, each in a line. Nothing is written."""
    for batch in _batches(subjects, size):
        with store.writing():
            found = _differences(batch)
        yield [str(row) for row in found]


def compare(subjects: Iterable[Subject], *, size: int = publishing.BATCH) -> Iterator[list[str]]:
    """The same, and what was found is on record in the place of what was found of these subjects before."""
    for batch in _batches(subjects, size):
        with store.writing():
            found = _differences(batch)
            Difference.objects.filter(subject_id__in=[subject_id for subject_id, _kind in batch]).delete()
            Difference.objects.bulk_create(found)
        yield [str(row) for row in found]


def _differences(subjects: Iterable[Subject]) -> list[Difference]:
    resolver = Resolver()
    return [
        Difference(subject_id=subject_id, subject_kind=kind, language=language, found=difference)
        for subject_id, kind in subjects
        for language in languages.TAGS
        if (difference := publishing.difference(subject_id, kind, language, resolver))
    ]


def _batches(subjects: Iterable[Subject], size: int) -> Iterator[list[Subject]]:
    remaining = iter(subjects)
    while batch := list(islice(remaining, size)):
        yield batch
