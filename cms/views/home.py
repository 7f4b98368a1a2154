"""What the admin's home page shows of the library: the coverage matrix, each cell leading to where its text is worked on."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from laces.components import Component
from wagtail.models import Page
from wagtail.permissions import policy_registry

from cms import coverage, languages
from cms.coverage import Cell, Row
from cms.models import Article
from cms.views import start


class CoveragePanel(Component):
    """Articles by languages, with the counts of everything else."""

    name = "coverage"
    template_name = "cms/home/coverage.html"
    order = 230  # after what waits for the person, before what they did last

    class Media:
        css = {"all": ["cms/matrix.css", "cms/home.css"]}

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        found = coverage.of_library()
        may_edit = policy_registry.get_by_type(Page).user_has_permission(self.request.user, "change")
        return {
            "request": self.request,
            "source": languages.SOURCE,
            "coverage": found,
            "tallies": coverage.tallies(),
            "shelves": start.linked(found, article=_editor if may_edit else _nowhere, text=_desk),
            "legend": start.legend(),
        }


def _editor(row: Row) -> str:
    return reverse("wagtailadmin_pages:edit", args=[row.page_id])


def _nowhere(row: Row) -> str:
    return ""


def _desk(row: Row, cell: Cell) -> str:
    """A translation's screen; for the source, where it is signed off."""
    if cell.language.tag == languages.SOURCE:
        return _address("readers", Article.kind, row.public_id)
    return _address("translate", Article.kind, row.public_id, cell.language.tag)


def _address(screen: str, *args: Any) -> str:
    try:
        return reverse(f"mainstay:{screen}", args=args)
    except NoReverseMatch:
        return ""
