"""Reading the evidence: every decision about some subjects, in a handful of queries however many they are."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from cms.models import Approval, Closure, Release, SourceChange
from cms.serving import Decisions

_TEXTS_OF_RELEASE = ("texts", "facts", "images", "links")
_TEXTS_OF_APPROVAL = ("texts", "source_texts")


def of_many(subject_ids: Iterable[UUID]) -> dict[UUID, Decisions]:
    """The decisions of each subject; a subject about which nothing was decided has empty ones."""
    return _read(
        subject_ids,
        releases=Release.objects.all(),
        approvals=Approval.objects.all(),
        changes=SourceChange.objects.select_related("release", "approval"),
    )


def outlines_of(subject_ids: Iterable[UUID]) -> dict[UUID, Decisions]:
    """The same without the texts, which are most of the bytes: enough to fold a state, for many subjects at once."""
    behind = [f"release__{name}" for name in _TEXTS_OF_RELEASE] + [f"approval__{name}" for name in _TEXTS_OF_APPROVAL]
    return _read(
        subject_ids,
        releases=Release.objects.defer(*_TEXTS_OF_RELEASE),
        approvals=Approval.objects.defer(*_TEXTS_OF_APPROVAL),
        changes=SourceChange.objects.select_related("release", "approval").defer(*behind),
    )


def _read(subject_ids: Iterable[UUID], **sources: Any) -> dict[UUID, Decisions]:
    wanted = list(dict.fromkeys(subject_ids))
    rows: dict[str, dict[UUID, list[Any]]] = {}
    for name, manager in (sources | {"closures": Closure.objects.all()}).items():
        found: dict[UUID, list[Any]] = defaultdict(list)
        for row in manager.filter(subject_id__in=wanted).order_by("pk"):
            found[row.subject_id].append(row)
        rows[name] = found
    return {subject_id: Decisions(**{name: found[subject_id] for name, found in rows.items()}) for subject_id in wanted}


def of(subject_id: UUID) -> Decisions:
    """The decisions of one subject."""
    return of_many([subject_id])[subject_id]


def next_moment(decisions: Decisions) -> datetime:
    """Now, or just after the last decision when a clock has stepped back: moments on one subject strictly increase."""
    last = decisions.last_at()
    now = timezone.now()
    return now if last is None or now > last else last + timedelta(microseconds=1)
