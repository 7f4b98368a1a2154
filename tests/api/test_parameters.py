"""The query string is read strictly."""

from typing import Any

import pytest
from django.test import Client

from tests.api import factories

pytestmark = pytest.mark.django_db


def problem(client: Client, url: str, status: int = 400) -> dict[str, Any]:
    response = client.get(f"/api/v1/{url}")
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = response.json()
    assert body["type"] == f"/api/v1/problems/{body['code']}"
    return body


def test_unknown_parameter_names_the_nearest(client: Client) -> None:
    body = problem(client, "articles/?topik=withdrawal")
    assert (body["code"], body["nearest"]) == ("unknown-parameter", "topic")
    assert body["errors"] == [{"parameter": "topik", "detail": "There is no such parameter here.", "nearest": "topic"}]


def test_format_is_no_hidden_parameter(client: Client) -> None:
    assert problem(client, "articles/?format=html")["code"] == "unknown-parameter"


def test_key_in_the_query_is_refused(client: Client) -> None:
    assert problem(client, "articles/?key=secret")["code"] == "unknown-parameter"


def test_repeated_parameter_is_refused(client: Client) -> None:
    assert "2 times" in problem(client, "articles/?lang=es&lang=es")["detail"]


@pytest.mark.parametrize(("given", "nearest"), [("es-MX", "es"), ("pt", "pt-BR"), ("zh_CN", "zh-Hans"), ("frr", "fr")])
def test_another_language_names_the_nearest(client: Client, given: str, nearest: str) -> None:
    body = problem(client, f"articles/?lang={given}")
    assert (body["code"], body["nearest"]) == ("invalid-parameter", nearest)


@pytest.mark.parametrize("given", ["ES", "Pt-bR", "ZH-hans"])
def test_languages_are_known_in_any_case(client: Client, given: str) -> None:
    assert client.get(f"/api/v1/articles/?lang={given}").status_code == 200


WRONG = [
    "lang=",
    "lang=xx",
    "lang=es,fr",
    "fallback=sometimes",
    "fallback=fr,,en",
    "topic=A%7Cb",
    "topic=a,",
    "substance=%25",
    "collection=a%20b",
    "sample=yes",
    "translation_status=old",
    "origin=machin",
    "modified_since=yesterday",
    "modified_since=2026-13-01",
    "modified_since=2026-05-03T09:30:00",
    "modified_since=0001-01-01T00:00:00%2B23:59",
    "reviewed_since=2026-5-3",
    "review_due_before=20260503",
    "order=titel",
    "limit=0",
    "limit=101",
    "limit=-1",
    "limit=1.0",
    "limit=1e400",
    f"limit={10**30}",
    "limit=%D9%A1%D9%A0",
    f"topic={','.join(['a'] * 51)}",
]


@pytest.mark.parametrize("query", WRONG)
def test_bad_values_are_refused(client: Client, query: str) -> None:
    assert problem(client, f"articles/?{query}")["code"] == "invalid-parameter"


def test_every_wrong_value_is_listed_at_once(client: Client) -> None:
    errors = problem(client, "articles/?lang=xx&limit=0&order=titel")["errors"]
    assert {error["parameter"] for error in errors} == {"lang", "limit", "order"}
    assert next(error for error in errors if error["parameter"] == "order")["nearest"] == "title"


def test_several_values_mean_any_of_them(client: Client) -> None:
    factories.publish(topics=factories.tags("a"))
    factories.publish(topics=factories.tags("b"))
    factories.publish(topics=factories.tags("c"))
    factories.know("topic", "a", "b")
    assert client.get("/api/v1/articles/?topic=a,b").json()["count"] == 2


def test_moments_are_dates_or_rfc_3339(client: Client) -> None:
    factories.publish()
    assert client.get("/api/v1/articles/?modified_since=2020-01-01").json()["count"] == 1
    assert client.get("/api/v1/articles/?modified_since=2020-01-01T00:00:00%2B02:00").json()["count"] == 1
    assert client.get("/api/v1/articles/?modified_since=2999-01-01T00:00:00Z").json()["count"] == 0


@pytest.mark.parametrize("region", ["USA", "us-", "*,US", "US-CALI", "%D0%A0%D0%A4", "1", ""])
def test_wrong_regions_are_refused(client: Client, region: str) -> None:
    assert problem(client, f"help-contacts/?region={region}")["code"] == "invalid-parameter"


def test_region_is_never_guessed(client: Client) -> None:
    body = problem(client, "help-contacts/?lang=es")
    assert body["errors"][0]["parameter"] == "region"
    assert "never guessed" in body["detail"]


@pytest.mark.parametrize("name", ["topic", "medicine"])
@pytest.mark.parametrize("asked", ["witdrawal", "withdrawal,witdrawal"])
def test_a_code_that_nothing_has_is_400_with_the_nearest(client: Client, name: str, asked: str) -> None:
    factories.publish(topics=factories.tags("withdrawal"), medicines=factories.tags("withdrawal"))
    factories.know(name, "withdrawal")
    refused = problem(client, f"articles/?{name}={asked}")
    assert (refused["code"], refused["nearest"]) == ("invalid-parameter", "withdrawal")
    assert refused["errors"][0]["parameter"] == name


def test_a_collection_that_nothing_is_in_is_400_with_the_nearest(client: Client) -> None:
    factories.publish(collection={"slug": "withdrawal", "title": "Withdrawal"})
    assert problem(client, "articles/?collection=witdrawal")["nearest"] == "withdrawal"
    assert client.get("/api/v1/articles/?collection=withdrawal&lang=es").json()["count"] == 0


@pytest.mark.parametrize("query", ["topic=a,b&substance=a,b", "topic=b&collection=other", "topic=a&lang=es&collection=here"])
def test_codes_are_looked_up_in_one_query(client: Client, django_assert_max_num_queries: Any, query: str) -> None:
    factories.publish(topics=factories.tags("a"), substances=factories.tags("b"), collection={"slug": "here", "title": "Here"})
    factories.know("topic", "a", "b")
    factories.know("substance", "a", "b")
    with django_assert_max_num_queries(2):
        client.get(f"/api/v1/articles/?{query}")


@pytest.mark.parametrize("asked", ["witdrawal", "withdrawal,witdrawal"])
def test_no_mirror_begins_with_a_topic_that_is_none(client: Client, asked: str) -> None:
    factories.know("topic", "withdrawal")
    assert problem(client, f"changes/?topic={asked}")["nearest"] == "withdrawal"


@pytest.mark.parametrize("path", ["articles/?topic=withdrawal", "changes/?topic=withdrawal"])
def test_a_code_that_was_taken_down_breaks_nobodys_filter(client: Client, path: str) -> None:
    factories.close(factories.publish(kind="term", vocabulary="topic", code="withdrawal"), "gone")
    assert client.get(f"/api/v1/{path}").status_code == 200
