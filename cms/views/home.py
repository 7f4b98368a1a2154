"""What the admin's home page shows: what waits for the person who looks, and then what readers are served of the library."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.forms import Media
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from laces.components import Component
from wagtail.admin.auth import user_has_any_page_permission
from wagtail.models import Page
from wagtail.permissions import policy_registry

from cms import coverage, glance, housekeeping, languages, visits, waiting, watching
from cms.coverage import Cell, Row
from cms.glance import Glance
from cms.models import Article
from cms.views import start
from cms.waiting import Section

#: How many articles the home page's matrix has; all of them are in the report.
ROWS = 25


def panels(request: HttpRequest) -> list[Component]:
    """Ours, from one look at the library."""
    visits.note(request.user, now=timezone.now())
    seen = glance.of_library()
    return [WaitingPanel(request, seen), CoveragePanel(request, seen)]


class WaitingPanel(Component):
    """A table a section, each line leading straight to the work; the sections without any in a sentence each."""

    name = "waiting"
    template_name = "cms/home/waiting.html"
    order = 100

    def __init__(self, request: HttpRequest, seen: Glance) -> None:
        self.request, self.seen = request, seen

    @property
    def media(self) -> Media:
        """Without the search for pages where it leads nowhere."""
        without = [] if user_has_any_page_permission(self.request.user) else ["cms/home-without-pages.css"]
        return Media(css={"all": ["cms/home.css", *without]})

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        found = list(sections(self.request.user, self.seen))
        return {"sections": [section for section in found if section.items], "empty": [section for section in found if not section.items]}


def sections(user: Any, seen: Glance) -> Iterator[Section]:
    """What waits for somebody, by what they may do; what is about safety first."""
    leads_safety, signs_off = user.has_perm("cms.post_notice"), user.has_perm("cms.sign_off")
    edits = policy_registry.get_by_type(Page).user_has_permission(user, "change")
    administers = user.has_perm("auth.change_user")
    if leads_safety:
        yield watching.unconfirmed(user, seen)
    if leads_safety or signs_off:
        yield watching.unsafe(seen)
    if administers:
        yield housekeeping.differences(seen)
        yield housekeeping.jobs()
    if user.has_perm("api.change_report"):
        yield housekeeping.open_reports()
    if signs_off:
        yield waiting.for_clinical_reviewer(user, seen)
    if edits:
        yield watching.returned_sources(seen)
    if user.has_perm("cms.approve_translation"):
        yield waiting.for_reviewer(user, seen)
    if user.has_perm("cms.translate"):
        yield from waiting.for_translator(user, seen)
    if leads_safety:
        yield watching.long_outdated(seen)
    if user.has_perm("cms.raise_severity"):
        since = visits.since(user)
        yield watching.minor_changes(seen, since=since)
        yield watching.overrides(seen, since=since)
    if edits:
        yield watching.questions(seen)
        yield watching.behind(seen)
    if edits and not signs_off:
        yield watching.unsigned(seen)
    if edits or signs_off:
        yield watching.reviews(seen)
    if edits:
        yield watching.drafts(seen)
    if user.has_perm("api.change_key"):
        yield housekeeping.expiring_keys()
    if administers:
        yield housekeeping.service(seen)


class CoveragePanel(Component):
    """Articles by languages, with the counts of everything else."""

    name = "coverage"
    template_name = "cms/home/coverage.html"
    order = 230  # after what waits for the person, before what they did last

    class Media:
        css = {"all": ["cms/matrix.css", "cms/home.css"]}

    def __init__(self, request: HttpRequest, seen: Glance) -> None:
        self.request, self.seen = request, seen

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        found = coverage.of_library(self.seen)
        may_edit = policy_registry.get_by_type(Page).user_has_permission(self.request.user, "change")
        return {
            "request": self.request,
            "source": languages.SOURCE,
            "coverage": found,
            "tallies": coverage.tallies(),
            "shelves": start.linked(
                found.beginning(ROWS),
                article=_address_of_editor if may_edit else address_of_readers,
                text=address_of_text if may_work_on_translations(self.request.user) else _address_of_readers,
            ),
            "left_out": max(len(found.rows) - ROWS, 0),
            "legend": start.legend(),
        }


def may_work_on_translations(user: Any) -> bool:
    """Whether the screens of a translation are open to somebody."""
    return bool(user.has_perm("cms.translate") or user.has_perm("cms.approve_translation"))


def address_of_readers(row: Row) -> str:
    """What readers get of an article, in all languages."""
    return reverse("mainstay:readers", args=[Article.kind, row.public_id])


def address_of_text(row: Row, cell: Cell) -> str:
    """Where a text is worked on; for the source, where it is signed off."""
    if cell.language.tag == languages.SOURCE:
        return reverse("mainstay:sign_off", args=[Article.kind, row.public_id])
    return reverse("mainstay:translate", args=[Article.kind, row.public_id, cell.language.tag])


def _address_of_editor(row: Row) -> str:
    return reverse("wagtailadmin_pages:edit", args=[row.page_id])


def _address_of_readers(row: Row, cell: Cell) -> str:
    return address_of_readers(row)
