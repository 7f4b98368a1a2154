"""What keys are used for: noted, and written at most once a minute."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from api import partners, uses
from api.models import Key, SyncPosition, Use
from tests.api import factories, keys

pytestmark = pytest.mark.django_db
BASE = "http://127.0.0.1:8000"


def test_first_use_is_written_at_once_and_the_next_ones_together(django_assert_num_queries: Any) -> None:
    issued = keys.issue()
    client = keys.caller(issued.text)
    client.get("/api/v1/articles/")
    assert Key.objects.get().last_used_at
    with django_assert_num_queries(0):
        for _ in range(5):
            client.get("/api/v1/")
    assert Use.objects.count() == 1
    uses.write_all()
    assert dict(Use.objects.values_list("endpoint", "requests")) == {"api/v1/articles/": 1, "api/v1/": 5}


def test_refusals_are_counted() -> None:
    client = keys.caller(keys.issue(requests_per_minute=1).text)
    for _ in range(3):
        client.get("/api/v1/")
    uses.write_all()
    assert Use.objects.values_list("requests", "refused").get() == (3, 2)


def test_two_processes_add_up_and_neither_turns_time_back() -> None:
    key = keys.issue().key
    late = uses.Position(number=9, filter={}, read_at=timezone.now())
    early = uses.Position(number=3, filter={}, read_at=timezone.now() - timedelta(seconds=5))
    for position in (late, early):
        uses.note(key.pk, endpoint="x", position=position)
        uses.write_all()
    assert Use.objects.values_list("requests", flat=True).get() == 2
    assert SyncPosition.objects.values_list("number", flat=True).get() == 9


def test_position_is_where_the_reader_says_it_stands() -> None:
    client = keys.caller(keys.issue().text)
    number = factories.publish().number
    page = client.get("/api/v1/changes/?lang=en").json()
    uses.write_all()
    assert SyncPosition.objects.get().number == 0, "given is not read"
    client.get(page["next"].removeprefix(BASE))
    uses.write_all()
    position = SyncPosition.objects.get()
    assert (position.number, position.filter["languages"]) == (number, ["en"])


def test_answer_goes_out_when_use_cannot_be_written(monkeypatch: pytest.MonkeyPatch, caplog: Any) -> None:
    def fails(*_: Any) -> None:
        raise DatabaseError("read-only")

    monkeypatch.setattr(uses, "_write_key", fails)
    assert keys.caller(keys.issue().text).get("/api/v1/").status_code == 200
    assert "could not be written" in caplog.text


def test_anonymous_reading_leaves_no_trace(client: Client) -> None:
    client.get("/api/v1/")
    uses.write_all()
    assert not Use.objects.exists()


def test_sums_by_day_and_endpoint() -> None:
    owner, today = keys.partner(), timezone.now().date()
    for index, text in enumerate((keys.issue(owner).key, keys.issue(owner).key, keys.issue(keys.partner("Another")).key)):
        Use.objects.create(key=text, day=today - timedelta(days=index), endpoint="articles/", requests=10, refused=index)
        Use.objects.create(key=text, day=today, endpoint="changes/", requests=1)
    days = partners.use_by_day(owner, days=7)
    assert [(use.day, use.requests, use.refused) for use in days[-2:]] == [(today - timedelta(days=1), 10, 1), (today, 12, 0)]
    assert len(days) == 7
    assert [(use.endpoint, use.requests, use.refused) for use in partners.use_by_endpoint(owner, days=7)] == [
        ("articles/", 20, 1),
        ("changes/", 2, 0),
    ]
