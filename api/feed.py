"""The change feed: current rows by number. It compacts itself, and from the beginning it is the full copy.

A cursor names the number it stands at, the first digits of that row's digest, and the digest of the filter. After a
restore the row is missing or another one, and the reader is told to start again; nothing else need be remembered.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import BooleanField, Case, Exists, OuterRef, Q, Value, When

from api import addresses, canonical, cursors, exclusions, filters, parameters, prepared
from api.models import Document, DocumentQuerySet, Kind, State
from api.problems import Problem

LEFT_FILTER = "left-filter"
_DIGITS = 8


@dataclass(frozen=True, kw_only=True)
class Filter:
    """What a reader of the feed wants. `languages` empty: all. `sample` as in `filters.samples_shown`.

    `exclusions` are its partner's; a closure comes through them, so that nobody misses a recall.
    """

    kinds: tuple[str, ...] = tuple(Kind.values)
    languages: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    sample: filters.Samples = None
    exclusions: tuple[str, ...] = ()

    def fixed(self) -> Q:
        """What a document can never leave."""
        return Q(kind__in=self.kinds) & (Q(language__in=self.languages) if self.languages else Q())

    def movable(self) -> Q:
        """What a later version may no longer match; empty when nothing is asked that can change."""
        assert filters.TOPIC.narrows  # noqa: S101 - for the type checker
        topic = filters.TOPIC.narrows(self.topics) if self.topics else Q()
        offered = exclusions.offered(self.exclusions)
        return topic & filters.samples(self.sample) & (~Q(state=State.PUBLISHED) | offered if offered else Q())

    def scope(self) -> str:
        """The same for equal filters, whatever order they were written in."""
        return cursors.scope([sorted(self.kinds), sorted(self.languages), sorted(self.topics), self.sample])


@dataclass(frozen=True, kw_only=True)
class Page:
    """One page: its items with what stands between them, the cursor after them, and the number after which it begins.

    A part is JSON text, or, of a page that was asked for compressed, the gzip of JSON text. `digest` is of all items; `head` is that
    of the newest document when the page was read.
    """

    after: int
    parts: list[str | bytes]
    digest: str
    cursor: str
    has_more: bool
    head: str


def page(*, wanted: Filter, after: str | None, limit: int, documents: bool, compressed: bool = False, known_head: str = "") -> Page:
    """What changed after a cursor, in one query. Problem `invalid-cursor` (400), or `sync-token-expired` (410), then without `restart`.

    Raises Unmoved when `known_head` is the newest document still.
    """
    number, digest = _position(after, wanted) if after is not None else (0, "")
    columns = _COLUMNS[compressed, documents]
    sql, parameters = _sql(wanted, limit + 1, columns, filters.samples_shown(wanted.sample))
    here = [number if parameter == _NUMBER else parameter for parameter in parameters]
    found = prepared.documents(
        columns, sql, [number, digest, *here, known_head], before=("head", "there"), after=("matches",), known_head=known_head
    )
    head = vars(found[0])["head"] if found else ""
    rows = [row for row in found if row.pk is not None]
    if number and not (found and vars(found[0])["there"]):
        raise Problem("sync-token-expired", "The service was restored from a backup. Start the copy again; delete what it lacks.")
    shown, began_after = rows[:limit], number
    if shown:
        number, digest = shown[-1].number, shown[-1].etag[:_DIGITS]
    items = [(row, item(row, left=not _matches(row))) for row in shown]
    return Page(
        after=began_after,
        parts=list(_parts(items, documents=documents, compressed=compressed)),
        digest=canonical.digest("".join(text for _, text in items) + str(documents)),
        cursor=cursors.write("feed", [number, digest, wanted.scope(), _conditions(wanted)]),
        has_more=len(rows) > limit,
        head=head,
    )


def _parts(items: list[tuple[Document, str]], *, documents: bool, compressed: bool) -> Iterator[str | bytes]:
    """Each item as text, with its document as a member where it has one."""
    for position, (row, text) in enumerate(items):
        comma = "," if position else ""
        if documents and _matches(row) and row.state == State.PUBLISHED:
            yield f'{comma}{text[:-1]},"document":'
            yield bytes(row.compressed or b"") if compressed else row.body
            yield "}"
        else:
            yield f"{comma}{text}"


def written(wanted: Filter) -> dict[str, Any]:
    """A filter as it is stored."""
    return {"kinds": wanted.kinds, "languages": wanted.languages, "topics": wanted.topics, "sample": wanted.sample}


def filter_of(stored: Mapping[str, Any], *, exclusions: tuple[str, ...]) -> Filter:
    """The filter that `written` wrote, with the exclusions of today."""
    several = {name: tuple(stored[name]) for name in ("kinds", "languages", "topics")}
    return Filter(**several, sample=stored["sample"], exclusions=exclusions)


def item(row: Document, *, left: bool = False) -> str:
    """A row as an item, JSON text. One that `left` the filter is given as gone."""
    members: Mapping[str, Any] = {
        "number": row.number,
        "kind": row.kind,
        "id": str(row.subject_id),
        "slug": row.slug,
        "lang": row.language,
        "state": State.GONE if left else row.state,
        "reason": LEFT_FILTER if left else row.reason,
        "version": row.version,
        "etag": row.quoted_etag,
        "modified_at": canonical.moment(row.modified_at),
        "update_type": row.update_type,
        "change_note": row.change_note,
        "change_note_lang": row.change_note_language,
        "url": addresses.document(row),
    }
    return canonical.dumps(members)


def _matches(row: Document) -> bool:
    return bool(vars(row)["matches"])


def unread(wanted: Filter, number: int) -> DocumentQuerySet:
    """Ascending: current rows after a number that match, and those that no longer do although an earlier version did."""
    rows = Document.objects.since(number).filter(wanted.fixed())
    movable = wanted.movable()
    if not movable:
        return rows.annotate(matches=Value(True))
    matches = Case(When(movable, then=Value(True)), default=Value(False), output_field=BooleanField())
    earlier = Document.objects.filter(
        movable,
        kind=OuterRef("kind"),
        subject_id=OuterRef("subject_id"),
        language=OuterRef("language"),
        current=False,
        state=State.PUBLISHED,
    )
    return rows.annotate(matches=matches).filter(Q(matches=True) | Exists(earlier))


def _position(after: str, wanted: Filter) -> tuple[int, str]:
    match cursors.read("feed", after):
        case [int() as number, str() as digest, scope, conditions] if (
            type(number) is int and 0 <= number < 2**63 and parameters.is_storable(digest)
        ):
            pass
        case _:
            raise cursors.other_filter()
    if conditions != _conditions(wanted):
        raise Problem("sync-token-expired", "The service has changed what it gives you without being asked. Start the copy again.")
    if scope != wanted.scope():
        raise cursors.other_filter()
    return number, digest


_NUMBER = -(2**60)
"""Stands for the number in a query that is kept."""
_ITEM = (
    "number",
    "kind",
    "subject_id",
    "language",
    "state",
    "version",
    "etag",
    "modified_at",
    "update_type",
    "change_note",
    "change_note_language",
    "reason",
    "slug",
    "vocabulary",
)
_THIN = prepared.Columns(*_ITEM)
_COLUMNS = {
    (False, False): _THIN,
    (True, False): _THIN,
    (False, True): prepared.Columns(*_ITEM, "body"),
    (True, True): prepared.Columns(*_ITEM, "compressed"),
}


@lru_cache(maxsize=256)
def _sql(wanted: Filter, most: int, columns: prepared.Columns, _samples_shown: filters.Samples) -> tuple[str, tuple[Any, ...]]:
    """The newest document's digest, whether the cursor's row is there, and, unless that digest is known, the rows after it."""
    rows = unread(wanted, _NUMBER).defer(None).only(*columns.names)[:most]
    inner, parameters = rows.query.sql_with_params()
    return (
        "SELECT newest.etag AS head, EXISTS(SELECT 1 FROM api_document WHERE number = %s AND SUBSTR(etag, 1, 8) = %s) AS there, page.*"
        f" FROM (SELECT etag FROM api_document ORDER BY number DESC LIMIT 1) newest LEFT JOIN ({inner}) page ON newest.etag <> %s"
        " ORDER BY page.number"
    ), parameters


def _conditions(wanted: Filter) -> str:
    """What a page depends on beside its filter: whether samples are shown, and what the partner never wants."""
    return cursors.scope([filters.samples_shown(None) is None, wanted.exclusions])
