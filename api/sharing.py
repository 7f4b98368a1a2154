"""What all processes share, in Redis: each question is one script, which Redis runs as one step, in one round trip.

When Redis does not answer, or is not there, a question has no answer, and each process goes by itself. A process asks a silent
Redis again only after a pause, by one request alone, which waits for half a second at most. (Shorter, and a busy machine is
mistaken for a silent Redis.)
"""

import hashlib
import logging
import os
import threading
import time
from collections.abc import Sequence
from typing import Any

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

logger = logging.getLogger(__name__)

PREFIX = "mainstay:"
_TIMEOUT_S, _SHORTEST_PAUSE_S, _LONGEST_PAUSE_S = 0.5, 1.0, 8.0


class Script:
    """A question to Redis, in Lua."""

    def __init__(self, text: str) -> None:
        self.text = text
        # Redis knows a script by this digest; it is no secret.
        self.sha = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


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
            logger.warning("Redis answers again: what processes share is there.")

    def failed(self, error: Exception) -> None:
        """Redis did not answer in time."""
        with self._lock:
            first = not self._pause
            if first or self._trying:
                self._pause = min(max(self._pause * 2, _SHORTEST_PAUSE_S), _LONGEST_PAUSE_S)
                self._until, self._trying = time.monotonic() + self._pause, False
        if first:
            logger.warning("Redis does not answer (%s): each process goes by itself.", type(error).__name__)


class _Shared:
    """A Redis. It raises redis.RedisError when it does not answer in time."""

    def __init__(self, url: str) -> None:
        client: redis.Redis = redis.Redis.from_url(
            url,
            socket_timeout=_TIMEOUT_S,
            socket_connect_timeout=_TIMEOUT_S,
            retry=Retry(NoBackoff(), 0),
            protocol=2,
        )
        self._pool = client.connection_pool
        self._own = threading.local()

    def run(self, script: Script, keys: Sequence[str], arguments: Sequence[Any]) -> Any:
        """What a script answers, over this thread's own connection: taking one from the pool costs as much as the question."""
        try:
            return self._directly("EVALSHA", script.sha, len(keys), *keys, *arguments)
        except redis.exceptions.NoScriptError:  # Redis has started anew, or was never told
            return self._directly("EVAL", script.text, len(keys), *keys, *arguments)

    def _directly(self, *command: Any) -> Any:
        """An answer. A connection that Redis has closed in the meantime is opened once again."""
        kept: tuple[int, redis.Connection] | None = getattr(self._own, "kept", None)
        if kept and kept[0] == os.getpid():
            try:
                return self._ask(kept[1], command)
            except redis.TimeoutError:
                raise
            except redis.ConnectionError:
                pass
        connection = self._pool.make_connection()
        self._own.kept = os.getpid(), connection
        return self._ask(connection, command)

    def _ask(self, connection: Any, command: Sequence[Any]) -> Any:
        try:
            connection.send_command(*command)
            return connection.read_response()
        except redis.exceptions.ResponseError:
            raise
        except BaseException:
            connection.disconnect()  # an answer that comes late must not be taken for the next one
            raise


_shared: dict[str, _Shared] = {}
_breaker = _Breaker()


def run(script: Script, *, keys: Sequence[str], arguments: Sequence[Any] = ()) -> Any:
    """What Redis answers; None when there is none, or it does not answer. Every script answers something."""
    url = settings.REDIS_URL
    if not url or not _breaker.lets_through():
        return None
    if url not in _shared:
        _shared[url] = _Shared(url)
    try:
        answer = _shared[url].run(script, keys, arguments)
    except redis.RedisError as error:
        _breaker.failed(error)
        return None
    _breaker.answered()
    return answer


def forget() -> None:
    """Ask Redis again at once."""
    global _breaker
    _breaker = _Breaker()
