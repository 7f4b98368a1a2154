"""What the API says of itself, and of what is not there."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import resolve

from api import problems, service
from tests.api import factories

pytestmark = pytest.mark.django_db


def test_service_document_says_what_a_partner_undertakes(client: Client) -> None:
    body = client.get("/api/v1/").json()
    assert (body["poll_changes_every_s"], body["remove_within_h"], body["source_lang"]) == (900, 4, "en")
    assert {"notice", "safety", "sample"} <= set(body["must_show"])
    for url in body["links"].values():
        path = url.removeprefix("http://127.0.0.1:8000")
        assert client.get(path).status_code in (200, 400), path


@pytest.mark.parametrize("code", sorted(problems.TYPES))
def test_each_problem_type_has_an_address(client: Client, code: str) -> None:
    body = client.get(problems.BASE + code).json()
    assert (body["code"], body["status"]) == (code, problems.TYPES[code].status)


def test_last_path_takes_whatever_the_others_leave() -> None:
    for path in ("", "x", "\n", "a\nb/\n", "\x00"):
        assert resolve(f"/api/v1/nowhere{path}").func.cls is service.Anything  # type: ignore[attr-defined]


def test_unknown_problem_is_not_found(client: Client) -> None:
    assert client.get(problems.BASE + "never").json()["code"] == "not-found"


@pytest.mark.parametrize("path", ["nowhere/", "articles/a/b/", "articles//", "..%2f", "%00", "%0A", "a%0Ab/%0A", "admin/", "openapi.xml"])
def test_what_is_not_there_is_a_problem(client: Client, path: str) -> None:
    response = client.get(f"/api/v1/{path}")
    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
@pytest.mark.parametrize("path", ["", "articles/", "articles/x/", "changes/", "help-contacts/", "docs/", "openapi.json"])
def test_content_is_only_read(client: Client, method: str, path: str) -> None:
    response = getattr(client, method)(f"/api/v1/{path}")
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD, OPTIONS")
    assert response.json()["code"] == "method-not-allowed"


def test_missing_slash_is_sent_on_with_the_query_kept(client: Client) -> None:
    response = client.get("/api/v1/articles?lang=es&limit=2")
    assert (response.status_code, response["Location"]) == (301, "/api/v1/articles/?lang=es&limit=2")


@pytest.mark.parametrize("path", ["", "articles/", "articles/{slug}/", "articles/{slug}/?lang=fr", "changes/", "nowhere/", "docs/"])
def test_head_is_get_without_a_body(client: Client, path: str) -> None:
    url = f"/api/v1/{path.format(slug=factories.publish().slug)}"
    got, head = client.get(url), client.head(url)
    assert (head.status_code, head.content) == (got.status_code, b"")
    assert {**head.headers, "RateLimit": ""} == {**got.headers, "RateLimit": ""}
    assert head["Content-Length"] == str(len(got.content))


def test_options_lists_the_methods(client: Client) -> None:
    response = client.options("/api/v1/articles/?anything=1")
    assert (response.status_code, response["Allow"], response.content) == (204, "GET, HEAD, OPTIONS", b"")


def test_any_origin_may_read_and_sees_the_headers_it_needs(client: Client) -> None:
    response = client.get("/api/v1/articles/", headers={"Origin": "https://partner.example"})
    assert response["Access-Control-Allow-Origin"] == "*"
    exposed = set(re.split(r",\s*", response["Access-Control-Expose-Headers"]))
    assert {"ETag", "Last-Modified", "Content-Language", "Link", "RateLimit", "RateLimit-Policy", "Retry-After"} <= exposed
    asked = {"Origin": "https://partner.example", "Access-Control-Request-Method": "GET"}
    preflight = client.options("/api/v1/articles/", headers=asked)
    assert preflight["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "*/*;q=0", "garbage", "application/json;version=9", "a" * 100_000])
def test_json_is_answered_whatever_is_accepted(client: Client, accept: str) -> None:
    assert client.get("/api/v1/", headers={"Accept": accept})["Content-Type"] == "application/json"


def test_failure_is_a_problem_without_a_trace(client: Client, monkeypatch: pytest.MonkeyPatch, caplog: Any) -> None:
    monkeypatch.setattr("api.coverage.of_languages", lambda **_: 1 / 0)
    response = client.get("/api/v1/languages/")
    assert (response.status_code, response.json()["code"]) == (500, "internal-error")
    assert b"ZeroDivision" not in response.content
    assert "ZeroDivisionError" in caplog.text


def test_host_of_a_stranger_is_a_problem_and_in_no_link(client: Client) -> None:
    response = client.get("/api/v1/", headers={"Host": "evil.example"})
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")
    assert "testserver" not in client.get("/api/v1/").content.decode()


def test_nothing_sets_a_cookie_or_varies_by_one(client: Client) -> None:
    factories.publish()
    for path in ("", "articles/", "changes/", "languages/", "docs/", "nowhere/"):
        response = client.get(f"/api/v1/{path}", headers={"Cookie": "sessionid=x"})
        assert not response.cookies
        assert not {"cookie", "accept-language"} & {name.strip().lower() for name in response["Vary"].split(",")}
