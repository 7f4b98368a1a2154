"""Counts requests: exactly in Redis, or, without it, in each process by itself.

The algorithm is a fixed window that opens with its first request: `WINDOW_S` after it the count begins again. Redis counts in
one script, which it runs as one step, so that of any number of requests at once exactly as many as the limit pass.

When Redis does not answer, or is not there, each process counts on its own, from what it last heard: then at most limit ×
processes pass, never all. A process asks a silent Redis again only after a pause, by one request alone, which waits for half
a second at most. (Shorter, and a busy machine is mistaken for a silent Redis.)
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

logger = logging.getLogger(__name__)

WINDOW_S = 60
_TIMEOUT_S, _SHORTEST_PAUSE_S, _LONGEST_PAUSE_S = 0.5, 1.0, 8.0
_MOST_COUNTED = 100_000
_PREFIX = "mainstay:requests:"
# KEYS: the counter. ARGV: milliseconds of a window. A counter that lost its end, as by a restore, is given one.
_COUNT = """
local count = redis.call('INCR', KEYS[1])
local left = redis.call('PTTL', KEYS[1])
if left < 0 then
  redis.call('PEXPIRE', KEYS[1], ARGV[1])
  left = tonumber(ARGV[1])
end
return {count, left}
"""
# Gives one back, unless the window is over.
_GIVE_BACK = "if redis.call('EXISTS', KEYS[1]) == 1 then return redis.call('DECR', KEYS[1]) end return 0"
# KEYS: a value that all processes share. ARGV: what it is if there is none yet, and for how many seconds.
_SHARE = "redis.call('SET', KEYS[1], ARGV[1], 'NX', 'EX', ARGV[2]) return redis.call('GET', KEYS[1])"


@dataclass(frozen=True, kw_only=True)
class Count:
    """How many there have been in this window, this one among them, and the seconds until it ends."""

    requests: int
    seconds_left: float


class _Breaker:
    """Keeps requests from waiting for a Redis that does not answer. The pause doubles each time that it still does not."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pause, self._until, self._trying = 0.0, 0.0, False

    def lets_through(self) -> bool:
        """True, but in a pause; at its end True once, for the one who finds out whether Redis is back."""
        if not self._pause:
            return True
        with self._lock:
            if self._trying or time.monotonic() < self._until:
                return False
            self._trying = True
            return True

    def answered(self) -> None:
        """Redis is there."""
        if self._pause:
            with self._lock:
                self._pause, self._trying = 0.0, False
            logger.warning("Redis answers again: limits are counted there.")

    def failed(self, error: Exception) -> None:
        """Redis did not answer in time."""
        with self._lock:
            first = not self._pause
            if first or self._trying:
                self._pause = min(max(self._pause * 2, _SHORTEST_PAUSE_S), _LONGEST_PAUSE_S)
                self._until, self._trying = time.monotonic() + self._pause, False
        if first:
            logger.warning("Redis does not answer (%s): each process counts limits by itself.", type(error).__name__)


class _Shared:
    """Counts in Redis. Every method raises redis.RedisError when it does not answer in time."""

    def __init__(self, url: str) -> None:
        client: redis.Redis = redis.Redis.from_url(
            url,
            socket_timeout=_TIMEOUT_S,
            socket_connect_timeout=_TIMEOUT_S,
            retry=Retry(NoBackoff(), 0),
            protocol=2,
        )
        self._count = client.register_script(_COUNT)
        self._give_back = client.register_script(_GIVE_BACK)
        self._share = client.register_script(_SHARE)

    def count(self, name: str) -> Count:
        requests, milliseconds = self._count(keys=[_PREFIX + name], args=[WINDOW_S * 1000])
        return Count(requests=requests, seconds_left=milliseconds / 1000)

    def give_back(self, name: str) -> bool:
        self._give_back(keys=[_PREFIX + name])
        return True

    def share(self, name: str, value: bytes, seconds: int) -> bytes:
        found: bytes = self._share(keys=[f"mainstay:{name}"], args=[value, seconds])
        return found


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
            return Count(requests=requests + 1, seconds_left=ends - now)

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


_Answer = TypeVar("_Answer")
_shared: dict[str, _Shared] = {}
_breaker, _alone = _Breaker(), _Alone()


def count(name: str) -> Count:
    """Count one request of a partition."""
    counted = _ask(lambda shared: shared.count(name))
    if counted is None:
        return _alone.count(name)
    _alone.hear(name, counted)
    return counted


def give_back(name: str) -> None:
    """Uncount one request: it cost nothing."""
    if not _ask(lambda shared: shared.give_back(name)):
        _alone.give_back(name)


def share(name: str, value: bytes, *, seconds: int) -> bytes | None:
    """The value that all processes have under this name, which is ours if there was none; None without Redis."""
    return _ask(lambda shared: shared.share(name, value, seconds))


def forget() -> None:
    """Count from nothing in this process, and ask Redis again at once."""
    global _breaker, _alone
    _breaker, _alone = _Breaker(), _Alone()


def _ask(question: Callable[[_Shared], _Answer]) -> _Answer | None:
    """What Redis answers; None when there is none, or it does not answer."""
    url = settings.REDIS_URL
    if not url or not _breaker.lets_through():
        return None
    if url not in _shared:
        _shared[url] = _Shared(url)
    try:
        answer = question(_shared[url])
    except redis.RedisError as error:
        _breaker.failed(error)
        return None
    _breaker.answered()
    return answer
