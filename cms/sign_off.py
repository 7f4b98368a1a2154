"""Approving a text, and taking an approval back: the decision of somebody who did not write it.

A source is approved with its facts, a translation against its source. Each function takes the subject's row lock first,
then the lock of numbers, and reads everything that it decides on after that.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from api import store
from cms import (
    assigning,
    audit,
    evidence,
    independence,
    languages,
    obstacles,
    publishing,
    reference,
    releasing,
    segments,
    telling,
    versions,
)
from cms.models import Approval, Article, Origin, TranslatedModel, signature
from cms.overriding import Checked
from cms.serving import Decisions


class NotApprovable(ValueError):
    """The text cannot be approved; `reasons` says why, in sentences for the person who tried."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


@dataclass(frozen=True, kw_only=True)
class Given:
    """What an approver says beside yes: the kind of check, how much a correction changes for readers, and in an emergency why alone.

    `at_once` false: the text waits for its launch. An empty `check` is a clinical one for a source, a language one else.
    """

    check: str = ""
    severity: str = ""
    note: str = ""
    at_once: bool = True
    alone_because: str = ""


AS_IT_IS = Given()


def approve(subject: TranslatedModel, language: str, *, by: Any, shown: str, source_shown: str = "", given: Given = AS_IT_IS) -> Approval:
    """Approve the text that the reviewer was shown, and put it live if it may go out.

    `shown` is `reference.shown_digest()` of what the screen showed; for a translation `source_shown` is the digest of the source
    beside it. A text of high risk goes out with its second check. Raises NotApprovable when something moved, is missing, was
    found wrong, or the reviewer wrote some of it.
    """
    with transaction.atomic():
        locked = reference.lock(subject)
        with store.writing():
            decisions = evidence.of(locked.public_id)
            if language == languages.SOURCE:
                approval = _approve_source(locked, decisions, by=by, shown=shown, given=given)
            else:
                approval = _approve_target(locked, language, decisions, by=by, shown=shown, source_shown=source_shown, given=given)
            _after_approval(locked, approval, by=by)
            audit.log(locked, "approve", by=by, language=language, text_digest=approval.text_digest, reason=given.alone_because)
            if approval.break_glass_reason:
                telling.approved_alone(approval, by=by)
    return approval


def _approve_source(subject: TranslatedModel, decisions: Decisions, *, by: Any, shown: str, given: Given) -> Approval:
    source = reference.source_of(subject)
    moved = reference.shown_digest(source, languages.SOURCE) != shown
    found = obstacles.decided(source, languages.SOURCE, decisions, by=by, moved=moved, alone=bool(given.alone_because))
    _require(found + obstacles.missing_labels(source, languages.SOURCE))
    texts, facts = source.texts_in(languages.SOURCE), source.facts()
    at = evidence.next_moment(decisions)
    return Approval.objects.create(
        subject_id=source.public_id,
        subject_kind=source.kind,
        language=languages.SOURCE,
        check_kind=given.check or Approval.Check.CLINICAL,
        text_digest=segments.text_digest(texts),
        source_digest=segments.text_digest(texts),
        facts_digest=segments.digest(facts),
        texts=texts,
        origin=Origin.SOURCE,
        break_glass_reason=given.alone_because,
        at=at,
        effective_at=at,
        **signature(by),
    )


def _approve_target(
    subject: TranslatedModel, language: str, decisions: Decisions, *, by: Any, shown: str, source_shown: str, given: Given
) -> Approval:
    source_texts, source_digest = reference.source_texts(subject, decisions)
    texts = subject.texts_in(language)
    moved = reference.shown_digest(subject, language) != shown or source_digest != source_shown
    alone = bool(given.alone_because)
    found = obstacles.decided(subject, language, decisions, by=by, moved=moved, alone=alone)
    found += obstacles.of_translation(subject, language, texts, source_texts, by=by)
    if obstacles.is_correction(decisions, language, texts, source_digest) and by is not None and by.pk and not given.severity:
        found.append(_("Readers have an earlier text in this language. Say how much this changes it."))
    check = given.check or Approval.Check.LANGUAGE
    first = independence.first_check(subject, language, decisions, text_digest=segments.text_digest(texts), source_digest=source_digest)
    is_complete = alone or independence.completes(subject, decisions, first, check=check, by=by)
    if first and not is_complete:
        found.append(independence.still_needed(first, by=by))
    _require(found)
    checked = Checked(subject=subject, language=language, texts=texts, source=source_texts)
    at = evidence.next_moment(decisions)
    return Approval.objects.create(
        subject_id=subject.public_id,
        subject_kind=subject.kind,
        language=language,
        check_kind=check,
        text_digest=segments.text_digest(texts),
        source_digest=source_digest,
        texts={key: texts[key] for key in source_texts},
        source_texts=source_texts,
        origin=versions.origin(subject.public_id, language, source_texts),
        is_complete=is_complete,
        first_check=first if is_complete else None,
        overrides=checked.let_pass(for_approver=by) if by is not None and by.pk else [],
        severity=given.severity,
        note=given.note,
        break_glass_reason=given.alone_because,
        at=at,
        effective_at=at if is_complete and given.at_once else None,
        **signature(by),
    )


def _after_approval(subject: TranslatedModel, approval: Approval, *, by: Any) -> None:
    if approval.language != languages.SOURCE:
        if approval.is_complete:
            assigning.end_approved(subject.public_id, approval.language, by=by)
        if approval.effective_at:
            put_live(subject.public_id, subject.kind, approval)
        return
    if not isinstance(subject, Article):
        releasing.record_release(subject, evidence.of(subject.public_id), by=by, change_severity=getattr(subject, "change_severity", ""))
    releasing.bring_forward(subject.public_id, subject.kind, by=by)


def put_live(subject_id: UUID, kind: str, approval: Approval) -> None:
    """Store what follows from an approval that counts from now on."""
    publishing.publish(subject_id, kind, tags=[approval.language], update_type=approval.severity or "substantive", note=approval.note)
    publishing.spread([subject_id])


def confirm_alone(subject: TranslatedModel, approval: Approval, *, by: Any) -> None:
    """A second person stands by what was approved alone in an emergency.

    Raises NotApprovable for the one who did it, for who wrote some of it, and for who could not have approved it.
    """
    with transaction.atomic(), store.writing():
        approval.refresh_from_db()
        decisions = evidence.of(approval.subject_id)
        _require(obstacles.of_confirming(approval, decisions, by=by))
        if not approval.break_glass_reason or approval.confirmed_at or approval.revoked_at:
            raise NotApprovable([_("There is nothing to confirm any more.")])
        approval.confirmed_at, approval.confirmed_by_name = evidence.next_moment(decisions), signature(by)["by_name"]
        approval.save(update_fields=["confirmed_at", "confirmed_by_name"])
        audit.log(subject, "confirm_alone", by=by, language=approval.language)


def revoke(subject: TranslatedModel, approval: Approval, *, by: Any, reason: str) -> None:
    """Take an approval back: one person may. Readers lose the text that rests on it."""
    with transaction.atomic(), store.writing():
        approval.refresh_from_db()
        if approval.revoked_at:
            return
        audit.log(subject, "revoke", by=by, language=approval.language, reason=reason)
        rests_on_it = Approval.objects.filter(first_check=approval, revoked_at__isnull=True)
        for row in [approval, *rests_on_it]:
            row.revoked_at = evidence.next_moment(evidence.of(row.subject_id))
            row.revoked_by_name, row.revoke_reason = signature(by)["by_name"], reason
            row.save(update_fields=["revoked_at", "revoked_by_name", "revoke_reason"])
        publishing.publish(approval.subject_id, approval.subject_kind, update_type="safety")
        publishing.spread([approval.subject_id])


def _require(found: list[str]) -> None:
    if found:
        raise NotApprovable(found)
