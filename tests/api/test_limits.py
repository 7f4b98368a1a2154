"""What callers are told of their limit, and how they are counted."""

import logging
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from api import anonymity, counting, limits
from api.models import Use
from tests.api import factories, keys

pytestmark = pytest.mark.django_db
POLICY = re.compile(r'"(key|anonymous)";q=([0-9]+);w=60')
LEFT = re.compile(r'"(key|anonymous)";r=([0-9]+);t=([0-9]+)')


def left(response: HttpResponse) -> int:
    found = LEFT.fullmatch(response["RateLimit"])
    assert found, response["RateLimit"]
    assert 1 <= int(found[3]) <= 60
    return int(found[2])


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Time that goes on when it is told to."""
    now = [1000.0]
    monkeypatch.setattr(counting.time, "monotonic", lambda: now[0])
    return lambda seconds: now.__setitem__(0, now[0] + seconds)


def test_headers_tell_policy_and_what_is_left(client: Client) -> None:
    keyed = keys.caller(keys.issue(requests_per_minute=7).text)
    for index, caller, name, limit in ((1, keyed, "key", 7), (2, keyed, "key", 7), (1, client, "anonymous", 10**9)):
        response = caller.get("/api/v1/articles/")
        policy = POLICY.fullmatch(response["RateLimit-Policy"])
        assert policy
        assert (policy[1], int(policy[2])) == (name, limit)
        assert left(response) == limit - index


@pytest.mark.parametrize("since", [0.4, 0.9, 1.4, 1.9])
def test_a_window_never_has_more_than_its_seconds_left(clock: Callable[[float], None], since: float) -> None:
    clock(since)
    assert 59.9 < counting.count("anybody").seconds_left <= 60


def test_one_too_many_is_429_and_is_told_when_to_come_back() -> None:
    caller = keys.caller(keys.issue(requests_per_minute=2).text)
    answers = [caller.get("/api/v1/articles/") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 429, 429]
    refused = answers[-1]
    assert (refused.json()["code"], refused["Cache-Control"], left(refused)) == ("quota-exceeded", "no-store", 0)
    assert 1 <= int(refused["Retry-After"]) <= 60


def test_window_opens_with_its_first_request_and_ends(clock: Callable[[float], None]) -> None:
    caller = keys.caller(keys.issue(requests_per_minute=1).text)
    assert caller.get("/api/v1/").status_code == 200
    clock(59)
    refused = caller.get("/api/v1/")
    assert (refused.status_code, refused["Retry-After"]) == (429, "1")
    clock(1)
    assert caller.get("/api/v1/").status_code == 200


@pytest.mark.parametrize("path", ["docs/", "openapi.json", "openapi.yaml", "problems/held", "nowhere/"])
def test_what_explains_is_not_limited(client: Client, settings: Any, path: str) -> None:
    settings.ANONYMOUS_PER_MINUTE = 1
    answers = [client.get(f"/api/v1/{path}") for _ in range(3)]
    assert 429 not in [answer.status_code for answer in answers]
    assert "RateLimit" not in answers[0]


def test_mistakes_count_and_preflights_do_not(client: Client, settings: Any) -> None:
    settings.ANONYMOUS_PER_MINUTE = 2
    assert client.options("/api/v1/articles/").status_code == 204
    assert [client.get("/api/v1/articles/?x=1").status_code for _ in range(3)] == [400, 400, 429]


def test_unmoved_feed_costs_a_key_nothing(client: Client) -> None:
    factories.publish()
    keyed = keys.caller(keys.issue().text)
    for caller, cost in ((keyed, 0), (client, 1)):
        first = caller.get("/api/v1/changes/")
        again = caller.get("/api/v1/changes/", headers={"If-None-Match": first["ETag"]})
        assert again.status_code == 304
        assert left(first) - left(again) == cost


def test_keys_are_counted_apart_from_each_other_and_from_nobody(client: Client, settings: Any) -> None:
    settings.ANONYMOUS_PER_MINUTE = 1
    callers = [keys.caller(keys.issue(requests_per_minute=1).text) for _ in range(2)]
    assert [caller.get("/api/v1/").status_code for caller in (*callers, client) for _ in range(2)] == [200, 429] * 3


def test_memory_is_bounded_and_nobody_passes_uncounted(monkeypatch: pytest.MonkeyPatch, clock: Callable[[float], None]) -> None:
    monkeypatch.setattr(counting, "_MOST_COUNTED", 10)
    for index in range(50):
        counting.count(f"a{index}")
    assert len(counting._alone._windows) == 11
    assert counting.count("another").requests == 41, "those for whom there is no room are counted together"
    assert counting.count("a0").requests == 2
    clock(61)
    assert counting.count("another").requests == 1


def test_process_goes_on_from_what_it_heard_last() -> None:
    counting._alone.hear("k", counting.Count(requests=90, seconds_left=30))
    counting._alone.hear("k", counting.Count(requests=88, seconds_left=30.1))
    assert counting.count("k").requests == 91
    counting._alone.hear("k", counting.Count(requests=1, seconds_left=60))
    assert counting.count("k").requests == 2, "a flushed Redis counts anew"


# Who is anonymous.


def name(address: str = "203.0.113.9", forwarded: str | None = None) -> str:
    more = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
    return anonymity.name_of(RequestFactory().get("/", REMOTE_ADDR=address, **more))


def test_header_of_a_stranger_changes_nothing(settings: Any) -> None:
    assert name() == name(forwarded="198.51.100.1") == name(forwarded="198.51.100.1, 198.51.100.2")
    settings.TRUSTED_PROXIES = 1
    assert name("10.0.0.1", "203.0.113.9") == name("10.0.0.2", "198.51.100.1, 203.0.113.9") == name()
    settings.TRUSTED_PROXIES = 2
    assert name("10.0.0.1", "198.51.100.1, 203.0.113.9, 10.0.0.2") == name()
    assert name("203.0.113.9", "198.51.100.1") == name(), "it came past a proxy: only the connection can be believed"


def test_addresses_of_one_reader_are_one() -> None:
    assert name("2001:db8::1") == name("2001:db8::ffff:1") == name("[2001:db8::2]:443") != name("2001:db8:0:1::1")
    assert name("::ffff:203.0.113.9") == name("203.0.113.9:4711") == name() != name("203.0.113.8")
    assert name("") == name("unix:") == name("not an address")


def test_name_is_another_one_tomorrow(monkeypatch: pytest.MonkeyPatch) -> None:
    today = name()

    class Tomorrow(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> "Tomorrow":
            return cls.fromtimestamp((datetime.now(UTC) + timedelta(days=1)).timestamp(), tz)

    monkeypatch.setattr(anonymity, "datetime", Tomorrow)
    assert name() != today


@pytest.mark.figure(29)
def test_nothing_remembers_who_read(client: Client, settings: Any, caplog: Any, figure: Callable[..., None]) -> None:
    """Every log at its most talkative, what is counted, and the database, after 1,000 anonymous reads, some refused or failed."""
    settings.ANONYMOUS_PER_MINUTE = 8
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    caplog.set_level(logging.DEBUG)
    slug, cookies, statuses = factories.publish().slug, 0, set()
    for index in range(1_000):
        address = f"203.0.113.{index % 100}" if index % 2 else f"2001:db8:{index % 100:x}::1"
        path = (f"articles/{slug}/", f"articles/{slug}/?lang=vi", "articles/?x=1", "help-contacts/?region=US")[index % 4]
        response = client.get(f"/api/v1/{path}", REMOTE_ADDR=address, HTTP_X_FORWARDED_FOR=address, HTTP_COOKIE="a=b")
        cookies += bool(response.cookies)
        statuses.add(response.status_code)
    assert statuses == {200, 400, 404, 429}
    remembered = [caplog.text, repr(counting._alone._windows), repr(list(Use.objects.values()))]
    assert len(caplog.records) > 100, "nothing was logged: nothing is shown"
    addresses = sum(len(re.findall(r"203\.0\.113\.|2001:db8|127\.0\.0\.1(?!:1/)", text)) for text in remembered)
    figure(row=29, name="addresses in logs and counters of 1,000 anonymous reads", value=addresses, limit=0)
    figure(row=29, name="cookies set by 1,000 anonymous reads", value=cookies, limit=0)


def test_limits_of_new_keys_are_told_by_environment() -> None:
    assert keys.issue().key.requests_per_minute == limits.REQUESTS_PER_MINUTE["live"]
    assert keys.issue(environment="test").key.requests_per_minute == limits.REQUESTS_PER_MINUTE["test"]
