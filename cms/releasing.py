"""Letting a source go: what an editor released becomes the document when the same text and facts are signed off.

Each function takes the lock of numbers after the page's row lock, and reads everything that it decides on after that.
"""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from api import store
from cms import audit, evidence, languages, publishing, reference, segments, severity, telling
from cms.models import Article, Closure, Notice, Release, SourceChange, Term, TranslatedModel, signature
from cms.resolving import Resolver
from cms.serving import Decisions, Standing, State, standing


class NotRaisable(ValueError):
    """The severity cannot be raised so; the message says why."""


def release(article: Article, *, by: Any, change_severity: str = "", harm: str = "", note: str = "") -> Release:
    """Record that an editor let this source go, and bring the document forward if the same text is signed off."""
    with transaction.atomic(), store.writing():
        decisions = evidence.of(article.public_id)
        released = record_release(article, decisions, by=by, change_severity=change_severity, harm=harm, note=note)
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


def record_release(
    source: TranslatedModel, decisions: Decisions, *, by: Any, change_severity: str = "", harm: str = "", note: str = ""
) -> Release:
    content = _content(source)
    latest = decisions.latest_release()
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


def _content(source: TranslatedModel) -> dict[str, Any]:
    """What a release holds of a source as it is now."""
    texts, facts = source.texts_in(languages.SOURCE), source.facts()
    images, links = (source.image_facts(), source.linked_articles()) if isinstance(source, Article) else ({}, {})
    return {
        "texts": texts,
        "facts": facts,
        "placement": source.placement(),
        "images": images,
        "links": links,
        "text_digest": segments.text_digest(texts),
        "facts_digest": segments.digest(facts),
    }


def bring_forward(subject_id: UUID, kind: str, *, by: Any) -> None:
    """Let the released source become the document if it may, then store what follows for every language."""
    decisions = evidence.of(subject_id)
    released = decisions.latest_release()
    if released is None:
        return
    source = standing(decisions, languages.SOURCE)
    update_type = "republish"
    if _may_go_out(source, decisions, released):
        change = _change(source, decisions, released, by=by)
        if change:
            change.save(force_insert=True)
            telling.source_changed(change, by=by)
            update_type = change.severity
            decisions = evidence.of(subject_id)
        if _lift_page_closures(decisions, released, by=by):
            decisions = evidence.of(subject_id)
    note = released.note if update_type != "republish" else ""
    publishing.publish(subject_id, kind, update_type=update_type, note=note, resolver=Resolver(known={subject_id: decisions}))
    publishing.spread([subject_id])


def _may_go_out(source: Standing, decisions: Decisions, released: Release) -> bool:
    approval = decisions.approval_of(released)
    if source.held:
        return approval is not None and source.held.is_older_than(approval)
    return approval is not None or settings.CLINICAL_SIGN_OFF == "recorded"


def _change(source: Standing, decisions: Decisions, released: Release, *, by: Any) -> SourceChange | None:
    """What this release changes of the live source, not saved yet; None when the document stays as it is."""
    live = source.live
    if live and (live.text_digest, live.facts_digest) == (released.text_digest, released.facts_digest):
        return None
    grade, harm = _severity(live, released, _passed_over(decisions, live))
    return SourceChange(
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


def _lift_page_closures(decisions: Decisions, released: Release, *, by: Any) -> bool:
    """The page is back: what is approved against the live source comes back with it, the rest stays gone by itself. Whether it is.

    Only a publish brings it back: while the page is down, a sign-off of its text does not.
    """
    closures = page_closures(decisions)
    is_back = bool(closures) and all(closure.at < released.at for closure in closures)
    if is_back:
        lift(closures, decisions, by=by, reason="republished")
    return is_back


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


# -- what a change does, before and after it went out -----------------------------------------------------------------


def effects(article: Article, *, change_severity: str, harm: str = "", by: Any = None) -> dict[str, State]:
    """What readers of each translation would get if the newest draft went live with this answer; what they get now where it changes none.

    Nothing is recorded: the change is made as a publish would make it, and folded as the publish would fold it.
    """
    decisions = evidence.of(article.public_id)
    draft = reference.source_of(article)
    released = Release(
        subject_id=article.public_id,
        subject_kind=article.kind,
        at=evidence.next_moment(decisions),
        severity=change_severity,
        harm=harm,
        **_content(draft),
    )
    with_release = replace(decisions, releases=[*decisions.releases, released])
    change = _change(standing(decisions, languages.SOURCE), with_release, released, by=by)
    then = replace(with_release, changes=[*decisions.changes, change]) if change else decisions
    return {language: _after(then, language) for language in languages.TARGETS}


def _after(then: Decisions, language: str) -> State:
    """What readers of a language get when the change is out, and the page with it."""
    target, down = standing(then, language), page_closures(then)
    if any(_stays_closed(target, closure) for closure in down):
        return target.state
    return standing(replace(then, closures=[row for row in then.closures if row not in down]), language).state


def raisable(change: SourceChange, decisions: Decisions) -> list[tuple[str, str]]:
    """The answers (severity, harm) that are graver than what was said of a change of the source so far, the least grave first."""
    if change.raises_id or not change.from_digest or change.from_digest == change.to_digest:
        return []
    said = max(_said(row) for row in decisions.changes if row.pk == change.pk or row.raises_id == change.pk)
    return [answer for answer in _ANSWERS if _gravity(*answer) > said]


_ANSWERS: list[tuple[str, str]] = [
    (Article.Severity.SUBSTANTIVE, ""),
    (Article.Severity.SAFETY, Article.Harm.NO),
    (Article.Severity.SAFETY, Article.Harm.YES),
]


def _said(change: SourceChange) -> tuple[int, bool]:
    """How grave a recorded change was said to be; that nobody can be harmed shows in a translation that got a notice."""
    return _gravity(change.severity, Article.Harm.NO if "notice" in change.choices.values() else "")


def raise_severity(article: Article, change: SourceChange, *, change_severity: str, harm: str = "", note: str, by: Any) -> SourceChange:
    """Say that a change of the source was graver than it was called; it never becomes less grave. Raises NotRaisable.

    Translations approved since, or against a source that has the change, stay as they are.
    """
    if not note.strip():
        raise NotRaisable(_("Say why: it is kept with the decision, and partners are told."))
    with transaction.atomic():
        reference.lock(article)
        with store.writing():
            decisions = evidence.of(article.public_id)
            changed = next((row for row in decisions.changes if row.pk == change.pk), None)
            if changed is None or (change_severity, harm) not in raisable(changed, decisions):
                raise NotRaisable(_("A severity can only be raised, and this is no graver than what was said before."))
            raised = SourceChange.objects.create(
                subject_id=article.public_id,
                subject_kind=article.kind,
                at=evidence.next_moment(decisions),
                release=changed.release,
                approval=changed.approval,
                from_digest=changed.from_digest,
                to_digest=changed.to_digest,
                severity=change_severity,
                note=note.strip(),
                choices=_choices(change_severity, harm),
                raises=changed,
                **signature(by),
            )
            audit.log(article, "raise_severity", by=by, language=languages.SOURCE, reason=note.strip(), severity=change_severity)
            telling.source_changed(raised, by=by)
            publishing.publish(article.public_id, article.kind, update_type=change_severity, note=note.strip())
            publishing.spread([article.public_id])
    return raised
