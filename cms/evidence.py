"""Reading the evidence: every decision about some subjects, in a handful of queries however many they are."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from cms.models import Approval, Closure, Release, SourceChange
from cms.serving import Decisions


def of_many(subject_ids: Iterable[UUID]) -> dict[UUID, Decisions]:
    """The decisions of each subject; a subject about which nothing was decided has empty ones."""
    wanted = list(dict.fromkeys(subject_ids))
    rows: dict[str, dict[UUID, list[Any]]] = {}
    sources: dict[str, Any] = {
        "releases": Release.objects,
        "approvals": Approval.objects,
        "changes": SourceChange.objects.select_related("release", "approval"),
        "closures": Closure.objects,
    }
    for name, manager in sources.items():
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
