"""Template tags of the admin's screens."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from cms import languages, previewing, rendering, sign_off
from cms.models import Article, TranslatedModel
from cms.views import readers

register = template.Library()


@register.inclusion_tag("cms/panels/readers_table.html", takes_context=True)
def readers_table(context: dict[str, Any], subject: TranslatedModel) -> dict[str, Any]:
    """What readers get of a subject, a row a language."""
    return {
        "rows": list(readers.rows(subject)),
        "standing": readers.source_standing(subject),
        "subject": subject,
        "request": context.get("request"),
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


@register.simple_tag
def source_shown(subject: TranslatedModel) -> dict[str, Any]:
    """The source that a sign-off is about: its texts, its digest, and the screen that shows it whole."""
    source = sign_off.source_of(subject)
    return {
        "texts": list(source.texts_in(languages.SOURCE).values()),
        "digest": sign_off.shown_digest(source, languages.SOURCE),
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
