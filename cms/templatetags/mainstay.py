"""Template tags of the admin's screens."""

from datetime import date
from typing import Any

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from cms import assigning, comments, due, languages, previewing, reference, rendering
from cms.models import Article, Assignment, TranslatedModel
from cms.views import readers
from cms.views.desk import comments as questions

register = template.Library()


@register.inclusion_tag("cms/panels/readers_table.html", takes_context=True)
def readers_table(context: dict[str, Any], subject: TranslatedModel) -> dict[str, Any]:
    """What readers get of a subject, a row a language."""
    request = context.get("request")
    may_answer = request is not None and questions.may_answer(request.user, subject)
    return {
        "rows": list(readers.rows(subject)),
        "may_answer": may_answer,
        "open_questions": sum(question.resolved_at is None for question in comments.questions(subject.public_id)) if may_answer else 0,
        "standing": readers.source_standing(subject),
        "subject": subject,
        "request": request,
        "perms": context.get("perms"),
    }


@register.filter
def clean_html(text: str) -> SafeString:
    """A rich segment as HTML of the allow-list."""
    return mark_safe(rendering.cleaned(text))  # noqa: S308 - cleaned() is the sanitiser


@register.filter
def lookup(mapping: dict[str, Any], key: str) -> Any:
    """A value of a mapping by a key that is a variable."""
    return mapping.get(key, "")


@register.filter
def in_days(days: int | None) -> str:
    """For how long, in whole days."""
    return due.in_days(days or 0)


@register.filter
def is_past(day: date) -> bool:
    """Whether a day is over."""
    return day < timezone.localdate()


@register.filter
def given_to(assignment: Assignment) -> str:
    """“Assigned to …”."""
    return _("Assigned to %(name)s") % {"name": assigning.whom(assignment)}


@register.simple_tag
def source_shown(subject: TranslatedModel) -> dict[str, Any]:
    """The source that a sign-off is about: its texts, its digest, and the screen that shows it whole."""
    source = reference.source_of(subject)
    return {
        "texts": list(source.texts_in(languages.SOURCE).values()),
        "digest": reference.shown_digest(source, languages.SOURCE),
        "url": reverse("mainstay:sign_off", args=[subject.kind, subject.public_id]),
    }


@register.simple_tag
def previewed(article: Article, tag: str) -> dict[str, Any]:
    """The working text of a language put together as a document, or in words what is lacking."""
    language = languages.get(tag or languages.SOURCE)
    try:
        return {"language": language, "document": previewing.content(article, language.tag), "lacking": ""}
    except previewing.NotPreviewable as lacking:
        return {"language": language, "document": {}, "lacking": str(lacking)}
