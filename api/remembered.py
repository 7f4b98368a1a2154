"""Answers kept in the process, each good for as long as no document was written: a publication makes all of them old at once.

Nothing is taken on trust. Which document is the newest is asked with each request: of Redis, with the count of the request
(`api.newest`), or by the one query that the request would have made in any case or by a smaller one. What was read under another
is not used. So nobody is given what was held or recalled before
the request began, whichever process or machine took it down.
"""

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from api import prepared, uses
from api.responses import Answer

MOST_BYTES = 16 * 2**20
LARGEST = 2**20
#: What an answer shows beside documents, as the words that a search knows, may be so old.
KEPT_FOR_S = 60
#: Headers and what Python itself needs.
_BESIDE = 2_000
_HEAD = "SELECT etag FROM api_document ORDER BY number DESC LIMIT 1"


Key = tuple[Any, ...]


@dataclass(frozen=True, kw_only=True)
class Kept:
    """An answer; `head` is the digest of the document that was the newest when it was read."""

    head: str
    answer: Answer
    position: uses.Position | None
    until: float
    size: int


_lock = threading.Lock()
_kept: OrderedDict[Key, Kept] = OrderedDict()
_bytes = 0


def head() -> str:
    """The digest of the newest document: another one for every row that is written, or taken away by a restore. One small query."""
    found = prepared.rows(_HEAD, [])
    return str(found[0][0]) if found else ""


def find(key: Key) -> Kept | None:
    """What is kept for a request; whether it is still true, its `head` says."""
    with _lock:
        kept = _kept.get(key)
        if kept is None:
            return None
        if kept.until < time.monotonic():
            _drop(key)
            return None
        _kept.move_to_end(key)
        return kept


def keep(key: Key, *, head: str, answer: Answer, position: uses.Position | None = None) -> None:
    """Keep an answer. `head`, the newest document's digest, was read with it or before it: never after."""
    if not head or len(answer.content) > LARGEST:
        return
    global _bytes
    # A short answer may have been asked for at great length.
    size = len(answer.content) + _BESIDE + sum(len(part) for part in key if isinstance(part, str))
    kept = Kept(head=head, answer=answer, position=position, until=time.monotonic() + KEPT_FOR_S, size=size)
    with _lock:
        _drop(key)
        _kept[key] = kept
        _bytes += size
        while _bytes > MOST_BYTES:
            _drop(next(iter(_kept)))


def size() -> int:
    """About how many bytes all that is kept takes."""
    return _bytes


def forget() -> None:
    """Keep nothing."""
    global _bytes
    with _lock:
        _kept.clear()
        _bytes = 0


def _drop(key: Key) -> None:
    global _bytes
    gone = _kept.pop(key, None)
    if gone:
        _bytes -= gone.size
