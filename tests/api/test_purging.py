"""A cache in front is told what has changed: after the commit, by the keys of what it keeps, and never in anybody's way."""

import logging
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from api import purging
from tests.api import factories

pytestmark = pytest.mark.django_db


class Cache(ThreadingHTTPServer):
    """Notes what it is told. `answers` are the statuses that it gives first; then 200."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.told: list[tuple[str, str, set[str], str | None]] = []
        self.answers: list[int] = []
        self.delay_s = 0.0

    def keys(self) -> set[str]:
        assert purging.drain(10)
        return {key for _method, _path, keys, _authorization in self.told for key in keys}


class Handler(BaseHTTPRequestHandler):
    server: Cache

    def do_PURGE(self) -> None:
        time.sleep(self.server.delay_s)
        keys = set(self.headers["Surrogate-Key"].split())
        self.server.told.append((self.command, self.path, keys, self.headers.get("Authorization")))
        self.send_response(self.server.answers.pop(0) if self.server.answers else 200)
        self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_POST(self) -> None:
        self.do_PURGE()

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def cache(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cache]:
    monkeypatch.setattr(purging, "TRIES_AFTER_S", (0.01, 0.02))
    server = Cache()
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    settings.PURGE_URL = f"http://127.0.0.1:{server.server_port}/purge"
    yield server
    assert purging.drain(10)
    server.shutdown()
    server.server_close()
    thread.join()


def test_cache_forgets_all_that_showed_a_change_and_nothing_of_another_language(
    client: Client, cache: Cache, django_capture_on_commit_callbacks: Any
) -> None:
    english = factories.publish()
    spanish = factories.publish(english.subject_id, "es", slug=english.slug)
    kept = {
        url: set(client.get(f"/api/v1/{url}")["Surrogate-Key"].split())
        for url in (
            f"articles/{english.slug}/?lang=en",
            f"articles/{english.slug}/?lang=es",
            f"articles/{english.slug}/?lang=fr&fallback=es",
            f"articles/{english.slug}/languages/",
            "articles/?lang=en",
            "articles/?lang=es",
            "articles/?lang=fr&fallback=es",
            "changes/",
            "changes/?lang=en",
            "languages/",
            "substances/?lang=es",
        )
    }
    with django_capture_on_commit_callbacks(execute=True):
        factories.close(spanish, "held")
    forgotten = {url for url, keys in kept.items() if keys & cache.keys()}
    assert forgotten == set(kept) - {f"articles/{english.slug}/?lang=en", "articles/?lang=en", "changes/?lang=en"}
    assert {told[:2] for told in cache.told} == {("PURGE", "/purge")}


def test_nothing_is_told_of_what_is_rolled_back(cache: Cache, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        factories.publish()
        transaction.set_rollback(True)
    assert cache.keys() == set()


def test_method_and_authorization_are_settings(cache: Cache, settings: Any, django_capture_on_commit_callbacks: Any) -> None:
    settings.PURGE_METHOD, settings.PURGE_AUTHORIZATION = "POST", "Bearer secret"
    with django_capture_on_commit_callbacks(execute=True):
        factories.publish()
    assert cache.keys()
    assert {(method, authorization) for method, _path, _keys, authorization in cache.told} == {("POST", "Bearer secret")}


def test_refusal_is_tried_again_and_a_redirect_is_one(cache: Cache, django_capture_on_commit_callbacks: Any) -> None:
    cache.answers = [503, 302]
    with django_capture_on_commit_callbacks(execute=True):
        row = factories.publish()
    assert cache.keys() == set(purging.keys_of(row.subject_id, "en"))
    assert [path for _method, path, _keys, _authorization in cache.told] == ["/purge"] * 3


def test_cache_that_is_away_is_logged_and_in_nobodys_way(
    cache: Cache, settings: Any, caplog: pytest.LogCaptureFixture, django_capture_on_commit_callbacks: Any
) -> None:
    cache.server_close()
    with caplog.at_level(logging.ERROR, "api.purging"), django_capture_on_commit_callbacks(execute=True):
        row = factories.publish()
    assert purging.drain(10)
    (record,) = caplog.records
    assert f"d:{row.subject_id}:en" in record.getMessage()


def test_many_changes_are_few_requests_when_a_cache_is_slow(cache: Cache, django_capture_on_commit_callbacks: Any) -> None:
    cache.delay_s = 0.5
    with django_capture_on_commit_callbacks(execute=True):
        rows = [factories.publish() for _ in range(20)]
    assert {f"d:{row.subject_id}:en" for row in rows} <= cache.keys()
    assert len(cache.told) <= 3
