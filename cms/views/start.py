"""The start page, for whoever runs the software: what there is, what readers are served of it, and where to go on."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from api import languages
from api.models import Document
from cms import coverage
from cms.coverage import Cell, Coverage, Row, Tally
from cms.serving import State
from cms.views import public

API = "/api/v1/"
_COVERAGE_IS_KEPT_S = 300


@dataclass(frozen=True, kw_only=True)
class LinkedCell:
    """A cell of the matrix, and where it leads ("" for nowhere)."""

    cell: Cell
    word: str | Promise
    href: str


@dataclass(frozen=True, kw_only=True)
class LinkedRow:
    """A row of the matrix, and where its title and its cells lead."""

    row: Row
    href: str
    cells: tuple[LinkedCell, ...]


@dataclass(frozen=True, kw_only=True)
class Example:
    """A request that a partner makes, to be copied."""

    what: str | Promise
    command: str


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """The page at the root."""
    found = known_to_readers()
    in_source = found.columns[0]
    return public.page(
        "cms/start.html",
        {
            "library": settings.LIBRARY_NAME,
            "contact": settings.LIBRARY_CONTACT,
            "languages": languages.ALL,
            "translations": len(languages.TARGETS),
            "sign_off_is_required": settings.CLINICAL_SIGN_OFF == "required",
            "source": languages.SOURCE,
            "coverage": found,
            "articles": Tally(served=in_source.served, total=in_source.total),
            "tallies": coverage.tallies(),
            "shelves": linked(found, article=lambda row: "", text=_reading),
            "legend": legend(),
            "api": API,
            "examples": _examples(request.build_absolute_uri(API), found),
        },
    )


def known_to_readers() -> Coverage:
    """The public part of the matrix. It follows from what was published, so it is kept until the head of the feed moves."""
    head = Document.objects.order_by("-number").values_list("number", "etag").first() or (0, "")
    key = f"cms.coverage.{head[0]}.{head[1]}"
    kept: Coverage | None = cache.get(key)
    if kept is None:
        kept = coverage.of_library().known_to_readers()
        cache.set(key, kept, _COVERAGE_IS_KEPT_S)
    return kept


def linked(found: Coverage, *, article: Callable[[Row], str], text: Callable[[Row, Cell], str]) -> list[tuple[str, list[LinkedRow]]]:
    """The matrix as the template shows it: (collection, rows), with the addresses that two functions give."""
    return [(shelf.title, [_linked_row(row, article(row), text) for row in shelf.rows]) for shelf in found.shelves]


def legend() -> list[tuple[State, str | Promise, str | Promise]]:
    """Each state, its word and its meaning."""
    return [(state, word, coverage.MEANINGS[state]) for state, word in coverage.WORDS.items()]


def _linked_row(row: Row, href: str, text: Callable[[Row, Cell], str]) -> LinkedRow:
    cells = tuple(LinkedCell(cell=cell, word=cell.word, href=text(row, cell)) for cell in row.cells)
    return LinkedRow(row=row, href=href, cells=cells)


def _reading(row: Row, cell: Cell) -> str:
    return "" if cell.state == State.NONE else reverse("read", args=[row.slug, cell.language.tag])


def _examples(base: str, found: Coverage) -> list[Example]:
    """Three requests that have an answer here: the first text served in another language, a list, the feed."""
    served = ((row.slug, cell.language.tag) for row in found.rows for cell in row.cells[1:] if cell.is_served)
    slug, tag = next(served, ("heroin-withdrawal", "es"))
    return [
        Example(what=_("One article in one language"), command=f"curl '{base}articles/{slug}/?lang={tag}'"),
        Example(
            what=_("All articles on a topic, in the reader’s language or else in English"),
            command=f"curl '{base}articles/?topic=withdrawal&lang={tag}&fallback=default'",
        ),
        Example(what=_("A full copy, and then whatever changes"), command=f"curl '{base}changes/?include=document'"),
    ]
