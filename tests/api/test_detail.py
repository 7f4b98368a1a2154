"""What a state answers: the contract's table, cell by cell; identity, slugs, conditional requests."""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client

from api.models import Document
from tests.api import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def english() -> Document:
    return factories.publish()


def read(client: Client, reference: object, query: str = "", **headers: str) -> Any:
    return client.get(f"/api/v1/articles/{reference}/{query}", headers=headers)


def headers(response: HttpResponse) -> dict[str, str]:
    """All but what counts the caller's own requests."""
    return {name: value for name, value in response.headers.items() if name != "RateLimit"}


def assert_problem(response: HttpResponse, status: int, code: str) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(response.content)
    assert (response.status_code, body["code"], body["status"]) == (status, code, status)
    assert response["Cache-Control"] == "no-store"
    return body


def test_none_is_404_with_the_languages_there_are(client: Client, english: Document) -> None:
    body = assert_problem(read(client, english.slug, "?lang=es"), 404, "translation-unavailable")
    assert body["available_languages"] == ["en"]


def test_none_goes_on_to_the_next_of_the_chain(client: Client, english: Document) -> None:
    response = read(client, english.slug, "?lang=es&fallback=fr,en")
    body = response.json()
    assert (response["Content-Language"], body["lang"], body["requested_lang"]) == ("en", "en", "es")


def test_chain_without_a_hit_answers_for_the_language_asked_for(client: Client, english: Document) -> None:
    factories.close(factories.publish(english.subject_id, "es"), "held")
    assert_problem(read(client, english.slug, "?lang=es&fallback=fr,ar"), 404, "held")
    assert_problem(read(client, english.slug, "?lang=fr&fallback=es,ar"), 404, "translation-unavailable")


def test_published_is_the_stored_bytes(client: Client, english: Document) -> None:
    response = read(client, english.slug)
    assert response.content.decode() == english.body
    assert response["ETag"] == english.quoted_etag
    assert response["Content-Type"] == "application/json"


def test_outdated_and_noticed_are_served_and_not_fallen_back_from(client: Client, english: Document) -> None:
    outdated = factories.translation("es", status="outdated", outdated_by="safety")
    factories.publish(english.subject_id, "es", translation=outdated, notice="Dosis.")
    body = read(client, english.slug, "?lang=es&fallback=en").json()
    assert (body["lang"], body["notice"]["text"], body["translation"]["status"]) == ("es", "Dosis.", "outdated")


def test_held_is_404_with_since_and_reason(client: Client, english: Document) -> None:
    factories.close(factories.publish(english.subject_id, "es"), "held", reason="A dose is being checked.")
    body = assert_problem(read(client, english.slug, "?lang=es"), 404, "held")
    assert body["reason"] == "A dose is being checked."
    assert body["since"].endswith("Z")
    assert body["available_languages"] == ["en"]


def test_held_goes_on_to_the_next_of_the_chain(client: Client, english: Document) -> None:
    factories.close(factories.publish(english.subject_id, "es"), "held")
    assert read(client, english.slug, "?lang=es&fallback=default").json()["lang"] == "en"


def test_gone_language_is_410_or_the_next_of_the_chain(client: Client, english: Document) -> None:
    factories.close(factories.publish(english.subject_id, "es"), "gone")
    assert_problem(read(client, english.slug, "?lang=es"), 410, "gone")
    assert read(client, english.slug, "?lang=es&fallback=default").json()["lang"] == "en"


def test_gone_article_is_410_in_every_language(client: Client, english: Document) -> None:
    factories.close(factories.publish(english.subject_id, "es"), "gone")
    factories.close(english, "gone")
    for query in ("", "?lang=es", "?lang=es&fallback=default", "?lang=fr", "?lang=fr&fallback=default"):
        assert_problem(read(client, english.slug, query), 410, "gone")


def test_recalled_is_410_with_what_to_do_and_never_another_language(client: Client, english: Document) -> None:
    replacement = str(uuid4())
    details = {"severity": "high", "instruction": "Remove it today.", "replacement": replacement, "since": "2026-05-03T00:00:00Z"}
    factories.close(factories.publish(english.subject_id, "es"), "recalled", reason="Wrong medicine.", **details)
    for query in ("?lang=es", "?lang=es&fallback=default"):
        body = assert_problem(read(client, english.slug, query), 410, "recalled")
        assert {name: body[name] for name in details} == details
        assert body["reason"] == "Wrong medicine."


def test_recall_inside_a_chain_is_not_covered_up(client: Client, english: Document) -> None:
    factories.close(factories.publish(english.subject_id, "es"), "recalled")
    assert_problem(read(client, english.slug, "?lang=fr&fallback=es,en"), 404, "translation-unavailable")


def test_recalled_article_is_recalled_where_it_never_was(client: Client, english: Document) -> None:
    factories.close(english, "recalled")
    assert_problem(read(client, english.slug, "?lang=fr&fallback=default"), 410, "recalled")


def test_details_of_a_closure_cannot_change_the_problem(client: Client, english: Document) -> None:
    factories.close(english, "gone", status=200, code="fine", type="/", title="x", errors=[1])
    body = assert_problem(read(client, english.slug), 410, "gone")
    assert body["type"] == "/api/v1/problems/gone"
    assert body["errors"] == []


@pytest.mark.parametrize(
    "reference", ["never-was", "00000000-0000-4000-8000-000000000000", "a" * 300, "%00", "a%0D%0Ab", "%ED%A0%80", "%F0%9F"]
)
def test_what_never_was_is_not_found(client: Client, reference: str) -> None:
    assert_problem(read(client, reference), 404, "not-found")


def test_document_comes_back_after_a_hold(client: Client, english: Document) -> None:
    factories.close(english, "held")
    again = factories.publish(english.subject_id)
    assert read(client, english.slug)["ETag"] == again.quoted_etag


def test_id_is_known_in_any_case(client: Client, english: Document) -> None:
    assert read(client, str(english.subject_id).upper()).content.decode() == english.body


def test_old_slug_is_sent_on_with_the_query_kept(client: Client, english: Document) -> None:
    factories.publish(english.subject_id, slug="a-better-name")
    response = read(client, english.slug, "?lang=EN&body=html")
    assert response.status_code == 301
    assert response["Location"] == "/api/v1/articles/a-better-name/?lang=EN&body=html"
    assert read(client, "a-better-name").status_code == 200


def test_old_slug_of_a_gone_article_is_gone(client: Client, english: Document) -> None:
    factories.close(factories.publish(english.subject_id, slug="a-better-name"), "gone")
    assert_problem(read(client, english.slug), 410, "gone")
    assert_problem(read(client, "a-better-name"), 410, "gone")


def test_slug_belongs_to_the_article_that_has_it_now(client: Client, english: Document) -> None:
    factories.publish(english.subject_id, slug="a-better-name")
    other = factories.publish(slug=english.slug)
    assert read(client, english.slug).json()["id"] == str(other.subject_id)
    factories.publish(english.subject_id, slug="a-third-name")
    assert read(client, english.slug).json()["id"] == str(other.subject_id)


def test_code_of_a_term_is_not_the_slug_of_an_article(client: Client) -> None:
    factories.publish(kind="term", code="heroin")
    assert_problem(read(client, "heroin"), 404, "not-found")


def test_change_of_one_language_changes_nothing_of_another(client: Client, english: Document) -> None:
    before = read(client, english.slug)
    spanish = factories.publish(english.subject_id, "es")
    factories.close(spanish, "recalled")
    after = read(client, english.slug)
    assert (before.content, headers(before)) == (after.content, headers(after))


@pytest.mark.parametrize("value", ['"{etag}"', 'W/"{etag}"', '"x", "{etag}", "y"', "*", '"x",W/"{etag}"'])
def test_known_etag_answers_304_without_a_body(client: Client, english: Document, value: str) -> None:
    response = read(client, english.slug, **{"If-None-Match": value.format(etag=english.etag)})
    assert (response.status_code, response.content) == (304, b"")
    assert response["ETag"] == english.quoted_etag
    assert response["Cache-Control"] == "public, max-age=60, stale-while-revalidate=30"
    assert "Content-Type" not in response


@pytest.mark.parametrize("value", ['"x"', "", "garbage", '"{etag}-html"', "{etag}"])
def test_other_etags_answer_in_full(client: Client, english: Document, value: str) -> None:
    assert read(client, english.slug, **{"If-None-Match": value.format(etag=english.etag)}).status_code == 200


def test_etag_differs_by_representation_and_language_asked_for(client: Client, english: Document) -> None:
    queries = ("", "?body=html", "?body=text", "?lang=es&fallback=default", "?lang=fr&fallback=default&body=text")
    assert len({read(client, english.slug, query)["ETag"] for query in queries}) == 5


def test_if_none_match_wins_over_if_modified_since(client: Client, english: Document) -> None:
    modified = read(client, english.slug)["Last-Modified"]
    assert read(client, english.slug, **{"If-Modified-Since": modified}).status_code == 304
    assert read(client, english.slug, **{"If-Modified-Since": modified, "If-None-Match": '"x"'}).status_code == 200
    assert read(client, english.slug, **{"If-Modified-Since": "Sat, 01 Jan 2000 00:00:00 GMT"}).status_code == 200
    assert read(client, english.slug, **{"If-Modified-Since": "long ago"}).status_code == 200


def test_closure_is_never_hidden_by_a_304(client: Client, english: Document) -> None:
    factories.close(english, "recalled")
    assert_problem(read(client, english.slug, **{"If-None-Match": "*"}), 410, "recalled")


def test_caches_are_told_what_to_keep_and_what_to_purge(client: Client, english: Document) -> None:
    response = read(client, english.slug, "?lang=es&fallback=default")
    identity = english.subject_id
    assert response["Surrogate-Key"] == f"a:{identity} d:{identity}:es d:{identity}:en"
    assert "Accept" in response["Vary"]
    assert "Cookie" not in response["Vary"]
    assert not response.cookies


@pytest.mark.parametrize("reference", ["{0.slug}", "{0.subject_id}"])
def test_one_query_answers(client: Client, english: Document, reference: str, django_assert_num_queries: Any) -> None:
    url = reference.format(english)
    for query, headers in (("", {}), ("?lang=es&fallback=default", {}), ("?body=text", {}), ("", {"If-None-Match": "*"})):
        with django_assert_num_queries(1):
            read(client, url, query, **headers)


@pytest.mark.parametrize(("path", "kind"), [("substances", "term"), ("help-contacts", "help_contact")])
def test_terms_and_contacts_are_read_alone(client: Client, path: str, kind: str) -> None:
    document = factories.publish(kind=kind)
    factories.publish(document.subject_id, "ar", kind=kind)
    for reference in (document.slug, document.subject_id):
        assert client.get(f"/api/v1/{path}/{reference}/?lang=ar").json()["direction"] == "rtl"
    factories.close(document, "held")
    assert_problem(client.get(f"/api/v1/{path}/{document.slug}/"), 404, "held")


def test_term_is_read_in_its_own_vocabulary(client: Client) -> None:
    factories.publish(kind="term")
    assert_problem(client.get("/api/v1/medicines/heroin/"), 404, "not-found")


def test_languages_of_an_article(client: Client, english: Document) -> None:
    factories.publish(english.subject_id, "es", translation=factories.translation("es", status="outdated", outdated_by="substantive"))
    factories.close(factories.publish(english.subject_id, "ar"), "recalled")
    body = client.get(f"/api/v1/articles/{english.slug}/languages/").json()
    states = {entry["lang"]: entry for entry in body["results"]}
    assert len(states) == 8
    assert (states["en"]["state"], states["en"]["etag"], states["en"]["reviewed_on"]) == ("published", english.quoted_etag, "2026-05-03")
    assert (states["es"]["translation_status"], states["ar"]["state"], states["fr"]["state"]) == ("outdated", "recalled", "none")
    assert client.get(states["es"]["url"].removeprefix("http://127.0.0.1:8000")).json()["lang"] == "es"
    assert (states["ar"]["url"], states["ar"]["etag"], states["ar"]["version"]) == (None, None, 2)
    assert_problem(client.get("/api/v1/articles/never-was/languages/"), 404, "not-found")
