"""Letting go and approving: the two decisions that put a text before readers, whichever comes second.

An editor *releases* a source (Wagtail's publish); a reviewer *approves* it; the document changes when both were done to the
same text and facts. A translation is approved against a source. Each function takes the page's row lock first, then the
lock of numbers, and reads everything that it decides on after that.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from api import store
from cms import audit, evidence, languages, publishing, segments, severity
from cms.models import Approval, Article, Closure, Contribution, Notice, Origin, Release, SourceChange, Term, TranslatedModel, signature
from cms.resolving import Resolver
from cms.serving import Decisions, Standing, standing


class NotApprovable(ValueError):
    """The text cannot be approved; `reasons` says why, in sentences for the person who tried."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


def shown_digest(subject: TranslatedModel, language: str) -> str:
    """What a reviewer's screen posts back: the digest of the text shown and, for a source, of its facts."""
    text = segments.text_digest(subject.texts_in(language))
    return f"{text}.{segments.digest(subject.facts())}" if language == languages.SOURCE else text


def lock(subject: TranslatedModel) -> TranslatedModel:
    """The subject as it is now, its row (an article's two) locked until the transaction ends."""
    if isinstance(subject, Article):
        article: Article = Article.objects.filter(pk=subject.pk).for_update().get()
        return article
    return type(subject)._default_manager.select_for_update().get(pk=subject.pk)


def source_of(subject: TranslatedModel) -> TranslatedModel:
    """The newest source as its editor wrote it: an article's latest revision, a snippet's row."""
    return subject.get_latest_revision_as_object() if isinstance(subject, Article) else subject


def reference_source(subject: TranslatedModel, decisions: Decisions) -> tuple[dict[str, str], str]:
    """What a translation is made and approved against: the newest source that was released or signed off.

    Its texts by key and their digest; the row as it is when neither has happened yet.
    """
    rows: list[Any] = [*decisions.releases]
    rows += [approval for approval in decisions.approvals if approval.language == languages.SOURCE and not approval.revoked_at]
    newest = max(rows, key=lambda row: row.at, default=None)
    if newest is not None:
        return newest.texts, newest.text_digest
    texts = source_of(subject).texts_in(languages.SOURCE)
    return texts, segments.text_digest(texts)


# -- releasing -------------------------------------------------------------------------------------------------------


def release(article: Article, *, by: Any, change_severity: str = "", harm: str = "", note: str = "") -> Release:
    """Record that an editor let this source go, and bring the document forward if the same text is signed off."""
    with transaction.atomic(), store.writing():
        decisions = evidence.of(article.public_id)
        released = _record_release(article, decisions, by=by, change_severity=change_severity, harm=harm, note=note)
        bring_forward(article.public_id, article.kind, by=by)
    return released


def place_anew(article: Article, *, by: Any) -> None:
    """The article stands elsewhere in the library: the same source is released again from its new place.

    A page that is not live is released from its new place when it is published again: a move publishes nothing.
    """
    with transaction.atomic(), store.writing():
        decisions = evidence.of(article.public_id)
        latest = decisions.latest_release()
        placement = article.placement()
        if latest is None or latest.placement == placement or not article.live:
            return
        latest.pk, latest.placement, latest.at = None, placement, evidence.next_moment(decisions)
        for name, value in signature(by).items():
            setattr(latest, name, value)
        latest.save(force_insert=True)
        bring_forward(article.public_id, article.kind, by=by)


def _record_release(
    source: TranslatedModel, decisions: Decisions, *, by: Any, change_severity: str = "", harm: str = "", note: str = ""
) -> Release:
    texts, facts = source.texts_in(languages.SOURCE), source.facts()
    latest = decisions.latest_release()
    images, links = (source.image_facts(), source.linked_articles()) if isinstance(source, Article) else ({}, {})
    content = {
        "texts": texts,
        "facts": facts,
        "placement": source.placement(),
        "images": images,
        "links": links,
        "text_digest": segments.text_digest(texts),
        "facts_digest": segments.digest(facts),
    }
    same = latest is not None and all(getattr(latest, name) == value for name, value in content.items())
    if latest and same and not page_closures(decisions) and _gravity(change_severity, harm) <= _gravity(latest.severity, latest.harm):
        return latest
    return Release.objects.create(
        subject_id=source.public_id,
        subject_kind=source.kind,
        at=evidence.next_moment(decisions),
        severity=change_severity,
        harm=harm,
        note=note,
        **content,
        **signature(by),
    )


def bring_forward(subject_id: UUID, kind: str, *, by: Any) -> None:
    """Let the released source become the document if it may, then store what follows for every language."""
    decisions = evidence.of(subject_id)
    released = decisions.latest_release()
    if released is None:
        return
    source = standing(decisions, languages.SOURCE)
    update_type = "republish"
    if _may_go_out(source, decisions, released):
        change = _change_source(source, decisions, released, by=by)
        if change:
            update_type = change.severity
            decisions = evidence.of(subject_id)
        _lift_page_closures(decisions, released, by=by)
    publishing.publish(subject_id, kind, update_type=update_type, note=released.note if update_type != "republish" else "")
    publishing.spread([subject_id])


def _may_go_out(source: Standing, decisions: Decisions, released: Release) -> bool:
    approval = decisions.approval_of(released)
    if source.held:
        return approval is not None and source.held.is_older_than(approval)
    return approval is not None or settings.CLINICAL_SIGN_OFF == "recorded"


def _change_source(source: Standing, decisions: Decisions, released: Release, *, by: Any) -> SourceChange | None:
    live = source.live
    if live and (live.text_digest, live.facts_digest) == (released.text_digest, released.facts_digest):
        return None
    grade, harm = _severity(live, released, _passed_over(decisions, live))
    return SourceChange.objects.create(
        subject_id=released.subject_id,
        subject_kind=released.subject_kind,
        at=evidence.next_moment(decisions),
        release=released,
        approval=decisions.approval_of(released),
        from_digest=live.text_digest if live else "",
        to_digest=released.text_digest,
        severity=grade,
        note=released.note,
        choices=_choices(grade, harm),
        **signature(by),
    )


def _gravity(change_severity: str, harm: str) -> tuple[int, bool]:
    """How grave an answer is: not answered is substantive, and a safety change may do harm unless somebody said no."""
    grades = [Article.Severity.MINOR, Article.Severity.SUBSTANTIVE, Article.Severity.SAFETY]
    grade = grades.index(Article.Severity(change_severity or Article.Severity.SUBSTANTIVE))
    return grade, change_severity == Article.Severity.SAFETY and harm != Article.Harm.NO


def _passed_over(decisions: Decisions, live: Release | None) -> list[Release]:
    """The releases since the live text that never went out: what was said of them is said of what replaces them."""
    if live is None:
        return []
    bound = (live.text_digest, live.facts_digest)
    shown = max((row.at for row in decisions.releases if (row.text_digest, row.facts_digest) == bound), default=live.at)
    return [row for row in decisions.releases if row.at > shown]


def _severity(live: Release | None, released: Release, passed_over: list[Release]) -> tuple[str, str]:
    """The gravest answer given since the live text, and its harm: a severity is raised later, never lowered."""
    if live is None:
        return Article.Severity.SUBSTANTIVE, ""
    gravest = max([released, *passed_over], key=lambda row: _gravity(row.severity, row.harm))
    asked = gravest.severity or Article.Severity.SUBSTANTIVE
    if asked == Article.Severity.MINOR and against_minor(live, released.texts, released.facts):
        return Article.Severity.SUBSTANTIVE, ""
    return asked, gravest.harm


def against_minor(live: Release, texts: segments.Texts, facts: dict[str, Any]) -> list[str]:
    """Why replacing the live source by these texts is no minor change; empty when it may be called one."""
    medicines = Term.objects.filter(vocabulary=Term.Vocabulary.MEDICINE).values_list(languages.column("label", languages.SOURCE), flat=True)
    structure = [*live.facts.get("structure", []), *facts.get("structure", [])]
    return severity.against_minor(live.texts, texts, structure, [name for name in medicines if name])


def _choices(grade: str, harm: str) -> dict[str, str]:
    """For a safety change, what each translation gets: a notice where one is approved and nobody can be harmed, else a hold."""
    if grade != Article.Severity.SAFETY:
        return {}
    resolver = Resolver()
    return {
        language: "notice" if harm == Article.Harm.NO and resolver.special_or_none(Notice.Purpose.SOURCE_CHANGED, language) else "hold"
        for language in languages.TARGETS
    }


def page_closures(decisions: Decisions) -> list[Closure]:
    """What stands open because the page is down."""
    return [closure for closure in decisions.open_closures() if closure.cause == Closure.Cause.PAGE]


def _lift_page_closures(decisions: Decisions, released: Release, *, by: Any) -> None:
    """The page is back: what is approved against the live source comes back with it, the rest stays gone by itself.

    Only a publish brings it back: while the page is down, a sign-off of its text does not.
    """
    closures = page_closures(decisions)
    if closures and all(closure.at < released.at for closure in closures):
        lift(closures, decisions, by=by, reason="republished")


def lift(closures: list[Closure], decisions: Decisions, *, by: Any, reason: str) -> None:
    """Lift closures of all languages; a translation not approved against the live source gets one of its own instead."""
    at = evidence.next_moment(decisions)
    who = signature(by)
    for closure in closures:
        for language in languages.TARGETS:
            if _stays_closed(standing(decisions, language), closure):
                Closure.objects.create(
                    subject_id=closure.subject_id,
                    subject_kind=closure.subject_kind,
                    state=closure.state,
                    language=language,
                    reason="Not approved against the source that came back.",
                    details=closure.details,
                    at=at,
                    **who,
                )
        closure.lifted_at, closure.lifted_by_name, closure.lift_reason = at, who["by_name"], reason
        closure.save(update_fields=["lifted_at", "lifted_by_name", "lift_reason"])


def _stays_closed(target: Standing, closure: Closure) -> bool:
    if not target.is_served or target.gone or target.recalled:
        return False
    approved_since = target.approval is not None and target.approval.at > closure.at
    return not target.is_faithful() or (closure.state == Closure.State.RECALLED and not approved_since)


# -- approving -------------------------------------------------------------------------------------------------------


def approve(subject: TranslatedModel, language: str, *, by: Any, shown: str, source_shown: str = "", check: str = "") -> Approval:
    """Approve the text that the reviewer was shown, and put it live if it may go out.

    `shown` is `shown_digest()` of what the screen showed; for a translation `source_shown` is the digest of the source
    beside it. Raises NotApprovable when something moved, is missing, or the reviewer wrote some of it.
    """
    with transaction.atomic():
        locked = lock(subject)
        with store.writing():
            decisions = evidence.of(locked.public_id)
            if language == languages.SOURCE:
                approval = _approve_source(locked, decisions, by=by, shown=shown, check=check)
            else:
                approval = _approve_target(locked, language, decisions, by=by, shown=shown, source_shown=source_shown, check=check)
            _after_approval(locked, approval, by=by)
            audit.log(locked, "approve", by=by, language=language, text_digest=approval.text_digest)
    return approval


def _approve_source(subject: TranslatedModel, decisions: Decisions, *, by: Any, shown: str, check: str) -> Approval:
    source = source_of(subject)
    moved = shown_digest(source, languages.SOURCE) != shown
    _require(_obstacles(source, languages.SOURCE, decisions, by=by, moved=moved) + missing_labels(source, languages.SOURCE))
    texts, facts = source.texts_in(languages.SOURCE), source.facts()
    return Approval.objects.create(
        subject_id=source.public_id,
        subject_kind=source.kind,
        language=languages.SOURCE,
        check_kind=check or Approval.Check.CLINICAL,
        text_digest=segments.text_digest(texts),
        source_digest=segments.text_digest(texts),
        facts_digest=segments.digest(facts),
        texts=texts,
        origin=Origin.SOURCE,
        at=evidence.next_moment(decisions),
        **signature(by),
    )


def _approve_target(
    subject: TranslatedModel, language: str, decisions: Decisions, *, by: Any, shown: str, source_shown: str, check: str
) -> Approval:
    source_texts, source_digest = reference_source(subject, decisions)
    moved = shown_digest(subject, language) != shown or source_digest != source_shown
    obstacles = _obstacles(subject, language, decisions, by=by, moved=moved)
    texts = subject.texts_in(language)
    obstacles += _incomplete(texts, source_texts)
    obstacles += missing_labels(subject, language)
    _require(obstacles)
    return Approval.objects.create(
        subject_id=subject.public_id,
        subject_kind=subject.kind,
        language=language,
        check_kind=check or Approval.Check.LANGUAGE,
        text_digest=segments.text_digest(texts),
        source_digest=source_digest,
        texts={key: texts[key] for key in source_texts},
        source_texts=source_texts,
        origin=_origin(subject.public_id, language),
        at=evidence.next_moment(decisions),
        **signature(by),
    )


def _after_approval(subject: TranslatedModel, approval: Approval, *, by: Any) -> None:
    if approval.language != languages.SOURCE:
        publishing.publish(subject.public_id, subject.kind, tags=[approval.language], update_type="substantive")
        publishing.spread([subject.public_id])
        return
    if not isinstance(subject, Article):
        _record_release(subject, evidence.of(subject.public_id), by=by, change_severity=getattr(subject, "change_severity", ""))
    bring_forward(subject.public_id, subject.kind, by=by)


def revoke(subject: TranslatedModel, approval: Approval, *, by: Any, reason: str) -> None:
    """Take an approval back: one person may. Readers lose the text that rests on it."""
    with transaction.atomic(), store.writing():
        approval.refresh_from_db()
        if approval.revoked_at:
            return
        audit.log(subject, "revoke", by=by, language=approval.language, reason=reason)
        decisions = evidence.of(approval.subject_id)
        approval.revoked_at = evidence.next_moment(decisions)
        approval.revoked_by_name = signature(by)["by_name"]
        approval.revoke_reason = reason
        approval.save(update_fields=["revoked_at", "revoked_by_name", "revoke_reason"])
        publishing.publish(approval.subject_id, approval.subject_kind, update_type="safety")
        publishing.spread([approval.subject_id])


# -- what stands in the way ------------------------------------------------------------------------------------------


def obstacles(subject: TranslatedModel, language: str, *, by: Any) -> list[str]:
    """Why this person cannot approve this text as it stands; empty when they can."""
    decisions = evidence.of(subject.public_id)
    source = source_of(subject) if language == languages.SOURCE else subject
    found = _obstacles(source, language, decisions, by=by, moved=False)
    if language != languages.SOURCE:
        source_texts, _digest = reference_source(subject, decisions)
        found += _incomplete(subject.texts_in(language), source_texts)
    return found + missing_labels(source, language)


def _require(found: list[str]) -> None:
    if found:
        raise NotApprovable(found)


def _obstacles(subject: TranslatedModel, language: str, decisions: Decisions, *, by: Any, moved: bool) -> list[str]:
    found = []
    if moved:
        found.append(_("The text has changed since it was shown to you. Read it again."))
    if not subject.texts_in(language):
        found.append(_("There is no text yet."))
    if wrote_some_of_it(subject.public_id, language, decisions, by=by):
        found.append(_("You wrote some of this text since it was last approved. Somebody else has to approve it."))
    if getattr(by, "pk", None) in standing(decisions, language).paused_by:
        found.append(_("You paused this text. Somebody else has to approve it before it is shown again."))
    return found


def wrote_some_of_it(subject_id: UUID, language: str, decisions: Decisions, *, by: Any) -> bool:
    """Whether this person changed the text since it was last approved."""
    if by is None or by.pk is None:
        return False
    since = _last_approved_at(decisions, language)
    written = Contribution.objects.filter(subject_id=subject_id, language=language, by_id=by.pk)
    return (written.filter(at__gt=since) if since else written).exists()


def _last_approved_at(decisions: Decisions, language: str) -> datetime | None:
    moments = [approval.at for approval in decisions.approvals if approval.language == language and not approval.revoked_at]
    return max(moments, default=None)


def _incomplete(texts: segments.Texts, source_texts: segments.Texts) -> list[str]:
    missing = [key for key in source_texts if not texts.get(key)]
    found = []
    if missing:
        found.append(_("%(count)d of %(total)d passages are not translated yet.") % {"count": len(missing), "total": len(source_texts)})
    found += [
        _("A link in the translation is not in the source: %(link)s.") % {"link": link}
        for key in source_texts
        for link in sorted(segments.links(texts.get(key, "")) - segments.links(source_texts[key]))
    ]
    return found


def missing_labels(subject: TranslatedModel, language: str) -> list[str]:
    """The labels and safety texts that an article shows and that nobody has approved in this language, by name."""
    if not isinstance(subject, Article):
        return []
    resolver = Resolver()
    lacking: list[Any] = [row for row in _shown_by(subject) if resolver.served(row.public_id, language) is None]
    if subject.sample and resolver.special_or_none(Notice.Purpose.SAMPLE, language) is None:
        lacking.append(Notice.Purpose.SAMPLE.label)
    return [
        _("%(name)s has no approved text in %(language)s.") % {"name": row, "language": languages.own_name(language)} for row in lacking
    ]


def _shown_by(article: Article) -> Iterator[TranslatedModel]:
    yield article.get_parent().specific.topic
    yield from (row.term for row in article.terms.all())
    yield from (row.advice for row in article.advice.all())


def _origin(subject_id: UUID, language: str) -> str:
    origins = set(Contribution.objects.filter(subject_id=subject_id, language=language).values_list("origin", flat=True))
    if Origin.MACHINE in origins and origins == {Origin.MACHINE}:
        return Origin.MACHINE
    return Origin.MACHINE_EDITED if Origin.MACHINE in origins else Origin.HUMAN
