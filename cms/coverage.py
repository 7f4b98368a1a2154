"""The coverage matrix: what readers are served of each article in each language, and how much of everything there is.

States are folded from the decisions, in a constant number of queries; working text never enters. Of what the store was
told to publish it may hold a text back, because advice that the text must show is not to be had: that is read from it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Max, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from api import languages, sandbox
from api.languages import SOURCE, Language
from api.models import Document, Kind
from api.models import State as Stored
from cms import evidence
from cms.glance import Glance
from cms.models import HelpContact, SafetyAdvice, Term
from cms.serving import State, standing

SERVED = (State.CURRENT, State.OUTDATED, State.NOTICED)
WORDS: Mapping[State, str | Promise] = {
    State.CURRENT: _("Current"),
    State.OUTDATED: _("Outdated"),
    State.NOTICED: _("Notice"),
    State.HELD: _("Held"),
    State.GONE: _("Gone"),
    State.RECALLED: _("Recalled"),
    State.NONE: _("Missing"),
}
MEANINGS: Mapping[State, str | Promise] = {
    State.CURRENT: _("Served, and follows the source."),
    State.OUTDATED: _("Served, and says that the source has changed since."),
    State.NOTICED: _("Served under a safety notice."),
    State.HELD: _("Not served for now. It will come back."),
    State.GONE: _("Retired. Copies are removed."),
    State.RECALLED: _("Copies are removed at once, and partners confirm it."),
    State.NONE: _("Readers never got it in this language."),
}


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One article in one language: its state, and since when it is in it."""

    language: Language
    state: State
    since: datetime | None = None

    @property
    def days(self) -> int | None:
        """For how many whole days it has been so."""
        return (timezone.now() - self.since).days if self.since else None

    @property
    def is_served(self) -> bool:
        return self.state in SERVED

    @property
    def word(self) -> str | Promise:
        return WORDS[self.state]


@dataclass(frozen=True, kw_only=True)
class Row:
    """One article: its slug and title as readers know them, or the draft's before that; a cell for each language in order."""

    page_id: int
    public_id: UUID
    slug: str
    title: str
    cells: tuple[Cell, ...]

    @property
    def was_ever_served(self) -> bool:
        return any(cell.state != State.NONE for cell in self.cells)


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """A collection and its articles, in tree order."""

    page_id: int
    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, kw_only=True)
class Tally:
    """How many are served of how many there are."""

    served: int
    total: int


@dataclass(frozen=True, kw_only=True)
class Column(Tally):
    """One language: how many articles are served in it, and how many are in each state."""

    language: Language
    states: Mapping[State, int]


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """Articles by languages."""

    shelves: tuple[Shelf, ...]
    #: What it was read from, for whoever has to know more of some of it.
    seen: Glance | None = field(default=None, compare=False, repr=False)

    @property
    def rows(self) -> tuple[Row, ...]:
        return tuple(row for shelf in self.shelves for row in shelf.rows)

    @property
    def columns(self) -> tuple[Column, ...]:
        """The counts of each language, in order."""
        return tuple(self._column(index, language) for index, language in enumerate(languages.ALL))

    @property
    def states(self) -> Mapping[State, int]:
        """How many cells are in each state."""
        return _counted(cell for row in self.rows for cell in row.cells)

    @property
    def cells(self) -> Tally:
        """Texts served of all that there could be."""
        cells = [cell for row in self.rows for cell in row.cells]
        return Tally(served=sum(cell.is_served for cell in cells), total=len(cells))

    def known_to_readers(self) -> "Coverage":
        """Without the articles of which nothing ever went out: their titles are nobody's business yet."""
        shelves = (
            Shelf(page_id=shelf.page_id, title=shelf.title, rows=tuple(row for row in shelf.rows if row.was_ever_served))
            for shelf in self.shelves
        )
        return Coverage(shelves=tuple(shelf for shelf in shelves if shelf.rows))

    def beginning(self, rows: int) -> "Coverage":
        """The first articles, in tree order."""
        shelves, left = [], rows
        for shelf in self.shelves:
            if left > 0:
                shelves.append(Shelf(page_id=shelf.page_id, title=shelf.title, rows=shelf.rows[:left]))
            left -= len(shelf.rows)
        return Coverage(shelves=tuple(shelves))

    def _column(self, index: int, language: Language) -> Column:
        cells = [row.cells[index] for row in self.rows]
        return Column(language=language, states=_counted(cells), served=sum(cell.is_served for cell in cells), total=len(cells))


@dataclass(frozen=True, kw_only=True)
class Tallies:
    """What else there is: published documents, source texts served of all, and the number of the last change."""

    documents: int
    terms: Tally
    advice: Tally
    contacts: Tally
    head: int


def of_library(seen: Glance | None = None) -> Coverage:
    """Every article of the tree. Six queries, however many articles; two when the library was looked at already."""
    pages = list(
        Page.objects.filter(Q(article__isnull=False) | Q(collection__isnull=False))
        .order_by("path")
        .values_list("pk", "path", "slug", "title", "draft_title", "article__public_id")
    )
    seen = seen or Glance(subjects={}, decisions=evidence.outlines_of(found for *_page, found in pages if found))
    titles, held_back = _stored()
    shelves: dict[str, list[Row]] = {}
    for pk, path, slug, _title, title, public_id in pages:
        if public_id:
            row = _row(pk, public_id, slug, titles.get(public_id, title), seen, held_back)
            shelves.setdefault(path[: -Page.steplen], []).append(row)
    return Coverage(
        seen=seen,
        shelves=tuple(
            Shelf(page_id=pk, title=title, rows=tuple(shelves.get(path, ())))
            for pk, path, _slug, title, _draft, public_id in pages
            if not public_id
        ),
    )


def of_article(public_id: UUID) -> tuple[Cell, ...]:
    """One article in each language. Five queries."""
    return of_articles([public_id])[public_id]


def of_articles(public_ids: Iterable[UUID]) -> dict[UUID, tuple[Cell, ...]]:
    """Some articles in each language. Five queries, however many articles."""
    wanted = list(public_ids)
    seen, held_back = Glance(subjects={}, decisions=evidence.outlines_of(wanted)), _held_back(Q(subject_id__in=wanted))
    return {public_id: _cells(public_id, seen, held_back) for public_id in wanted}


def tallies() -> Tallies:
    """Counts over the whole library. Nine queries."""
    in_source = Q(language=SOURCE)
    published = (
        Document.objects.published()
        .exclude(subject_id__in=sandbox.IDS)
        .aggregate(
            documents=Count("pk"),
            terms=Count("pk", filter=in_source & Q(kind=Kind.TERM)),
            contacts=Count("pk", filter=in_source & Q(kind=Kind.HELP_CONTACT)),
        )
    )
    advice = evidence.outlines_of(SafetyAdvice.objects.values_list("public_id", flat=True))
    return Tallies(
        documents=published["documents"],
        terms=Tally(served=published["terms"], total=Term.objects.count()),
        advice=Tally(served=sum(standing(found, SOURCE).state in SERVED for found in advice.values()), total=len(advice)),
        contacts=Tally(served=published["contacts"], total=HelpContact.objects.count()),
        head=Document.objects.aggregate(head=Max("number"))["head"] or 0,
    )


def _row(page_id: int, public_id: UUID, slug: str, title: str, seen: Glance, held_back: set[tuple[UUID, str]]) -> Row:
    live, released = seen.standing(public_id, SOURCE).live, seen.decisions[public_id].latest_release()
    return Row(
        page_id=page_id,
        public_id=public_id,
        slug=released.placement["slug"] if live and released else slug,
        title=title,
        cells=_cells(public_id, seen, held_back),
    )


def _cells(public_id: UUID, seen: Glance, held_back: set[tuple[UUID, str]]) -> tuple[Cell, ...]:
    return tuple(
        Cell(language=language, state=_state(found.state, (public_id, language.tag) in held_back), since=found.since)
        for language in languages.ALL
        for found in [seen.standing(public_id, language.tag)]
    )


def _state(decided: State, is_held_back: bool) -> State:
    return State.HELD if is_held_back and decided in SERVED else decided


def _stored() -> tuple[dict[UUID, str], set[tuple[UUID, str]]]:
    """The titles that readers know articles by, and what the store holds back."""
    current = Document.objects.current().filter(Q(language=SOURCE) | Q(state=Stored.HELD), kind=Kind.ARTICLE)
    rows = list(current.values_list("subject_id", "language", "state", "title"))
    titles = {subject_id: title for subject_id, language, _state, title in rows if language == SOURCE}
    return titles, {(subject_id, language) for subject_id, language, state, _title in rows if state == Stored.HELD}


def _held_back(narrowed: Q) -> set[tuple[UUID, str]]:
    held = Document.objects.current().filter(narrowed, kind=Kind.ARTICLE, state=Stored.HELD)
    return set(held.values_list("subject_id", "language"))


def _counted(cells: Iterable[Cell]) -> Mapping[State, int]:
    found = Counter(cell.state for cell in cells)
    return {state: found[state] for state in WORDS}
