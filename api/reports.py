"""Reports of mistakes in texts: a partner files one, somebody on the editors' side answers it, and it is closed."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.dispatch import Signal
from django.utils import timezone

from api import canonical, sandbox
from api.callers import Caller
from api.models import Document, Harm, Kind, Report, State

__all__ = ["Harm", "Report", "answer", "file", "filed", "of", "open_count", "reopen", "version"]

filed = Signal()
"""Sent with each new `report`, after it was committed."""
MOST_CHARACTERS = 5000


def version(*, subject_id: UUID, language: str, number: int) -> Document | None:
    """One version of an article in one language, as readers had it; None of a tombstone, and of what never was."""
    rows = Document.objects.of(kind=Kind.ARTICLE, subject_id=subject_id).filter(language=language, version=number)
    return rows.filter(state=State.PUBLISHED).only("number", "subject_id", "language", "version", "title").first()


def file(*, caller: Caller, about: Document, what: str, severity: str) -> tuple[Report, bool]:
    """The report of a mistake, and whether it is a new one: the same words about the same version are the same mistake."""
    with transaction.atomic():
        report, is_new = Report.objects.get_or_create(
            partner_id=caller.partner_id,
            subject_id=about.subject_id,
            language=about.language,
            version=about.version,
            what_digest=canonical.digest(what),
            defaults={
                "key_id": caller.key_id,
                "title": about.title,
                "what": what,
                "severity": Harm(severity),
                "reported_at": timezone.now(),
            },
        )
        if is_new and about.subject_id in sandbox.IDS:
            answer(report, text="This article is in the sandbox: your report arrived, and nobody reads it.", by="sandbox")
        elif is_new:
            transaction.on_commit(lambda: _tell(report), robust=True)
    return report, is_new


def of(caller: Caller, subject_id: UUID) -> QuerySet[Report]:
    """What the caller's partner has reported of an article, the newest first."""
    return Report.objects.filter(partner_id=caller.partner_id, subject_id=subject_id).order_by("-reported_at", "-pk")


def answer(report: Report, *, text: str, by: str) -> None:
    """Close a report with an answer, which the partner reads; one that is closed keeps its moment, and gets the new words."""
    report.answer = text
    if report.closed_at is None:
        report.closed_at, report.closed_by = timezone.now(), by
    report.save(update_fields=["answer", "closed_at", "closed_by"])


def reopen(report: Report) -> None:
    """Open a report again."""
    report.closed_at, report.closed_by = None, ""
    report.save(update_fields=["closed_at", "closed_by"])


def open_count() -> int:
    """How many wait for an answer."""
    return Report.objects.filter(closed_at=None).count()


def _tell(report: Report) -> Any:
    filed.send(sender=Report, report=report)
