"""Everything that was decided about a subject, in one line of time, whether its page and its people still exist or not."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms import languages
from cms.models import (
    Approval,
    Closure,
    Comment,
    Confirmation,
    Contribution,
    LaunchItem,
    NoticePosting,
    Origin,
    Override,
    Release,
    Review,
    SourceChange,
    Submission,
)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One act: when, what in words, in which language ("" for all), by whom in which role, and what they said.

    `key` is the passage that it is about. `change` is the change of the source that it records, which somebody may call graver;
    `approval` what waits to be confirmed.
    """

    at: datetime
    what: str | Promise
    language: str
    by_name: str
    by_role: str = ""
    said: str = ""
    key: str = ""
    change: SourceChange | None = None
    approval: Approval | None = None

    @property
    def language_name(self) -> str:
        return languages.own_name(self.language) if self.language else _("All languages")


def of(subject_id: UUID, language: str = "") -> list[Entry]:
    """The acts of a subject, the latest first; of one language with those that concern all, when a language is given."""
    entries = [entry for entry in _all(subject_id) if not language or entry.language in ("", language)]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def _all(subject_id: UUID) -> Iterator[Entry]:
    for source in (_writing, _saying, _source, _approving, _launching, _closing):
        yield from source(subject_id)


def _writing(subject_id: UUID) -> Iterator[Entry]:
    for written in Contribution.objects.filter(subject_id=subject_id):
        yield _by(written, _written(written), written.language)
    for row in Confirmation.objects.filter(subject_id=subject_id):
        yield _by(row, _("Confirmed a passage: %(what)s") % {"what": row.get_of_display()}, row.language, key=row.key)
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


def _written(row: Contribution) -> str | Promise:
    if row.restored_from:
        return _("Brought back the version of %(at)s") % {"at": date_format(timezone.localtime(row.restored_from), "SHORT_DATETIME_FORMAT")}
    return _("A machine's text came in") if row.origin == Origin.MACHINE else _("Changed the text")


def _saying(subject_id: UUID) -> Iterator[Entry]:
    """Remarks on a translation, and questions about the source, which are of no language and stand in each."""
    for row in Comment.objects.filter(subject_id=subject_id).prefetch_related("turns"):
        yield _by(row, _SAID[bool(row.language), row.parent_id is None], row.language, row.text, key=row.key)
        for turn in row.turns.all():
            yield _by(turn, _TURNED[bool(row.language), turn.is_resolved], row.language, row.text, key=row.key)


def _source(subject_id: UUID) -> Iterator[Entry]:
    yield from (_by(row, _("Published the source"), languages.SOURCE, row.note) for row in Release.objects.filter(subject_id=subject_id))
    for change in SourceChange.objects.filter(subject_id=subject_id):
        if change.raises_id:
            yield _by(change, _RAISED[change.severity], "", change.note)
        else:
            what = _CHANGES[change.severity] if change.from_digest else _("The source went live")
            yield _by(change, what, languages.SOURCE, change.note, change=change)
    for row in Review.objects.filter(subject_id=subject_id):
        yield _by(row, _("Reviewed, no change"), languages.SOURCE)


def _approving(subject_id: UUID) -> Iterator[Entry]:
    for row in Override.objects.filter(subject_id=subject_id):
        yield _by(row, _("Asked to let pass what the checks found"), row.language, row.reason)
    approvals = list(Approval.objects.filter(subject_id=subject_id))
    first_ids = {approval.first_check_id for approval in approvals}
    for approval in approvals:
        said = approval.break_glass_reason or approval.note
        waits = approval if approval.break_glass_reason and not approval.confirmed_at and not approval.revoked_at else None
        yield _by(approval, _approved(approval, first_ids), approval.language, said, approval=waits)
        for passed in approval.overrides:
            yield _by(
                approval, _("Let pass with this approval: %(what)s") % {"what": passed["message"]}, approval.language, passed["reason"]
            )
        if approval.effective_at and approval.effective_at > approval.at:
            yield Entry(at=approval.effective_at, what=_("Put live"), language=approval.language, by_name="")
        if approval.confirmed_at:
            yield Entry(
                at=approval.confirmed_at,
                what=_("Confirmed what was approved alone"),
                language=approval.language,
                by_name=approval.confirmed_by_name,
            )
        if approval.revoked_at:
            yield Entry(
                at=approval.revoked_at,
                what=_("Revoked the approval"),
                language=approval.language,
                by_name=approval.revoked_by_name,
                said=approval.revoke_reason,
            )


def _approved(approval: Approval, first_ids: set[int | None]) -> str | Promise:
    if approval.break_glass_reason:
        return _("Approved alone, in an emergency")
    check = {"check": approval.get_check_kind_display()}
    if approval.first_check_id:
        return _("Approved with the second check: %(check)s") % check
    if not approval.is_complete:
        return _("First check: %(check)s") % check
    return _("Approved: %(check)s") % check if approval.effective_at else _("Approved for later: %(check)s") % check


def _launching(subject_id: UUID) -> Iterator[Entry]:
    for item in LaunchItem.objects.filter(subject_id=subject_id).select_related("launch"):
        launch, name = item.launch, {"name": item.launch.name}
        made: dict[str, Any] = {"language": item.language, "by_name": launch.by_name, "by_role": launch.by_role}
        yield Entry(at=launch.made_at, what=_("Put into the launch “%(name)s”") % name, **made)
        if launch.cancelled_at:
            yield Entry(at=launch.cancelled_at, what=_("The launch “%(name)s” was cancelled") % name, language=item.language, by_name="")
        if launch.failed_at:
            what = _("The launch “%(name)s” put nothing live") % name
            yield Entry(at=launch.failed_at, what=what, language=item.language, by_name="", said=launch.failure)


def _closing(subject_id: UUID) -> Iterator[Entry]:
    for closure in Closure.objects.filter(subject_id=subject_id):
        what = _("Held by itself") if closure.cause == Closure.Cause.DEADLINE else closure.get_state_display()
        yield _by(closure, what, closure.language, closure.reason)
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


#: (is of one language, begins a thread) → what it was.
_SAID: dict[tuple[bool, bool], Promise] = {
    (True, True): gettext_lazy("Commented"),
    (True, False): gettext_lazy("Answered a comment"),
    (False, True): gettext_lazy("Asked about the source"),
    (False, False): gettext_lazy("Answered a question about the source"),
}
#: (is of one language, is resolved) → what became of a thread.
_TURNED: dict[tuple[bool, bool], Promise] = {
    (True, True): gettext_lazy("Resolved a comment"),
    (True, False): gettext_lazy("Opened a comment again"),
    (False, True): gettext_lazy("Resolved a question about the source"),
    (False, False): gettext_lazy("Opened a question about the source again"),
}
_CHANGES: dict[str, Promise] = {
    "minor": gettext_lazy("The source went live with a minor change"),
    "substantive": gettext_lazy("The source went live with a substantive change"),
    "safety": gettext_lazy("The source went live with a safety change"),
}
_RAISED: dict[str, Promise] = {
    "substantive": gettext_lazy("Raised the change of the source to substantive"),
    "safety": gettext_lazy("Raised the change of the source to a safety change"),
}


def _by(row: Any, what: str | Promise, language: str, said: str = "", **more: Any) -> Entry:
    return Entry(at=row.at, what=what, language=language, by_name=row.by_name, by_role=row.by_role, said=said, **more)
