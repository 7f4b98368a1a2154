"""Lists: which document of each subject is in them, and pages that do not shift when something is published."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, DateField, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from api import cursors, parameters
from api.models import Document, DocumentQuerySet, Kind, State
from api.parts import ContactKind

COUNTED = 1000


@dataclass(frozen=True, kw_only=True)
class Order:
    """What a list is ordered by. The number comes last, so that no two rows are equal."""

    columns: tuple[str, ...]
    descending: bool = False


@dataclass(frozen=True, kw_only=True)
class Page:
    """One page, and the cursors of those beside it. `count` is exact to COUNTED. `head` is the newest document's digest, if known."""

    head: str
    rows: list[Document]
    next: str | None
    previous: str | None
    count: int
    count_exact: bool


# Numbers and moments go up together.
_BY_TIME = {"-modified": Order(columns=("number",), descending=True), "modified": Order(columns=("number",))}
_BY_TITLE = {"title": Order(columns=("title", "number")), "-title": Order(columns=("title", "number"), descending=True)}
ARTICLE_ORDERS = {
    **_BY_TIME,
    **_BY_TITLE,
    "review_due": Order(columns=("due_or_last", "number")),
    "-review_due": Order(columns=("due_or_first", "number"), descending=True),
}
TERM_ORDERS = {
    **_BY_TITLE,
    **_BY_TIME,
    "code": Order(columns=("slug", "number")),
    "-code": Order(columns=("slug", "number"), descending=True),
}
CONTACT_ORDERS = {"region": Order(columns=("region", "urgency", "slug", "number"))}

RELEVANCE = "relevance"
"""Of a search alone, whose rows have a `score`."""
SEARCH_ORDERS = {**ARTICLE_ORDERS, RELEVANCE: Order(columns=("score", "number"), descending=True)}

_COMPUTED = {
    "due_or_last": Coalesce("review_due_on", Value(date.max), output_field=DateField()),
    "due_or_first": Coalesce("review_due_on", Value(date.min), output_field=DateField()),
    "urgency": Case(
        *(When(contact_kind=kind, then=Value(rank)) for rank, kind in enumerate(ContactKind.values)),
        default=Value(99),
        output_field=IntegerField(),
    ),
}


def served(*, kind: Kind, chain: tuple[str, ...], offered: Q) -> DocumentQuerySet:
    """Of each subject the first language of the chain that is published and offered; nothing where a recall comes before it."""
    rows = Document.objects.published().filter(offered, kind=kind, language__in=chain)
    for position, language in enumerate(chain[1:], start=1):
        earlier = Document.objects.current().filter(
            (Q(state=State.PUBLISHED) & offered) | Q(state=State.RECALLED),
            kind=kind,
            subject_id=OuterRef("subject_id"),
            language__in=chain[:position],
        )
        rows = rows.exclude(Q(language=language) & Exists(earlier))
    return rows


class _Counted(Subquery):
    """How many rows a query has: counted where the page is read, so that a page is one query."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


def page(
    rows: QuerySet[Document], *, order: Order, scope: Any, cursor: str | None, limit: int, counted_in: QuerySet[Document] | None = None
) -> Page:
    """One page by keyset, in one query. `scope` is what a cursor belongs to.

    `counted_in` is what is counted when the rows were chosen of more.
    """
    belongs = cursors.scope([scope, order.columns, order.descending])
    backwards, anchor = _position(cursor, belongs, order)
    counted_in = rows if counted_in is None else counted_in
    found = _read(rows, order=order, anchor=anchor, backwards=backwards, limit=limit, counted_in=counted_in)
    # An empty page has no row to carry the count, and says nothing of what comes before it.
    counted = vars(found[0])["counted"] if found else 0 if anchor is None else counted_in[: COUNTED + 1].count()
    head = vars(found[0])["head"] if found else ""
    more, found = len(found) > limit, found[:limit]
    if backwards:
        found.reverse()
    has_next, has_previous = (bool(found), more) if backwards else (more, anchor is not None)
    return Page(
        head=head,
        rows=found,
        next=_cursor(belongs, order, found[-1], backwards=False) if has_next and found else None,
        previous=_cursor(belongs, order, found[0], backwards=True) if has_previous and found else None,
        count=min(counted, COUNTED),
        count_exact=counted <= COUNTED,
    )


def _read(
    rows: QuerySet[Document],
    *,
    order: Order,
    anchor: list[Any] | None,
    backwards: bool,
    limit: int,
    counted_in: QuerySet[Document],
) -> list[Document]:
    descending = order.descending != backwards
    newest = Document.objects.order_by("-number").values("etag")[:1]
    rows = rows.annotate(counted=_Counted(counted_in.order_by().values("number")[: COUNTED + 1]), head=Subquery(newest))
    rows = rows.alias(**{name: _COMPUTED[name] for name in order.columns if name in _COMPUTED})
    rows = rows.annotate(**{f"key_{name}": _COMPUTED[name] for name in order.columns if name in _COMPUTED})
    if anchor is not None:
        rows = rows.filter(_beyond(order.columns, anchor, descending=descending))
    return list(rows.order_by(*(f"-{name}" if descending else name for name in order.columns))[: limit + 1])


def _beyond(columns: tuple[str, ...], anchor: list[Any], *, descending: bool) -> Q:
    """Everything after the anchor in lexical order of the columns."""
    comparison = "lt" if descending else "gt"
    beyond = Q()
    equal: Mapping[str, Any] = {}
    for column, value in zip(columns, anchor, strict=True):
        beyond |= Q(**equal, **{f"{column}__{comparison}": value})
        equal = {**equal, column: value}
    return beyond


def _position(cursor: str | None, belongs: str, order: Order) -> tuple[bool, list[Any] | None]:
    if cursor is None:
        return False, None
    position = cursors.read("list", cursor)
    if position[:1] != [belongs] or len(position) != 2 + len(order.columns):
        raise cursors.other_filter()
    if not all(_is_value_of(column, value) for column, value in zip(order.columns, position[2:], strict=True)):
        raise cursors.other_filter()
    return bool(position[1]), position[2:]


def _is_value_of(column: str, value: Any) -> bool:
    """Whether a row can stand there: another version of the service may have written something else."""
    match column, value:
        case "number" | "score" | "urgency", int() | float():
            return type(value) is not bool and abs(value) < 2**63
        case "due_or_last" | "due_or_first", str():
            return _is_day(value)
        case _, str():
            return column not in ("number", "score", "urgency") and parameters.is_storable(value)
    return False


def _is_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


def _cursor(belongs: str, order: Order, row: Document, *, backwards: bool) -> str:
    values = [getattr(row, f"key_{name}" if name in _COMPUTED else name) for name in order.columns]
    return cursors.write("list", [belongs, backwards, *(str(value) if isinstance(value, date) else value for value in values)])
