"""The coverage matrix as one of Wagtail's reports: filters, and CSV and XLSX to take along."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy
from wagtail.admin.views.reports.base import ReportView

from cms import coverage, languages
from cms.coverage import Cell
from cms.models import Article
from cms.serving import State


@dataclass(frozen=True, kw_only=True)
class Line:
    """An article's line of the report; `state_xx` for the spreadsheet, one a language."""

    title: str
    collection: str
    slug: str
    edit_url: str
    cells: tuple[tuple[Cell, str], ...]

    def __getattr__(self, name: str) -> Any:
        for cell, _url in self.cells:
            if name == f"state_{cell.language.tag}":
                return str(cell.word)
        raise AttributeError(name)


class CoverageReportView(ReportView):
    """Articles × languages."""

    model = Article
    page_title = gettext_lazy("Coverage")
    header_icon = "table"
    index_url_name = "mainstay:coverage"
    index_results_url_name = "mainstay:coverage_results"
    results_template_name = "cms/coverage_results.html"
    is_searchable = False
    any_permission_required = ["add", "change", "view", "translate", "approve_translation", "sign_off", "close", "post_notice"]
    list_export = ["title", "collection", "slug", *[f"state_{tag}" for tag in languages.TAGS]]
    export_headings = {
        "title": gettext_lazy("Title"),
        "collection": gettext_lazy("Collection"),
        "slug": gettext_lazy("Slug"),
        **{f"state_{tag}": tag for tag in languages.TAGS},
    }

    def get_filename(self) -> str:
        return "coverage"

    def get_filtered_queryset(self) -> list[Line]:
        wanted = {name: self.request.GET.get(name, "") for name in ("collection", "language", "state")}
        return [line for line in _lines() if _is_wanted(line, wanted)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(
            languages=[languages.get(tag) for tag in languages.TAGS],
            states=[(state.value, coverage.WORDS[state]) for state in State],
            collections=sorted({line.collection for line in _lines()}),
            chosen=self.request.GET,
            **kwargs,
        )
        return context


def _lines() -> Iterator[Line]:
    for shelf in coverage.of_library().shelves:
        for row in shelf.rows:
            yield Line(
                title=row.title,
                collection=shelf.title,
                slug=row.slug,
                edit_url=reverse("mainstay:readers", args=["article", row.public_id]),
                cells=tuple((cell, _url(row.public_id, cell)) for cell in row.cells),
            )


def _url(public_id: Any, cell: Cell) -> str:
    if cell.language.tag == languages.SOURCE:
        return reverse("mainstay:sign_off", args=["article", public_id])
    return reverse("mainstay:translate", args=["article", public_id, cell.language.tag])


def _is_wanted(line: Line, wanted: dict[str, str]) -> bool:
    if wanted["collection"] and line.collection != wanted["collection"]:
        return False
    cells = [cell for cell, _url in line.cells if wanted["language"] in ("", cell.language.tag)]
    return not wanted["state"] or any(cell.state == wanted["state"] for cell in cells)
