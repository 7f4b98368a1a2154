"""Whatever is sent: a 400 with a reason, or an answer; never a failure, never slow."""

import json
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import hypothesis
import pytest
from django.test import Client
from hypothesis import strategies as st

from api import cursors
from tests.api import factories, keys
from tests.conftest import examples

pytestmark = pytest.mark.django_db
PATHS = ["articles/", "articles/x/", "changes/", "substances/", "help-contacts/", "languages/", "", "docs/", "openapi.json", "problems/a"]
NAMES = [
    "lang",
    "fallback",
    "topic",
    "collection",
    "sample",
    "order",
    "limit",
    "cursor",
    "after",
    "kind",
    "include",
    "region",
    "body",
    "q",
    "fields",
]
NAMES += ["modified_since", "review_due_before"]
HEADERS = ["Accept", "Accept-Language", "Accept-Encoding", "If-None-Match", "If-Modified-Since", "Authorization", "X-Forwarded-For"]
TEXTS = ["%00", "a%00b", "%ED%A0%80", "%FF%FE", "%F0%9F%92%8A", "%E2%80%AE", "'", '"', "%25", "_", "%5C", "..%2F", "%0D%0AX:a", "%7B%7D"]
NUMBERS = ["1e400", str(10**30), "-1", "null", "true", "*", "2026-05-03T99:99:99Z", "9999-12-31T23:59:59-23:59", "0000-00-00"]
LONG = ["a" * 50_000, "," * 5_000, "a," * 5_000, "es," * 60, "US-" + "A" * 1000]
CURSORS = [quote(cursors.write("list", [1])), quote(cursors.write("feed", ["x"])), "bm90.YQ", "."]
VALUES = TEXTS + NUMBERS + LONG + CURSORS


@pytest.mark.figure(15)
def test_nasty_values_are_answered_at_once(client: Client, figure: Callable[..., None]) -> None:
    factories.publish()
    failures, slowest, asked = [], 0.0, 0
    for path in PATHS:
        for name in NAMES:
            for value in VALUES:
                began = time.process_time()
                response = client.get(f"/api/v1/{path}?{name}={value}")
                slowest = max(slowest, time.process_time() - began)
                asked += 1
                if response.status_code >= 500 or (response.status_code >= 400 and response["Content-Type"] != "application/problem+json"):
                    failures.append((path, name, value[:40], response.status_code))
    assert not failures
    assert asked == len(PATHS) * len(NAMES) * len(VALUES)
    figure(row=15, name="answers of 5xx to nasty parameters", value=len(failures), limit=0)
    figure(row=15, name="slowest answer to a nasty parameter, seconds of processor", value=round(slowest, 3), limit=2)


@pytest.mark.parametrize("path", PATHS)
def test_thousand_repeated_parameters_are_a_problem(client: Client, path: str) -> None:
    for count in (1_000, 5_000):
        response = client.get(f"/api/v1/{path}?{'&'.join(['lang=es'] * count)}")
        assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")


@pytest.mark.parametrize("path", PATHS)
def test_thousand_unknown_parameters_are_a_short_problem(client: Client, path: str) -> None:
    response = client.get(f"/api/v1/{path}?{'&'.join(f'a{index}=1' for index in range(900))}")
    assert response.status_code == 400
    assert len(response.content) < 5_000


@pytest.mark.parametrize("name", HEADERS)
@pytest.mark.parametrize("value", ["a" * 100_000, "," * 100_000, '"' * 100_000, "\x00", "é", ";q=" * 1_000, "*;q=1e400"])
def test_huge_and_odd_headers_are_read(client: Client, name: str, value: str) -> None:
    slug = factories.publish().slug
    began = time.process_time()
    for url in (f"articles/{slug}/?lang=auto", "articles/?lang=auto", "changes/"):
        assert client.get(f"/api/v1/{url}", headers={name: value}).status_code < 500
    assert time.process_time() - began < 2


@hypothesis.settings(max_examples=examples(2000))
@hypothesis.given(path=st.text(max_size=60), query=st.text(max_size=60))
def test_any_path_and_query_is_answered(path: str, query: str) -> None:
    def escaped(text: str) -> str:
        return quote(text.encode(errors="surrogatepass"), safe="/")

    response = Client().get(f"/api/v1/{escaped(path)}?{escaped(query)}")
    assert response.status_code < 500
    if response.status_code >= 400:
        assert response["Content-Type"] == "application/problem+json"


def test_body_of_a_get_is_ignored(client: Client) -> None:
    response = client.generic("GET", "/api/v1/articles/", data="[" * 100_000, content_type="application/json")
    assert response.status_code == 200


REPORT = {"lang": "en", "version": 1, "what": "Says 7 weeks.", "severity": "minor"}
NASTY_JSON = [
    '"\\u0000"',
    '"\\ud800"',
    '"\\udfff\\ud800 x"',
    "1e400",
    "-1e400",
    "NaN",
    "Infinity",
    "1" * 4_000,
    "1" * 40_000,
    "-0",
    "1.0",
    "null",
    "true",
    "[]",
]
NASTY_JSON += ["{}", "[" * 20_000, '"' + "a" * 49_000 + '"', '""', '" "', '"\u202e\u2028"', '"<script>"']
NASTY_BODIES = [
    "[" * 100_000,
    '{"a":' * 100_000,
    "[" * 24_000 + "]" * 24_000,
    "",
    "null",
    "[]",
    '"a"',
    "{",
    "\xff",
    "\x00",
    "[" * 3_000_000,
]
NASTY_BODIES += ['{"lang":"en","lang":"es"}', "{" + ",".join(f'"a{index}":1' for index in range(4_000)) + "}"]


@pytest.mark.figure(15)
def test_nasty_bodies_are_answered_at_once(figure: Callable[..., None]) -> None:
    slug, caller = factories.publish().slug, keys.caller(keys.issue(scopes=("report",)).text)
    written = {name: json.dumps(value) for name, value in REPORT.items()}
    bodies = [
        *NASTY_BODIES,
        *(
            "{" + ",".join(f'"{name}":{value}' for name, value in {**written, named: nasty}.items()) + "}"
            for named in REPORT
            for nasty in NASTY_JSON
        ),
    ]
    failures, slowest = [], 0.0
    for body in bodies:
        for content_type in (
            "application/json",
            "application/json; charset=utf-7",
            "multipart/form-data; boundary=" + "x" * 100,
            "text/plain",
        ):
            began = time.process_time()
            response = caller.generic("POST", f"/api/v1/articles/{slug}/reports/", body.encode("latin-1", "ignore"), content_type)
            slowest = max(slowest, time.process_time() - began)
            if response.status_code not in (200, 201) and (response.status_code, response["Content-Type"]) != (
                400,
                "application/problem+json",
            ):
                failures.append((body[:60], content_type, response.status_code))
        read = caller.get(f"/api/v1/articles/{slug}/reports/")
        assert read.status_code == 200
        json.loads(read.content)
    assert not failures, failures[:5]
    figure(row=15, name=f"answers of 5xx to {4 * len(bodies)} nasty bodies", value=len(failures), limit=0)
    figure(row=15, name="slowest answer to a nasty body, seconds of processor", value=round(slowest, 3), limit=2)


@pytest.mark.figure(15)
def test_crafted_cursors_are_answered_at_once(client: Client, figure: Callable[..., None]) -> None:
    """Cursors that are signed, as by somebody who had the key, with positions that nobody gave."""
    factories.publish()
    given = {path: client.get(f"/api/v1/{path}?limit=1").json()["next"] for path in ("changes/", "articles/")}
    factories.publish()
    given["articles/"] = client.get("/api/v1/articles/?limit=1").json()["next"]
    failures, slowest, asked = [], 0.0, 0
    for path, name, purpose in (("changes/", "after", "feed"), ("articles/", "cursor", "list")):
        right = cursors.read(purpose, parse_qs(urlsplit(given[path]).query)[name][0])
        odd = [None, True, -1, 10**30, 1.5, float("inf"), "", "\x00", "\ud800", "%", "_" * 1_000, [], [[]], {}, {"a": 1}]
        positions: list[Any] = [
            [],
            right[:-1],
            [*right, 1],
            *([*right[:at], value, *right[at + 1 :]] for at in range(len(right)) for value in odd),
        ]
        for position in positions:
            began = time.process_time()
            response = client.get(f"/api/v1/{path}", {"limit": 1, name: cursors.write(purpose, position)})
            slowest, asked = max(slowest, time.process_time() - began), asked + 1
            if response.status_code >= 500:
                failures.append((path, position))
    assert not failures, failures
    figure(row=15, name=f"answers of 5xx to {asked} crafted cursors", value=len(failures), limit=0)
    figure(row=15, name="slowest answer to a crafted cursor, seconds of processor", value=round(slowest, 3), limit=2)
