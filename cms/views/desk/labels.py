"""Where a segment stands in its text, in words: what a list of passages needs beside each of them."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms import segments
from cms.models import Release

_FIELDS: dict[str, Promise] = {
    "headline": gettext_lazy("Headline"),
    "summary": gettext_lazy("Summary"),
    "meta_title": gettext_lazy("Title for search engines"),
    "meta_description": gettext_lazy("Description for search engines"),
    "label": gettext_lazy("Label"),
    "description": gettext_lazy("Description"),
    "heading": gettext_lazy("Heading"),
    "text": gettext_lazy("Text"),
    "name": gettext_lazy("Name"),
}


def of(texts: segments.Texts, structure: segments.RawBody) -> dict[str, str]:
    """A label for each segment of a source, from where it stands in the body's structure."""
    known = {key: str(label) for key, label in _FIELDS.items()} | dict(_in_body(structure, texts))
    return {key: known.get(key, _("Passage")) for key in texts}


def of_subject(subject_id: UUID) -> dict[str, str]:
    """A label for each segment of the source that was released last; none before that. One query."""
    release = Release.objects.filter(subject_id=subject_id).order_by("-at").first()
    return of(release.texts, release.facts.get("structure", [])) if release else {}


def _in_body(structure: segments.RawBody, texts: segments.Texts) -> Iterator[tuple[str, str]]:
    for section in structure:
        heading = texts.get(f"{section['id']}.heading", "")
        yield f"{section['id']}.heading", _("Heading of a section")
        for block in section["value"].get("blocks") or []:
            for key, label in _in_block(f"{section['id']}.{block['id']}", block):
                yield key, _("%(what)s, in “%(section)s”") % {"what": label, "section": heading} if heading else label


def _in_block(key: str, block: dict[str, Any]) -> Iterator[tuple[str, str]]:
    match block["type"]:
        case "warning":
            yield key, _("Warning")
        case "steps":
            for number, item in enumerate(block["value"], start=1):
                yield f"{key}.{item['id']}", _("Step %(number)d of %(total)d") % {"number": number, "total": len(block["value"])}
        case "image":
            yield f"{key}.alt", _("What a picture shows")
            yield f"{key}.caption", _("Caption")
        case _:
            yield key, _("Paragraph")
