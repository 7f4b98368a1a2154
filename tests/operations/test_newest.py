"""The newest document's digest, shared in Redis: it costs readers no query, and is never an older one."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from api import newest, store
from tests.api import factories
from tests.conftest import examples
from tests.operations import redis_server, service
from tests.operations.redis_server import Server

ROUNDS = 40
# Every change is looked for at once in each process, which has kept what was true before it.
WATCH = """
import json, sys, urllib.error, urllib.request
from uuid import UUID
from tests.api import factories

article = UUID(int=7)

def read(port):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/articles/watched/") as answer:
            return answer.read().decode()
    except urllib.error.HTTPError as refused:
        return json.loads(refused.read())["code"]

wrong = []
for round in range(%(rounds)d):
    document = factories.publish(article, slug="watched", text=f"Text {round}.")
    wrong += [round for port in %(ports)s for _ in range(2) if f"Text {round}." not in read(port)]
    if round %% 4 == 3:
        factories.close(document, "held")
        wrong += [answer for port in %(ports)s if (answer := read(port)) != "held"]
print(json.dumps(wrong))
"""


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Server]:
    with redis_server.running(tmp_path) as server:
        yield server


def shared(redis: Server) -> list[bytes]:
    return [redis.client.get(key) or b"" for key in redis.client.scan_iter("mainstay:newest:*:digest")]


@pytest.mark.django_db
def test_kept_answer_costs_no_query_while_nothing_is_written(
    client: Client, redis: Server, settings: Any, django_assert_num_queries: Any
) -> None:
    settings.REDIS_URL = redis.url
    article = factories.publish()
    redis.client.flushall()  # the test's own transaction never ends, so that its mark would stay
    paths = (f"/api/v1/articles/{article.subject_id}/", "/api/v1/articles/?topic=withdrawal", "/api/v1/changes/?include=document")
    for path in paths:
        client.get(path)
        client.get(path)
    for path in paths:
        with django_assert_num_queries(0):
            assert client.get(path).status_code == 200
    with store.writing():
        factories.publish(text="Something else.")
        assert shared(redis) == []
        for path in paths:
            client.get(path)
        assert shared(redis) == [], "nothing is shared while a document may be written"


def test_what_one_process_writes_every_other_gives_at_once(tmp_path: Path, redis: Server) -> None:
    with service.serving(tmp_path, processes=2, REDIS_URL=redis.url, ANONYMOUS_PER_MINUTE="1000000000") as served:
        watch = WATCH % {"rounds": ROUNDS, "ports": served.ports}
        assert json.loads(service.run(served.environment, "manage.py", "shell", "--verbosity=0", "-c", watch)) == []
        served.get("articles/withdrawal/", process=0)
        served.get("articles/withdrawal/", process=0)
        assert redis.client.keys("mainstay:newest:*:generation"), "the writer was heard"


def test_redis_that_two_databases_use_tells_them_apart(redis: Server, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import connection

    settings.REDIS_URL = redis.url
    newest.share("a1", seen=newest.Known(digest="", generation=""))
    assert shared(redis) == [b"a1"]
    ours = newest.places()
    monkeypatch.setitem(connection.settings_dict, "NAME", "a copy")
    assert set(newest.places()).isdisjoint(ours)


class Protocol(RuleBasedStateMachine):
    """Writers and readers in any order. What is shared is what the database would say now, but while a mark stands."""

    redis: Server

    def __init__(self) -> None:
        super().__init__()
        self.redis.client.flushall()
        self.written = 0
        self.marks: list[str] = []
        self.holds_lock: str | None = None
        self.readers: list[tuple[newest.Known, str]] = []

    def seen(self) -> newest.Known:
        digest, generation = (self.redis.client.get(key) for key in newest.places())
        return newest.Known.read(digest, generation)

    @precondition(lambda self: self.holds_lock is None)
    @rule()
    def begin(self) -> None:
        self.holds_lock = newest.mark()
        self.marks.append(self.holds_lock)

    @precondition(lambda self: self.holds_lock is not None)
    @rule(commits=st.booleans())
    def end(self, commits: bool) -> None:
        """The lock is free now; the mark is taken away later, or never."""
        self.written += commits
        self.holds_lock = None

    @precondition(lambda self: any(mark != self.holds_lock for mark in self.marks))
    @rule(which=st.integers(0, 3))
    def unmark(self, which: int) -> None:
        ended = [mark for mark in self.marks if mark != self.holds_lock]
        mark = ended[which % len(ended)]
        newest.unmark(mark)
        self.marks.remove(mark)

    @rule()
    def ask_database(self) -> None:
        known = self.seen()
        self.readers.append((known, f"d{self.written}"))

    @precondition(lambda self: self.readers)
    @rule(which=st.integers(0, 5))
    def share(self, which: int) -> None:
        known, told = self.readers.pop(which % len(self.readers))
        newest.share(told, seen=known)

    @invariant()
    def nothing_old_is_shared(self) -> None:
        assert self.seen().digest in ("", f"d{self.written}")


@pytest.mark.django_db
def test_nothing_old_is_ever_shared_whatever_the_order(redis: Server, settings: Any) -> None:
    settings.REDIS_URL = redis.url
    Protocol.redis = redis
    run_state_machine_as_test(Protocol, settings=hypothesis_settings(max_examples=examples(200), stateful_step_count=30, database=None))
