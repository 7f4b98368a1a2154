"""The reading page: a stored document as a reader of a partner would see it, or what a partner is told instead.

Read from the document alone. Its HTML was cleaned on its way in; here only links to other articles are turned to this page.
"""

import json
import re
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from api import languages
from api.languages import Language
from api.models import Document, Kind, State
from cms import coverage
from cms.languages import code
from cms.views import public
from cms.views.start import API

#: State → HTTP status, the code of the problem that partners get, and what it says.
TOLD = {
    "none": (404, "translation-unavailable", _("There is no text of this article in this language yet.")),
    State.HELD: (404, "held", _("This text is held. Partners are told to stop showing it for now. It will come back.")),
    State.GONE: (410, "gone", _("This text has been retired. Partners are told to remove their copy.")),
    State.RECALLED: (410, "recalled", _("This text has been recalled. Partners are told to remove their copy now, and to confirm it.")),
}
#: The blocks that come first in the first section of every document.
LEADING = ("sample", "notice", "advice")
_ARTICLE_LINK = re.compile(r'<a\b[^>]*\bdata-article="([0-9a-f-]{36})"[^>]*>')


@require_safe
def read(request: HttpRequest, slug: str, tag: str) -> HttpResponse:
    """One article in one language. An old slug, an id, or a tag in another case is sent on."""
    subject_id = _subject(slug)
    language = _language(tag)
    if subject_id is None or language is None:
        return _answer("cms/reading_unknown.html", {}, status=404)
    rows = {row.language: row for row in Document.objects.current().of(kind=Kind.ARTICLE, subject_id=subject_id)}
    row = _told(rows, language.tag)
    named = row or next(iter(rows.values()))
    if (slug, tag) != (named.slug, language.tag):
        return redirect("read", named.slug, language.tag)
    context = {
        "language": language,
        "code": code(language.tag),
        "switcher": [
            {"cell": cell, "href": "" if cell.state == "none" else reverse("read", args=[named.slug, cell.language.tag])}
            for cell in coverage.of_article(subject_id)
        ],
        "row": row,
        "slug": named.slug,
        "answer": f"{API}articles/{named.slug}/?lang={language.tag}",
    }
    if row and row.state == State.PUBLISHED:
        return _answer("cms/reading.html", {**context, **_shown(json.loads(row.body), language)})
    source = rows.get(languages.SOURCE, named)
    return _closed(row, {**context, "title": (row or source).title, "title_language": row.language if row else source.language})


def _closed(row: Document | None, context: dict[str, Any]) -> HttpResponse:
    status, problem, sentence = TOLD[row.state if row else "none"]
    return _answer(
        "cms/reading_closed.html",
        {**context, "status": status, "problem": problem, "sentence": sentence, "details": row.details if row else {}},
        status=status,
    )


def _answer(template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    response = public.page(template, {"library": settings.LIBRARY_NAME, **context}, status=status)
    response["X-Robots-Tag"] = "noindex"
    return response


def _subject(reference: str) -> UUID | None:
    """The article of an id or of any slug it ever had; who has a slug now comes before who had it."""
    named = Document.objects.filter(kind=Kind.ARTICLE)
    try:
        named = named.filter(subject_id=UUID(reference))
    except ValueError:
        named = named.filter(slug=reference)
    now = named.published().values_list("subject_id", flat=True).first()
    return now or named.order_by("-number").values_list("subject_id", flat=True).first()


def _language(tag: str) -> Language | None:
    try:
        return languages.get(tag)
    except languages.UnknownLanguage:
        return None


def _told(rows: dict[str, Document], tag: str) -> Document | None:
    """The row that answers for a language: its own, or the source's where the whole article is gone or recalled."""
    source = rows.get(languages.SOURCE)
    whole = source if source and source.state in (State.GONE, State.RECALLED) else None
    return rows.get(tag, whole)


def _shown(document: dict[str, Any], language: Language) -> dict[str, Any]:
    """The document, parted into what comes first, and the sections."""
    blocks = document["sections"][0]["blocks"] if document["sections"] else []
    leading = [block for block in blocks if block["type"] in LEADING]
    return {
        "document": document,
        "first": [block for block in leading if block["type"] != "advice"],
        "advice": [{**block, "html": _html(block["html"], language)} for block in leading if block["type"] == "advice"],
        "sections": [
            {**section, "html": _html("".join(b["html"] for b in section["blocks"] if b["type"] not in LEADING), language)}
            for section in document["sections"]
        ],
        "related": _related(document["related"], language),
        "attribution": _html(document["attribution"]["html"], language),
        "reviewed_on": _day((document["review"] or {}).get("reviewed_on")),
        "review_due_on": _day((document["review"] or {}).get("next_due_on")),
        "modified_at": datetime.fromisoformat(document["modified_at"]),
    }


def _html(stored: str, language: Language) -> SafeString:
    """Stored HTML, its links to other articles leading to their reading pages."""

    def turned(link: re.Match[str]) -> str:
        return f'<a href="{reverse("read", args=[link.group(1), language.tag])}">'

    return mark_safe(_ARTICLE_LINK.sub(turned, stored))  # noqa: S308 # nosec - the contract lets only cleaned HTML into a document


def _related(subject_ids: list[str], language: Language) -> list[Document]:
    """The related articles that readers get in this language, in the document's order."""
    rows = Document.objects.published().filter(kind=Kind.ARTICLE, language=language.tag, subject_id__in=subject_ids)
    return sorted(rows.only("number", "subject_id", "slug", "title"), key=lambda row: subject_ids.index(str(row.subject_id)))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
