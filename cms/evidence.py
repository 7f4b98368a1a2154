"""Reading the evidence: every decision about some subjects, in a handful of queries however many they are."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Max
from django.utils import timezone

from cms.models import Approval, Closure, Contribution, Release, Review, SourceChange, Submission
from cms.serving import Decisions

_TEXTS_OF_RELEASE = ("texts", "facts", "images", "links")
_TEXTS_OF_APPROVAL = ("texts", "source_texts", "overrides")


def of_many(subject_ids: Iterable[UUID]) -> dict[UUID, Decisions]:
    """The decisions of each subject; a subject about which nothing was decided has empty ones."""
    return _read(
        subject_ids,
        releases=Release.objects.all(),
        approvals=Approval.objects.all(),
        reviews=Review.objects.all(),
    )


def outlines_of(subject_ids: Iterable[UUID]) -> dict[UUID, Decisions]:
    """The same without the texts, which are most of the bytes: enough to fold a state, for many subjects at once."""
    return _read(
        subject_ids,
        releases=Release.objects.defer(*_TEXTS_OF_RELEASE),
        approvals=Approval.objects.defer(*_TEXTS_OF_APPROVAL),
    )


def _read(subject_ids: Iterable[UUID], **sources: Any) -> dict[UUID, Decisions]:
    wanted = list(dict.fromkeys(subject_ids))
    rows: dict[str, dict[UUID, list[Any]]] = {}
    for name, manager in (sources | {"changes": SourceChange.objects.all(), "closures": Closure.objects.all()}).items():
        found: dict[UUID, list[Any]] = defaultdict(list)
        for row in manager.filter(subject_id__in=wanted).order_by("pk"):
            found[row.subject_id].append(row)
        rows[name] = found
    _join(rows)
    return {subject_id: Decisions(**{name: found[subject_id] for name, found in rows.items()}) for subject_id in wanted}


def _join(rows: dict[str, dict[UUID, list[Any]]]) -> None:
    """Give each change and each approval the rows that it names: they are of the same subject, and so are read already."""
    read = {name: {row.pk: row for found in rows[name].values() for row in found} for name in ("releases", "approvals", "changes")}
    for change in read["changes"].values():
        change.release = read["releases"][change.release_id]
        change.approval = read["approvals"].get(change.approval_id)
        change.raises = read["changes"].get(change.raises_id)
    for approval in read["approvals"].values():
        approval.first_check = read["approvals"].get(approval.first_check_id)


def of(subject_id: UUID) -> Decisions:
    """The decisions of one subject."""
    return of_many([subject_id])[subject_id]


def latest_contributions() -> dict[tuple[UUID, str], str]:
    """(subject, language) → the digest of the text that somebody left there last."""
    newest = Contribution.objects.values("subject_id", "language").annotate(newest=Max("pk")).values("newest")
    rows = Contribution.objects.filter(pk__in=newest).values_list("subject_id", "language", "to_digest")
    return {(subject_id, language): digest for subject_id, language, digest in rows}


def latest_submissions() -> dict[tuple[UUID, str], Submission]:
    """(subject, language) → what was given for approval last."""
    newest = Submission.objects.values("subject_id", "language").annotate(newest=Max("pk")).values("newest")
    return {(row.subject_id, row.language): row for row in Submission.objects.filter(pk__in=newest)}


def next_moment(decisions: Decisions) -> datetime:
    """Now, or just after the last decision when a clock has stepped back: moments on one subject strictly increase."""
    last = decisions.last_at()
    now = timezone.now()
    return now if last is None or now > last else last + timedelta(microseconds=1)
