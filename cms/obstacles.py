"""What stands between a text and its approval, in sentences for the person who would approve it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cms import evidence, languages, people, reference, segments, versions
from cms.models import Approval, Article, Contribution, Notice, TranslatedModel
from cms.overriding import Checked
from cms.resolving import Resolver
from cms.serving import Decisions, standing

_EVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Obstacles:
    """Why somebody cannot approve a text as it stands. `always` holds in an emergency too, `together` for who is not alone."""

    together: list[str]
    always: list[str]

    @property
    def all(self) -> list[str]:
        return [*self.together, *self.always]


def of(subject: TranslatedModel, language: str, *, by: Any) -> Obstacles:
    """What stands between this person and the approval of this text; both parts are empty when nothing does."""
    decisions = evidence.of(subject.public_id)
    source = reference.source_of(subject) if language == languages.SOURCE else subject
    always = decided(source, language, decisions, by=by, moved=False, alone=True)
    if language == languages.SOURCE:
        always += missing_labels(source, language)
    else:
        source_texts, _digest = reference.source_texts(subject, decisions)
        always += of_translation(subject, language, subject.texts_in(language), source_texts, by=by)
    return Obstacles(together=_of_writing(source, language, decisions, by=by), always=always)


def of_translation(subject: TranslatedModel, language: str, texts: segments.Texts, source_texts: segments.Texts, *, by: Any) -> list[str]:
    """What is lacking or wrong in a translation itself, whoever would approve it."""
    found = incomplete(texts, source_texts) + missing_labels(subject, language)
    if by is None or by.pk is None:
        return found
    checked = Checked(subject=subject, language=language, texts=texts, source=source_texts)
    blocking = checked.blocking(for_approver=by)
    if blocking:
        found.append(
            ngettext(
                "%(count)d error that the checks found has to be mended, or let pass by somebody else with a reason.",
                "%(count)d errors that the checks found have to be mended, or let pass by somebody else with a reason.",
                len(blocking),
            )
            % {"count": len(blocking)}
        )
    unread = versions.unread_machine(subject.public_id, language, source_texts)
    if unread:
        found.append(
            ngettext(
                "%(count)d passage is a machine's, and nobody has confirmed having read it.",
                "%(count)d passages are a machine's, and nobody has confirmed having read them.",
                len(unread),
            )
            % {"count": len(unread)}
        )
    return found


def is_correction(decisions: Decisions, language: str, texts: segments.Texts, source_digest: str) -> bool:
    """Whether approving replaces a text that readers have, of the same source: a correction of the translation itself."""
    now = standing(decisions, language)
    return (
        now.is_served
        and now.approval is not None
        and now.approval.source_digest == source_digest
        and now.approval.text_digest != segments.text_digest(texts)
    )


def decided(subject: TranslatedModel, language: str, decisions: Decisions, *, by: Any, moved: bool, alone: bool = False) -> list[str]:
    """What stands in the way of this person. In an emergency, `alone`, the writer may; who paused it may not."""
    found = []
    if moved:
        found.append(_("The text has changed since it was shown to you. Read it again."))
    if not subject.texts_in(language):
        found.append(_("There is no text yet."))
    if language not in people.held(by) and language != languages.SOURCE:
        found.append(_not_held(language))
    if not alone:
        found += _of_writing(subject, language, decisions, by=by)
    if getattr(by, "pk", None) in standing(decisions, language).paused_by:
        found.append(_("You paused this text. Somebody else has to approve it before it is shown again."))
    return found


def _of_writing(subject: TranslatedModel, language: str, decisions: Decisions, *, by: Any) -> list[str]:
    if not wrote_some_of_it(subject.public_id, language, decisions, by=by):
        return []
    return [_("You wrote some of this text since it was last approved. Somebody else has to approve it.")]


def unconfirmed(decisions: Decisions, language: str) -> list[Approval]:
    """What one person approved alone in an emergency and nobody else has confirmed yet, the newest first."""
    alone = [row for row in decisions.approvals if row.language == language and row.break_glass_reason]
    return sorted((row for row in alone if not row.confirmed_at and not row.revoked_at), key=lambda row: row.at, reverse=True)


def of_confirming(approval: Approval, decisions: Decisions, *, by: Any) -> list[str]:
    """Why this person cannot be the second one for what was approved alone: they take the place of an approver who did not write it."""
    if by.pk == approval.by_id:
        return [_("You approved it alone. Somebody else has to confirm it.")]
    found = []
    if not by.has_perm("cms.sign_off" if approval.language == languages.SOURCE else "cms.approve_translation"):
        found.append(_("Only who may approve such a text can confirm it."))
    elif approval.language not in people.held(by) and approval.language != languages.SOURCE:
        found.append(_not_held(approval.language))
    before = [row.at for row in _counting(decisions, approval.language) if row.at < approval.at]
    written = Contribution.objects.filter(
        subject_id=approval.subject_id, language=approval.language, by_id=by.pk, at__lte=approval.at, at__gt=max(before, default=_EVER)
    )
    if written.exists():
        found.append(_("You wrote some of what was approved. Somebody else has to confirm it."))
    return found


def wrote_some_of_it(subject_id: UUID, language: str, decisions: Decisions, *, by: Any) -> bool:
    """Whether this person changed the text since it was last approved."""
    if by is None or by.pk is None:
        return False
    since = _last_approved_at(decisions, language)
    written = Contribution.objects.filter(subject_id=subject_id, language=language, by_id=by.pk)
    return (written.filter(at__gt=since) if since else written).exists()


def _last_approved_at(decisions: Decisions, language: str) -> datetime | None:
    return max((approval.at for approval in _counting(decisions, language)), default=None)


def _counting(decisions: Decisions, language: str) -> list[Approval]:
    return [row for row in decisions.approvals if row.language == language and row.effective_at and not row.revoked_at]


def _not_held(language: str) -> str:
    return _("You do not work in %(language)s. An administrator can give you the language.") % {"language": languages.own_name(language)}


def incomplete(texts: segments.Texts, source_texts: segments.Texts) -> list[str]:
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
    resolver, shown = Resolver(), list(_shown_by(subject))
    resolver.decisions(row.public_id for row in shown)
    lacking: list[Any] = [row for row in shown if resolver.served(row.public_id, language) is None]
    if subject.sample and resolver.special_or_none(Notice.Purpose.SAMPLE, language) is None:
        lacking.append(Notice.Purpose.SAMPLE.label)
    return [
        _("%(name)s has no approved text in %(language)s.") % {"name": row, "language": languages.own_name(language)} for row in lacking
    ]


def _shown_by(article: Article) -> Iterator[TranslatedModel]:
    yield article.get_parent().specific.topic
    yield from (row.term for row in article.terms.all())
    yield from (row.advice for row in article.advice.all())
