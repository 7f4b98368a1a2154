"""How far a partner's copy is behind what is published."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.utils import timezone

from api import addresses, canonical, exclusions, feed, sandbox
from api.models import Document, Partner, State, SyncPosition

POLL_EVERY_S = 900
REMOVE_WITHIN_H = 4
MOST_HOLDS = 100

Freshness = Literal["never", "fresh", "behind", "stale"]


@dataclass(frozen=True, kw_only=True)
class Sync:
    """Where a reader of the feed stands. `unread` is what it has not asked for yet, of what its filter lets through."""

    number: int
    head: int
    unread: int
    unread_since: datetime | None
    read_at: datetime


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A partner's copy: its position, how fresh it is, and what it must not show."""

    sync: Sync | None
    freshness: Freshness


def of(partner: Partner, *, environment: str) -> Standing:
    """How the partner's copy stands by the key of an environment that read the feed last."""
    positions = SyncPosition.objects.filter(key__partner=partner, key__environment=environment)
    position = positions.order_by("-read_at").first()
    sync = _sync(position, exclusions.of(partner)) if position else None
    return Standing(sync=sync, freshness=_freshness(sync, timezone.now()))


def closed(*, after: int | None) -> tuple[int, list[dict[str, Any]]]:
    """What is held or recalled now: how many, and the newest hundred. `unread` is those after a number."""
    rows = Document.objects.current().filter(state__in=(State.HELD, State.RECALLED)).exclude(subject_id__in=sandbox.IDS)
    shown = [
        {
            "kind": row.kind,
            "id": str(row.subject_id),
            "slug": row.slug,
            "lang": row.language,
            "state": row.state,
            "reason": row.reason,
            "since": canonical.moment(row.modified_at),
            "url": addresses.document(row),
            "unread": after is None or row.number > after,
        }
        for row in rows.order_by("-number")[:MOST_HOLDS]
    ]
    return (len(shown) if len(shown) < MOST_HOLDS else rows.count()), shown


def _sync(position: SyncPosition, excluded: tuple[str, ...]) -> Sync:
    unread = feed.unread(feed.filter_of(position.filter, exclusions=excluded), position.number)
    first = unread.first()
    head = Document.objects.order_by("-number").values_list("number", flat=True).first()
    return Sync(
        number=position.number,
        head=head or 0,
        unread=unread.count() if first else 0,
        unread_since=first.modified_at if first else None,
        read_at=position.read_at,
    )


def _freshness(sync: Sync | None, now: datetime) -> Freshness:
    """What was given counts as read when the reader asks again: `behind` is longer than two polls, `stale` than a removal may take."""
    if sync is None:
        return "never"
    waiting = (now - sync.unread_since).total_seconds() if sync.unread_since else 0
    if waiting < 2 * POLL_EVERY_S:
        return "fresh"
    return "stale" if waiting >= REMOVE_WITHIN_H * 3600 else "behind"
