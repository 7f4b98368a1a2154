"""The coverage matrix as one of Wagtail's reports: filters, and CSV and XLSX to take along."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.views.reports.base import ReportView

from cms import coverage, languages, people, workload
from cms.coverage import Cell, Coverage, Row
from cms.models import Article, Assignment
from cms.serving import State
from cms.views import home
from cms.workload import Load

#: Days, and words, from which on somebody may want to see a text.
AGES, WORDS = (7, 30, 60, 180), (1, 100, 500, 1000)
ASSIGNED: Mapping[str, Any] = {
    "nobody": gettext_lazy("To nobody"),
    "somebody": gettext_lazy("To somebody"),
    "late": gettext_lazy("Late"),
}


@dataclass(kw_only=True)
class Place:
    """One cell of the report: what readers get, where the text is worked on, to whom it is given, and how much there is to do."""

    cell: Cell
    url: str
    assignment: Assignment | None = None
    load: Load | None = None

    @property
    def tag(self) -> str:
        return self.cell.language.tag

    @property
    def is_late(self) -> bool:
        return bool(self.assignment and self.assignment.due_on and self.assignment.due_on < timezone.localdate())

    @property
    def assigned_to(self) -> str:
        """A person's name, or the team; "" for nobody."""
        if self.assignment is None:
            return ""
        return people.name(self.assignment.person) if self.assignment.person else _("The team")


@dataclass(kw_only=True)
class Line:
    """An article's line of the report. For the spreadsheet it has `state_xx`, `since_xx`, `words_xx`, `assigned_xx` and `due_xx`."""

    collection: str
    row: Row
    places: list[Place] = field(default_factory=list)

    @property
    def title(self) -> str:
        return self.row.title

    @property
    def slug(self) -> str:
        return self.row.slug

    @property
    def url(self) -> str:
        return home.address_of_readers(self.row)

    def __getattr__(self, name: str) -> Any:
        what, _underscore, tag = name.partition("_")
        for place in self.places if what in _VALUES else ():
            if place.tag == tag:
                return _VALUES[what](place)
        raise AttributeError(name)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 9 else 0


def _since(place: Place) -> date | None:
    return timezone.localdate(place.cell.since) if place.cell.since else None


_VALUES: Mapping[str, Callable[[Place], Any]] = {
    "state": lambda place: str(place.cell.word),
    "since": _since,
    "words": lambda place: place.load.words if place.load else 0,
    "assigned": lambda place: place.assigned_to,
    "due": lambda place: place.assignment.due_on if place.assignment else None,
}


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What the filters ask of one and the same cell of an article."""

    collection: str = ""
    language: str = ""
    state: str = ""
    age: int = 0
    assigned: str = ""
    words: int = 0

    @classmethod
    def of(cls, request: HttpRequest) -> "Wanted":
        asked = request.GET
        return cls(
            collection=asked.get("collection", ""),
            language=asked.get("language", ""),
            state=asked.get("state", ""),
            age=_number(asked.get("age", "")),
            assigned=asked.get("assigned", ""),
            words=_number(asked.get("words", "")),
        )

    def cells_of(self, line: Line) -> list[Place]:
        """The cells that are as they are asked to be, of a line whose article may be; words apart."""
        if self.collection and line.collection != self.collection:
            return []
        return [place for place in line.places if self._is_met_by(place)]

    def _is_met_by(self, place: Place) -> bool:
        return (
            self.language in ("", place.tag)
            and self.state in ("", place.cell.state)
            and (not self.age or (place.cell.days or 0) >= self.age)
            and (not self.assigned or self._is_assigned_so(place))
        )

    def _is_assigned_so(self, place: Place) -> bool:
        if place.tag == languages.SOURCE:
            return False
        given = place.assignment
        match self.assigned:
            case "nobody":
                return given is None
            case "somebody":
                return given is not None
            case "late":
                return place.is_late
        return given is not None and self.assigned == str(given.person_id or "team")


@dataclass(frozen=True, kw_only=True)
class Report:
    """Every article's line, from one look at the library; the words are counted for those that are asked for."""

    coverage: Coverage
    lines: list[Line]

    @classmethod
    def of_library(cls, *, may_work: bool) -> "Report":
        found = coverage.of_library()
        given = found.seen.assignments if found.seen else {}
        lines = [
            Line(collection=shelf.title, row=row, places=list(_places(row, given, may_work=may_work)))
            for shelf in found.shelves
            for row in shelf.rows
        ]
        return cls(coverage=found, lines=lines)

    def meeting(self, wanted: Wanted) -> list[Line]:
        """The lines with a cell as it is asked to be."""
        met = [(line, cells) for line in self.lines if (cells := wanted.cells_of(line))]
        if wanted.words:
            self.count_words(line for line, _cells in met)
            met = [(line, cells) for line, cells in met if any(cell.load and cell.load.words >= wanted.words for cell in cells)]
        return [line for line, _cells in met]

    def count_words(self, lines: Iterable[Line]) -> None:
        """Give each translation of these lines its load; what carries a minor change over has none."""
        places = {(line.row.public_id, place.tag): place for line in lines for place in line.places if place.tag != languages.SOURCE}
        seen = self.coverage.seen
        if seen is None:
            return
        places = {text: place for text, place in places.items() if place.load is None and not seen.standing(*text).carried_over}
        for text, load in workload.of(seen, places).items():
            places[text].load = load


def _places(row: Row, given: Mapping[tuple[UUID, str], Assignment], *, may_work: bool) -> Iterator[Place]:
    """Each language, and where its text is worked on, for whoever works on any."""
    for cell in row.cells:
        url = home.address_of_text(row, cell) if may_work else home.address_of_readers(row)
        yield Place(cell=cell, url=url, assignment=given.get((row.public_id, cell.language.tag)))


def chosen_articles(request: HttpRequest) -> list[int]:
    """The articles that the filters of an address choose."""
    return [line.row.page_id for line in Report.of_library(may_work=False).meeting(Wanted.of(request))]


_COLUMNS: Mapping[str, Any] = {
    "state": "%(tag)s",
    "since": gettext_lazy("%(tag)s: since"),
    "words": gettext_lazy("%(tag)s: words to do"),
    "assigned": gettext_lazy("%(tag)s: assigned to"),
    "due": gettext_lazy("%(tag)s: due"),
}


class CoverageReportView(ReportView):
    """Articles × languages."""

    model = Article
    page_title = gettext_lazy("Coverage")
    header_icon = "table"
    index_url_name = "mainstay:coverage"
    index_results_url_name = "mainstay:coverage_results"
    template_name = "cms/coverage.html"
    results_template_name = "cms/coverage_results.html"
    is_searchable = False
    permission_policy = None  # it shows states, to whoever works in the admin; Wagtail would ask for the right to edit pages

    @cached_property
    def columns_of_languages(self) -> dict[str, str]:
        """The spreadsheet's columns with their headings; the source is not translated, so it has two."""
        return {
            f"{what}_{tag}": heading % {"tag": tag}
            for tag in languages.TAGS
            for what, heading in _COLUMNS.items()
            if tag != languages.SOURCE or what in ("state", "since")
        }

    @property
    def list_export(self) -> list[str]:
        return ["title", "collection", "slug", *self.columns_of_languages]

    @property
    def export_headings(self) -> dict[str, Any]:
        return {"title": _("Title"), "collection": _("Collection"), "slug": _("Slug"), **self.columns_of_languages}

    def get_filename(self) -> str:
        return "coverage"

    @cached_property
    def report(self) -> Report:
        return Report.of_library(may_work=home.may_work_on_translations(self.request.user))

    @cached_property
    def wanted(self) -> Wanted:
        return Wanted.of(self.request)

    def get_filtered_queryset(self) -> list[Line]:
        return self.report.meeting(self.wanted)

    def decorate_paginated_queryset(self, object_list: Any) -> Any:
        self.report.count_words(object_list)
        return object_list

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(
            languages=[languages.get(tag) for tag in languages.TAGS],
            states=[(state.value, coverage.WORDS[state]) for state in State],
            collections=sorted({line.collection for line in self.report.lines}),
            assigned=[*ASSIGNED.items(), *self._whom()],
            ages=AGES,
            words=WORDS,
            chosen=self.wanted,
            may_assign=self.request.user.has_perm("cms.assign"),
            **kwargs,
        )
        return context

    def _whom(self) -> list[tuple[str, str]]:
        """The people and the teams that something is given to."""
        given = {place.assignment for line in self.report.lines for place in line.places if place.assignment}
        found = {str(row.person_id): people.name(row.person) for row in given if row.person}
        team = [("team", _("To the team"))] if any(row.person_id is None for row in given) else []
        return team + sorted(found.items(), key=lambda item: item[1])
