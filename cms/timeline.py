"""Everything that was decided about a subject, in one line of time, whether its page and its people still exist or not."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms import languages
from cms.models import Approval, Closure, Contribution, NoticePosting, Release, SourceChange, Submission


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One act: when, what in words, in which language ("" for all), by whom in which role, and what they said."""

    at: datetime
    what: str | Promise
    language: str
    by_name: str
    by_role: str = ""
    said: str = ""

    @property
    def language_name(self) -> str:
        return languages.own_name(self.language) if self.language else _("All languages")


def of(subject_id: UUID, language: str = "") -> list[Entry]:
    """The acts of a subject, the latest first; of one language with those that concern all, when a language is given."""
    entries = [entry for entry in _all(subject_id) if not language or entry.language in ("", language)]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def _all(subject_id: UUID) -> Iterator[Entry]:
    yield from (_by(row, _("Changed the text"), row.language) for row in Contribution.objects.filter(subject_id=subject_id))
    yield from (_by(row, _("Published the source"), languages.SOURCE, row.note) for row in Release.objects.filter(subject_id=subject_id))
    for change in SourceChange.objects.filter(subject_id=subject_id):
        yield _by(change, _CHANGES[change.severity] if change.from_digest else _("The source went live"), languages.SOURCE, change.note)
    for submission in Submission.objects.filter(subject_id=subject_id):
        yield _by(submission, _("Submitted the translation"), submission.language, submission.note)
        if submission.returned_at:
            yield Entry(
                at=submission.returned_at,
                what=_("Returned the translation"),
                language=submission.language,
                by_name=submission.returned_by_name,
                said=submission.return_reason,
            )
    for approval in Approval.objects.filter(subject_id=subject_id):
        yield _by(approval, _("Approved"), approval.language)
        if approval.revoked_at:
            yield Entry(
                at=approval.revoked_at,
                what=_("Revoked the approval"),
                language=approval.language,
                by_name=approval.revoked_by_name,
                said=approval.revoke_reason,
            )
    for closure in Closure.objects.filter(subject_id=subject_id):
        yield _by(closure, closure.get_state_display(), closure.language, closure.reason)
        if closure.lifted_at:
            yield Entry(
                at=closure.lifted_at,
                what=_("Brought back"),
                language=closure.language,
                by_name=closure.lifted_by_name,
                said=closure.lift_reason,
            )
    for posting in NoticePosting.objects.filter(subject_id=subject_id):
        yield _by(posting, _("Put a notice above the text"), "", posting.reason)
        if posting.lifted_at:
            yield Entry(at=posting.lifted_at, what=_("Took the notice off"), language="", by_name=posting.lifted_by_name)


_CHANGES: dict[str, Promise] = {
    "minor": gettext_lazy("The source went live with a minor change"),
    "substantive": gettext_lazy("The source went live with a substantive change"),
    "safety": gettext_lazy("The source went live with a safety change"),
}


def _by(row: Any, what: str | Promise, language: str, said: str = "") -> Entry:
    return Entry(at=row.at, what=what, language=language, by_name=row.by_name, by_role=row.by_role, said=said)
