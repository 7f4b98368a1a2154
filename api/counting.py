"""Counts requests: exactly in Redis, or, without it, in each process by itself.

The algorithm is a fixed window that opens with its first request: `WINDOW_S` after it the count begins again. Redis counts in
one script, so that of any number of requests at once exactly as many as the limit pass; what it knows of the newest document
comes with the count. Without Redis each process counts on its own, from what it last heard: then at most limit × processes
pass, never all.
"""

import threading
import time
from dataclasses import dataclass

from api import newest, sharing

WINDOW_S = 60
_MOST_COUNTED = 100_000
_PREFIX = f"{sharing.PREFIX}requests:"
# KEYS: the counter. ARGV: milliseconds of a window. A counter that lost its end, as by a restore, is given one.
_COUNT = sharing.Script("""
local count = redis.call('INCR', KEYS[1])
local left = redis.call('PTTL', KEYS[1])
if left < 0 then
  redis.call('PEXPIRE', KEYS[1], ARGV[1])
  left = tonumber(ARGV[1])
end
return {count, left, redis.call('GET', KEYS[2]), redis.call('GET', KEYS[3])}
""")
# Gives one back, unless the window is over.
_GIVE_BACK = sharing.Script("if redis.call('EXISTS', KEYS[1]) == 1 then return redis.call('DECR', KEYS[1]) end return 0")
# KEYS: a value that all processes share. ARGV: what it is if there is none yet, and for how many seconds.
_SHARE = sharing.Script("redis.call('SET', KEYS[1], ARGV[1], 'NX', 'EX', ARGV[2]) return redis.call('GET', KEYS[1])")


@dataclass(frozen=True, kw_only=True)
class Count:
    """How many there have been in this window, this one among them, and the seconds until it ends.

    `known` is what Redis knew of the newest document at that moment; None when this process counted by itself.
    """

    requests: int
    seconds_left: float
    known: newest.Known | None = None


class _Alone:
    """Counts in this process. What does not fit is counted together: memory is bounded, and nobody is let by uncounted."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._windows: dict[str, tuple[int, float]] = {}
        self._next_sweep = 0.0

    def count(self, name: str) -> Count:
        with self._lock:
            now = time.monotonic()
            name = name if name in self._windows or self._has_room(now) else ""
            requests, ends = self._windows.get(name, (0, 0.0))
            if now >= ends:
                requests, ends = 0, now + WINDOW_S
            self._windows[name] = (requests + 1, ends)
            # A clock with a fraction adds and takes away sixty with a rest of its last digit.
            return Count(requests=requests + 1, seconds_left=min(ends - now, WINDOW_S))

    def give_back(self, name: str) -> None:
        with self._lock:
            requests, ends = self._windows.get(name, (0, 0.0))
            if requests:
                self._windows[name] = (requests - 1, ends)

    def hear(self, name: str, count: Count) -> None:
        """Remember what was counted elsewhere. Answers may overtake each other: of one window the highest count stays."""
        ends = time.monotonic() + count.seconds_left
        before, ended = self._windows.get(name, (0, 0.0))
        if abs(ends - ended) > 1 or count.requests > before:
            with self._lock:
                if name in self._windows or self._has_room(time.monotonic()):
                    self._windows[name] = (count.requests, ends)

    def _has_room(self, now: float) -> bool:
        if len(self._windows) >= _MOST_COUNTED and now >= self._next_sweep:
            self._windows = {name: window for name, window in self._windows.items() if window[1] > now}
            self._next_sweep = now + 1
        return len(self._windows) < _MOST_COUNTED


_alone = _Alone()


def count(name: str) -> Count:
    """Count one request of a partition."""
    found = sharing.run(_COUNT, keys=(_PREFIX + name, *newest.places()), arguments=(WINDOW_S * 1000,))
    if found is None:
        return _alone.count(name)
    requests, milliseconds, digest, generation = found
    counted = Count(requests=requests, seconds_left=milliseconds / 1000, known=newest.Known.read(digest, generation))
    _alone.hear(name, counted)
    return counted


def give_back(name: str) -> None:
    """Uncount one request: it cost nothing."""
    if sharing.run(_GIVE_BACK, keys=(_PREFIX + name,)) is None:
        _alone.give_back(name)


def share(name: str, value: bytes, *, seconds: int) -> bytes | None:
    """The value that all processes have under this name, which is ours if there was none; None without Redis."""
    found: bytes | None = sharing.run(_SHARE, keys=(sharing.PREFIX + name,), arguments=(value, seconds))
    return found


def forget() -> None:
    """Count from nothing in this process, and ask Redis again at once."""
    global _alone
    _alone = _Alone()
    sharing.forget()
