"""What readers saw of a text at a moment, and on whose word: the proof that the promise rests on.

Read from documents and decisions alone, so it can be given when the page is deleted and the people have left.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from api import store
from cms import behind, evidence, languages, publishing
from cms.models import Approval, Closure, Release, SourceChange
from cms.serving import Closed, Decisions, Served, Serving, State, serving


@dataclass(frozen=True, kw_only=True)
class Source:
    """The source that a text was checked against: who let it go, and who signed it off; None where nobody did, or it was never released."""

    digest: str
    release: Release | None
    approval: Approval | None


@dataclass(frozen=True, kw_only=True)
class Lacked:
    """A change of the source that the readers' text was without, and how grave it was called by then."""

    change: SourceChange
    severity: str


@dataclass(frozen=True, kw_only=True)
class Proof:
    """One language of a subject at a moment: the document, the decisions that it rested on, and what they said.

    `checks` are the approvals that it took, the first one first. `lacked` are the changes of the source since: carried over where
    they are minor.
    """

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
    checks: tuple[Approval, ...]
    source: Source | None
    lacked: tuple[Lacked, ...]
    source_change: SourceChange | None
    closed: Closed | None
    closure: Closure | None

    @property
    def approval(self) -> Approval | None:
        """The check with which the text had all that it took."""
        return self.checks[-1] if self.checks else None

    @property
    def carried_over(self) -> list[Lacked]:
        return [lacked for lacked in self.lacked if lacked.severity == "minor"]

    @property
    def missed(self) -> list[Lacked]:
        """Changes that the text should have had."""
        return [lacked for lacked in self.lacked if lacked.severity != "minor"]


def at(subject_id: UUID, kind: str, language: str, moment: datetime) -> Proof:
    """What readers got at a moment (inclusive), and by which decisions."""
    decisions = _until(evidence.of(subject_id), moment)
    found: Serving = serving(decisions, language)
    served = found if isinstance(found, Served) else None
    closed = found if isinstance(found, Closed) else None
    row = store.as_of(kind=publishing.DOCUMENT_KINDS[kind], subject_id=subject_id, language=language, moment=moment)
    grades = behind.grades(decisions)
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
        checks=_checks(served),
        source=_source(decisions, served, language),
        lacked=tuple(
            Lacked(change=change, severity=grades[change.pk])
            for change, until in behind.changes(decisions, language)
            if language != languages.SOURCE and until is None
        ),
        source_change=decisions.latest_change(),
        closed=closed,
        closure=_closure(decisions, closed, language),
    )


def _checks(served: Served | None) -> tuple[Approval, ...]:
    if served is None or served.approval is None:
        return ()
    first = served.approval.first_check
    return (first, served.approval) if first else (served.approval,)


def _source(decisions: Decisions, served: Served | None, language: str) -> Source | None:
    """For a translation the source that its checks saw, which may not be the one that is live; for the source the text itself."""
    if served is None:
        return None
    if language == languages.SOURCE or served.approval is None:
        return Source(digest=served.release.text_digest, release=served.release, approval=decisions.approval_of(served.release))
    digest = served.approval.source_digest
    releases = [row for row in decisions.releases if row.text_digest == digest]
    signed = [row for row in decisions.approvals if row.language == languages.SOURCE and row.text_digest == digest and not row.revoked_at]
    return Source(
        digest=digest,
        release=max(releases, key=lambda row: row.at, default=None),
        approval=max(signed, key=lambda row: row.at, default=None),
    )


def _closure(decisions: Decisions, closed: Closed | None, language: str) -> Closure | None:
    """Who took it away; None where it was no single person's decision, as after a safety change of the source."""
    if closed is None:
        return None
    rows = [row for row in decisions.closures if row.at == closed.since and row.language in ("", language)]
    return rows[0] if rows else None


def _until(decisions: Decisions, moment: datetime) -> Decisions:
    """The decisions as they stood: later ones left out, and later ends of earlier ones not yet there."""
    approvals = [row for row in decisions.approvals if row.at <= moment]
    closures = [row for row in decisions.closures if row.at <= moment]
    for approval in approvals:
        if approval.revoked_at and approval.revoked_at > moment:
            approval.revoked_at = None
        if approval.effective_at and approval.effective_at > moment:
            approval.effective_at = None
        if approval.confirmed_at and approval.confirmed_at > moment:
            approval.confirmed_at = None
    for closure in closures:
        if closure.lifted_at and closure.lifted_at > moment:
            closure.lifted_at = None
    return Decisions(
        releases=[row for row in decisions.releases if row.at <= moment],
        approvals=approvals,
        changes=[row for row in decisions.changes if row.at <= moment],
        closures=closures,
        reviews=[row for row in decisions.reviews if row.at <= moment],
    )
