"""What readers saw of a text at a moment, and on whose word: the proof that the promise rests on.

Read from documents and decisions alone, so it can be given when the page is deleted and the people have left.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from api import store
from cms import evidence, publishing
from cms.models import Approval, SourceChange
from cms.serving import Decisions, Served, Serving, State, serving


@dataclass(frozen=True, kw_only=True)
class Proof:
    """One language of a subject at a moment: the document, the decisions that it rested on, and what they said."""

    subject_id: UUID
    language: str
    at: datetime
    state: State
    document: dict[str, Any] | None
    version: int | None
    number: int | None
    etag: str
    stored_at: datetime | None
    served: Served | None
    approval: Approval | None
    source_approval: Approval | None
    source_change: SourceChange | None


def at(subject_id: UUID, kind: str, language: str, moment: datetime) -> Proof:
    """What readers got at a moment (inclusive), and by which decisions."""
    decisions = _until(evidence.of(subject_id), moment)
    found: Serving = serving(decisions, language)
    served = found if isinstance(found, Served) else None
    row = store.as_of(kind=publishing.DOCUMENT_KINDS[kind], subject_id=subject_id, language=language, moment=moment)
    return Proof(
        subject_id=subject_id,
        language=language,
        at=moment,
        state=found.state,
        document=row.content() if row else None,
        version=row.version if row else None,
        number=row.number if row else None,
        etag=row.etag if row else "",
        stored_at=row.modified_at if row else None,
        served=served,
        approval=served.approval if served else None,
        source_approval=decisions.approval_of(served.release) if served else None,
        source_change=decisions.latest_change(),
    )


def _until(decisions: Decisions, moment: datetime) -> Decisions:
    """The decisions as they stood: later ones left out, and later ends of earlier ones not yet there."""
    approvals = [row for row in decisions.approvals if row.at <= moment]
    closures = [row for row in decisions.closures if row.at <= moment]
    for approval in approvals:
        if approval.revoked_at and approval.revoked_at > moment:
            approval.revoked_at = None
    for closure in closures:
        if closure.lifted_at and closure.lifted_at > moment:
            closure.lifted_at = None
    return Decisions(
        releases=[row for row in decisions.releases if row.at <= moment],
        approvals=approvals,
        changes=[row for row in decisions.changes if row.at <= moment],
        closures=closures,
    )
