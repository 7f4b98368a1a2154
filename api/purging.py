"""Telling a cache in front what has changed, by the `Surrogate-Key` of what it keeps: after the commit, and never in anybody's way.

With `PURGE_URL` set, each document that is written sends one request there, with the keys in a `Surrogate-Key` header (as for Varnish
with xkey, Fastly and others that purge by key). One thread of each process sends them, what has gathered meanwhile in one request. It is
best effort: what cannot be delivered is tried again a few times, then logged, and a cache forgets by itself after a minute.
"""

import atexit
import logging
import threading
import time
import urllib.request
from collections.abc import Iterable
from http.client import HTTPException
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db import transaction

logger = logging.getLogger(__name__)

HEADER = "Surrogate-Key"
MOST_KEYS = 100
TIMEOUT_S = 5.0
TRIES_AFTER_S = (0.5, 2.0)
_AT_EXIT_S = 10.0


def keys_of(subject_id: UUID, language: str) -> tuple[str, ...]:
    """The keys of every answer that shows one language of a subject, or lists it."""
    return (f"d:{subject_id}:{language}", f"list:{language}")


def after_commit(subject_id: UUID, language: str) -> None:
    """Have a cache forget what showed this document, once the change is committed."""
    if settings.PURGE_URL:
        transaction.on_commit(lambda: _queue.add(keys_of(subject_id, language)), robust=True)


def drain(seconds: float) -> bool:
    """Wait until all has been sent or given up; whether it was."""
    return _queue.drain(seconds)


class _Queue:
    """Keys that are still to be sent, and the thread that sends them, which is started with the first."""

    def __init__(self) -> None:
        self._waiting: dict[str, None] = {}
        self._changed = threading.Condition()
        self._is_sending = False
        self._thread: threading.Thread | None = None

    def add(self, keys: Iterable[str]) -> None:
        with self._changed:
            self._waiting.update(dict.fromkeys(keys))
            if self._thread is None or not self._thread.is_alive():  # after a fork there is none
                self._thread = threading.Thread(target=self._run, name="purging", daemon=True)
                self._thread.start()
                atexit.register(self.drain, _AT_EXIT_S)
            self._changed.notify_all()

    def drain(self, seconds: float) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: not self._waiting and not self._is_sending, seconds)

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting)
                keys = list(self._waiting)[:MOST_KEYS]
                for key in keys:
                    del self._waiting[key]
                self._is_sending = True
            try:
                _deliver(keys)
            finally:
                with self._changed:
                    self._is_sending = False
                    self._changed.notify_all()


_queue = _Queue()


def _deliver(keys: list[str]) -> None:
    """Send the keys, a few times if need be."""
    for wait in (*TRIES_AFTER_S, None):
        try:
            _send(keys)
        except (OSError, HTTPException, ValueError) as error:
            if wait is None:
                logger.error("The cache at %s was not told of %s: %s", urlsplit(settings.PURGE_URL).hostname, " ".join(keys), error)
                return
            time.sleep(wait)
        else:
            logger.info("The cache was told of %s", " ".join(keys))
            return


def _send(keys: list[str]) -> None:
    headers = {HEADER: " ".join(keys)}
    if settings.PURGE_AUTHORIZATION:
        headers["Authorization"] = settings.PURGE_AUTHORIZATION
    request = urllib.request.Request(settings.PURGE_URL, method=settings.PURGE_METHOD, headers=headers)  # noqa: S310 - of our settings
    with _opener.open(request, timeout=TIMEOUT_S) as answer:
        answer.read(1000)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A cache that sends us elsewhere has not purged, and its key is not for elsewhere."""

    def redirect_request(self, *args: object, **kwargs: object) -> None:
        return None


_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect)
