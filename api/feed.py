"""The change feed: current rows by number. It compacts itself, and from the beginning it is the full copy.

A cursor names the number it stands at, the first digits of that row's digest, and the digest of the filter. After a
restore the row is missing or another one, and the reader is told to start again; nothing else need be remembered.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Case, Exists, OuterRef, Q, Value, When

from api import addresses, canonical, cursors, exclusions, filters, representations
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
    sample: bool | None = None
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
    """One page: items as JSON texts, the cursor after them, and the number after which it begins."""

    after: int
    items: list[str]
    cursor: str
    has_more: bool


def page(*, wanted: Filter, after: str | None, limit: int, documents: bool) -> Page:
    """What changed after a cursor. Problem `invalid-cursor` (400), or `sync-token-expired` (410), then without `restart`."""
    number, digest = _position(after, wanted) if after is not None else (0, "")
    rows = list(unread(wanted, number)[: limit + 1])
    shown, began_after = rows[:limit], number
    if shown:
        number, digest = shown[-1].number, shown[-1].etag[:_DIGITS]
    return Page(
        after=began_after,
        items=[item(row, left=not getattr(row, "matches", True), document=documents) for row in shown],
        cursor=cursors.write("feed", [number, digest, wanted.scope(), _conditions(wanted)]),
        has_more=len(rows) > limit,
    )


def written(wanted: Filter) -> dict[str, Any]:
    """A filter as it is stored."""
    return {"kinds": wanted.kinds, "languages": wanted.languages, "topics": wanted.topics, "sample": wanted.sample}


def filter_of(stored: Mapping[str, Any], *, exclusions: tuple[str, ...]) -> Filter:
    """The filter that `written` wrote, with the exclusions of today."""
    several = {name: tuple(stored[name]) for name in ("kinds", "languages", "topics")}
    return Filter(**several, sample=stored["sample"], exclusions=exclusions)


def item(row: Document, *, left: bool = False, document: bool = False) -> str:
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
    text = canonical.dumps(members)
    carries = document and not left and row.state == State.PUBLISHED
    return representations.with_member(text, "document", row.body) if carries else text


def unread(wanted: Filter, number: int) -> DocumentQuerySet:
    """Ascending: current rows after a number that match, and those that no longer do although an earlier version did."""
    rows = Document.objects.since(number).filter(wanted.fixed())
    movable = wanted.movable()
    if not movable:
        return rows
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
    position = cursors.read("feed", after)
    if len(position) != 4:
        raise cursors.other_filter()
    number, digest, scope, conditions = position
    if conditions != _conditions(wanted):
        raise Problem("sync-token-expired", "The service has changed what it gives you without being asked. Start the copy again.")
    if scope != wanted.scope():
        raise cursors.other_filter()
    if number and not Document.objects.filter(number=number, etag__startswith=digest).exists():
        raise Problem("sync-token-expired", "The service was restored from a backup. Start the copy again; delete what it lacks.")
    return number, digest


def _conditions(wanted: Filter) -> str:
    """What a page depends on beside its filter: whether samples are shown, and what the partner never wants."""
    return cursors.scope([filters.samples_shown(None) is None, wanted.exclusions])
