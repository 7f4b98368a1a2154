"""Taking down, which one person may do, and bringing back, which needs an approval by another."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from api import store
from cms import audit, evidence, languages, publishing, reference, releasing, telling
from cms.models import Article, Closure, TranslatedModel, signature
from cms.serving import Closed, Decisions, Missing, State, serving, standing

ALL = ""
_ACTIONS: dict[str, str] = {Closure.State.HELD: "pause", Closure.State.GONE: "retire", Closure.State.RECALLED: "recall"}


class NotClosable(ValueError):
    """Nothing that readers get can be closed in this way; the message says why."""


class NotBackYet(ValueError):
    """The text cannot come back as it stands; the message says what it needs."""


def pause(subject: TranslatedModel, language: str, *, by: Any, reason: str) -> Closure:
    """Hold a text for safety, in one language or in all; it comes back by an approval of somebody else."""
    return _close(subject, language, state=Closure.State.HELD, by=by, reason=reason)


def retire(subject: TranslatedModel, language: str, *, by: Any, reason: str) -> Closure:
    """Take a text away for good. Retiring the source is retiring the subject in all languages."""
    return _close(subject, _all_for_source(language), state=Closure.State.GONE, by=by, reason=reason)


def recall(
    subject: TranslatedModel, language: str, *, by: Any, reason: str, severity: str = "safety", instruction: str = "", replacement: str = ""
) -> Closure:
    """Ask every partner to remove a text and to confirm it. Recalling the source is recalling the subject."""
    details = {"severity": severity, "instruction": instruction or "Remove this text everywhere.", "replacement": replacement or None}
    return _close(subject, _all_for_source(language), state=Closure.State.RECALLED, by=by, reason=reason, details=details)


def hold_after_deadline(subject: TranslatedModel, language: str, *, before: datetime) -> bool:
    """Hold a translation whose safety notice has stood since before this moment; whether it still had to be.

    The service does it, so anybody may approve the text again who may approve it at all.
    """
    with transaction.atomic():
        locked = reference.lock(subject)
        with store.writing():
            decisions = evidence.of(locked.public_id)
            if not is_past_deadline(decisions, language, before=before):
                return False
            _record(
                locked,
                language,
                decisions,
                state=Closure.State.HELD,
                cause=Closure.Cause.DEADLINE,
                by=None,
                reason=_("The safety change of the source has not reached this translation in time."),
            )
    return True


def is_past_deadline(decisions: Decisions, language: str, *, before: datetime) -> bool:
    """Whether readers of this language have had a safety notice in the place of the change since before this moment."""
    now = standing(decisions, language)
    return now.state == State.NOTICED and now.noticed is not None and now.noticed.at <= before


def withdraw_page(article: Article, *, by: Any, reason: str) -> None:
    """The page was unpublished, expired or deleted: no language stays before readers."""
    with transaction.atomic(), store.writing():
        decisions = evidence.of(article.public_id)
        released = decisions.latest_release()
        if released and not any(closure.at > released.at for closure in releasing.page_closures(decisions)):
            Closure.objects.create(
                subject_id=article.public_id,
                subject_kind=article.kind,
                state=Closure.State.GONE,
                cause=Closure.Cause.PAGE,
                reason=reason,
                at=evidence.next_moment(decisions),
                **signature(by),
            )
        publishing.publish(article.public_id, article.kind, update_type="substantive")


def bring_back(subject: TranslatedModel, language: str, *, by: Any, reason: str) -> None:
    """Lift what retired or recalled a text; refused with NotBackYet unless it is approved against the live source."""
    language = _all_for_source(language)
    with transaction.atomic():
        locked = reference.lock(subject)
        with store.writing():
            decisions = evidence.of(locked.public_id)
            closures = [closure for closure in decisions.open_closures(language) if _is_decision(closure) and closure.state != State.HELD]
            if not closures:
                raise NotBackYet(_("Nothing was retired or recalled here."))
            _require_back(decisions, closures, language)
            if language == ALL:
                releasing.lift(closures, decisions, by=by, reason=reason)
            else:
                _lift(closures, decisions, by=by, reason=reason)
            audit.log(locked, "bring_back", by=by, language=language, reason=reason)
            publishing.publish(locked.public_id, locked.kind, update_type="substantive")
            publishing.spread([locked.public_id])


def _require_back(decisions: Decisions, closures: list[Closure], language: str) -> None:
    target = standing(decisions, language or languages.SOURCE)
    if not target.is_faithful():
        raise NotBackYet(_("It has to be approved against the live source first."))
    recalled = [closure.at for closure in closures if closure.state == Closure.State.RECALLED]
    if recalled and not (target.approval and target.approval.at > max(recalled)):
        raise NotBackYet(_("It was recalled, and has to be approved again since."))


def _lift(closures: list[Closure], decisions: Decisions, *, by: Any, reason: str) -> None:
    at = evidence.next_moment(decisions)
    for closure in closures:
        closure.lifted_at, closure.lifted_by_name, closure.lift_reason = at, signature(by)["by_name"], reason
        closure.save(update_fields=["lifted_at", "lifted_by_name", "lift_reason"])


def _close(subject: TranslatedModel, language: str, *, state: str, by: Any, reason: str, details: dict[str, Any] | None = None) -> Closure:
    if not reason.strip():
        raise NotClosable(_("Say why: it is kept with the decision."))
    with transaction.atomic():
        locked = reference.lock(subject)
        with store.writing():
            decisions = evidence.of(locked.public_id)
            _require_served(decisions, language, state)
            return _record(locked, language, decisions, state=state, by=by, reason=reason.strip(), details=details)


def _record(
    locked: TranslatedModel,
    language: str,
    decisions: Decisions,
    *,
    state: str,
    by: Any,
    reason: str,
    cause: str = Closure.Cause.DECISION,
    details: dict[str, Any] | None = None,
) -> Closure:
    closure = Closure.objects.create(
        subject_id=locked.public_id,
        subject_kind=locked.kind,
        state=state,
        cause=cause,
        language=language,
        reason=reason,
        details=details or {},
        at=evidence.next_moment(decisions),
        **signature(by),
    )
    audit.log(locked, _ACTIONS[state], by=by, language=language, reason=reason)
    telling.taken_down(closure, by=by)
    publishing.publish(locked.public_id, locked.kind, update_type="safety" if state != State.GONE else "substantive")
    publishing.spread([locked.public_id])
    return closure


def _require_served(decisions: Decisions, language: str, state: str) -> None:
    affected = languages.TAGS if language == ALL else (language,)
    states = [serving(decisions, tag) for tag in affected]
    if all(isinstance(found, Missing) for found in states):
        raise NotClosable(_("Readers never got this text, so there is nothing to take down."))
    if state == Closure.State.HELD and all(isinstance(found, Missing | Closed) for found in states):
        raise NotClosable(_("Readers do not get this text now, so there is nothing to pause."))


def _all_for_source(language: str) -> str:
    return ALL if language == languages.SOURCE else language


def _is_decision(closure: Closure) -> bool:
    return closure.cause == Closure.Cause.DECISION
