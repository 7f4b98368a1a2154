"""Numbers are seen in the order in which they were given, whoever commits first."""

from collections.abc import Callable
from itertools import count
from threading import Event, Thread

import pytest
from django.db import IntegrityError, connection
from django.test import Client
from django.utils import timezone

from api import search, store
from tests.api import factories

BASE = "http://127.0.0.1:8000"


class Publisher(Thread):
    """Publishes one document on a connection of its own; commits when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.written, self.may_commit, self.committed = Event(), Event(), Event()
        self.number: int | None = None
        self.failure: Exception | None = None

    def run(self) -> None:
        try:
            with store.writing():
                self.number = factories.publish().number
                self.written.set()
                self.may_commit.wait(30)
            self.committed.set()
        except IntegrityError as error:
            self.failure = error
        finally:
            connection.close()


def numbers(client: Client, url: str) -> tuple[list[int | None], str]:
    page = client.get(url).json()
    return [item["number"] for item in page["items"]], page["next"].removeprefix(BASE)


def race(client: Client) -> tuple[list[int | None], list[Publisher]]:
    """T1 publishes and waits; T2 publishes and commits, if it can; read; T1 commits; read on. All that the reader saw."""
    first, second = Publisher(), Publisher()
    second.may_commit.set()
    first.start()
    assert first.written.wait(30)
    second.start()
    second.committed.wait(0.5)
    seen, following = numbers(client, "/api/v1/changes/")
    first.may_commit.set()
    for publisher in (first, second):
        publisher.join(30)
        assert not publisher.is_alive()
    later, _ = numbers(client, following)
    return [*seen, *later], [first, second]


@pytest.mark.figure(2)
@pytest.mark.django_db(transaction=True)
def test_reader_sees_both_of_two_that_publish_at_once(client: Client, figure: Callable[..., None]) -> None:
    seen, publishers = race(client)
    lost = {publisher.number for publisher in publishers} - set(seen)
    assert seen == [1, 2]
    assert all(publisher.committed.is_set() for publisher in publishers)
    figure(row=2, name="documents that a reader at `next` never saw", value=len(lost), limit=0)


@pytest.fixture
def _without_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "_lock", lambda: None)


@pytest.mark.postgresql  # on SQLite the transaction itself is the lock; it cannot be taken out
@pytest.mark.usefixtures("_without_lock")
@pytest.mark.django_db(transaction=True)
def test_without_the_lock_one_of_the_two_is_refused(client: Client) -> None:
    seen, publishers = race(client)
    assert seen == [1]
    assert [bool(publisher.failure) for publisher in publishers] == [False, True]


@pytest.fixture
def _sequence(monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = count(1)
    monkeypatch.setattr(store, "_next_stamp", lambda: store._Stamp(number=next(numbers), modified_at=timezone.now()))
    # Two that add the same word to the search index wait for each other, which would hide what is shown here.
    monkeypatch.setattr(search, "follow", lambda **_: None)


@pytest.mark.postgresql
@pytest.mark.usefixtures("_without_lock", "_sequence")
@pytest.mark.django_db(transaction=True)
def test_without_the_lock_a_sequence_loses_what_commits_late(client: Client) -> None:
    seen, publishers = race(client)
    assert all(publisher.committed.is_set() for publisher in publishers)
    assert seen == [2], "number 1 was committed, and the reader never saw it"
