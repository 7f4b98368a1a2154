"""What keys are used for: noted in the process, written after the answer was sent, at most once a minute for each key.

A process that is killed takes the notes of its last minute with it: they are for people to look at, nothing is decided by them.
"""

import logging
import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.core.signals import request_finished
from django.db import Error, transaction
from django.db.models import F, Q
from django.utils import timezone

from api.models import Key, SyncPosition, Use

logger = logging.getLogger(__name__)

WRITTEN_EVERY_S = 60


@dataclass(frozen=True, kw_only=True)
class Position:
    """Where a reader of the change feed stands, and by which filter it reads."""

    number: int
    filter: Mapping[str, Any]
    read_at: datetime


@dataclass(kw_only=True)
class _Notes:
    last_used_at: datetime
    requests: Counter[tuple[date, str]] = field(default_factory=Counter)
    refused: Counter[tuple[date, str]] = field(default_factory=Counter)
    position: Position | None = None


_lock = threading.Lock()
_notes: dict[int, _Notes] = {}
_written: dict[int, float] = {}


def note(key_id: int, *, endpoint: str, refused: bool = False, position: Position | None = None) -> None:
    """Remember one request of a key."""
    now = timezone.now()
    with _lock:
        notes = _notes.setdefault(key_id, _Notes(last_used_at=now))
        notes.last_used_at = now
        notes.requests[now.date(), endpoint] += 1
        notes.refused[now.date(), endpoint] += refused
        notes.position = position or notes.position


def write_due(**kwargs: Any) -> None:
    """Write the notes of keys that were not written in the last minute."""
    if _notes:
        _write(time.monotonic() - WRITTEN_EVERY_S)


def write_all() -> None:
    """Write every note."""
    _write(time.monotonic())


def forget() -> None:
    """Drop what was not written."""
    with _lock:
        _notes.clear()
        _written.clear()


def _write(last_written_before: float) -> None:
    with _lock:
        due = {key_id: notes for key_id, notes in _notes.items() if _written.get(key_id, float("-inf")) <= last_written_before}
        for key_id in due:
            del _notes[key_id]
            _written[key_id] = time.monotonic()
    # In one order everywhere, so that no two processes wait for each other.
    for key_id, notes in sorted(due.items()):
        try:
            with transaction.atomic():
                _write_key(key_id, notes)
        except Error as error:
            logger.warning("The use of a key could not be written: %s", error)


def _write_key(key_id: int, notes: _Notes) -> None:
    not_later = Q(last_used_at=None) | Q(last_used_at__lt=notes.last_used_at)
    Key.objects.filter(not_later, pk=key_id).update(last_used_at=notes.last_used_at)
    for (day, endpoint), requests in sorted(notes.requests.items()):
        use, _created = Use.objects.get_or_create(key_id=key_id, day=day, endpoint=endpoint)
        refused = notes.refused[day, endpoint]
        Use.objects.filter(pk=use.pk).update(requests=F("requests") + requests, refused=F("refused") + refused)
    if notes.position:
        stands = vars(notes.position)
        _position, created = SyncPosition.objects.get_or_create(key_id=key_id, defaults=stands)
        if not created:
            SyncPosition.objects.filter(key_id=key_id, read_at__lt=notes.position.read_at).update(**stands)


request_finished.connect(write_due, dispatch_uid="api.uses")
