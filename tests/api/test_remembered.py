"""Answers kept in the process: never one that was true before the last document was written, and never somebody else's."""

import gzip
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from api import remembered
from api.models import Document
from tests.api import factories, keys

pytestmark = pytest.mark.django_db
LIST, SEARCH, CHANGES = "/api/v1/articles/?topic=withdrawal", "/api/v1/articles/?q=symptoms", "/api/v1/changes/?include=document"


def of(document: Document) -> str:
    return f"/api/v1/articles/{document.subject_id}/"


def read(client: Client, path: str, **headers: Any) -> Any:
    return client.get(path, headers=headers)


@pytest.fixture
def article() -> Document:
    return factories.publish()


def test_kept_answer_is_the_same_to_the_byte(client: Client, article: Document) -> None:
    for path in (of(article), LIST, SEARCH, CHANGES, "/api/v1/substances/"):
        first, second = read(client, path), read(client, path)
        assert second.content == first.content
        assert {**second.headers, "RateLimit": ""} == {**first.headers, "RateLimit": ""}


@pytest.mark.parametrize("path", [LIST, SEARCH, CHANGES])
def test_kept_answer_costs_one_small_query(client: Client, article: Document, path: str, django_assert_num_queries: Any) -> None:
    for _ in range(2):
        read(client, of(article))
        read(client, path)
    with django_assert_num_queries(1) as queries:
        read(client, path)
    assert "body" not in queries[0]["sql"] or path == CHANGES
    with django_assert_num_queries(1):
        read(client, of(article))


@pytest.mark.parametrize(("path", "most"), [("detail", 1), (LIST, 2), (SEARCH, 2), (CHANGES, 1)])
@pytest.mark.parametrize("query", ["", "lang=es&fallback=default"])
def test_queries_when_something_was_written_since(
    client: Client, article: Document, path: str, most: int, query: str, django_assert_max_num_queries: Any
) -> None:
    path = of(article) if path == "detail" else path
    query = "" if path == CHANGES else query
    path = f"{path}{'&' if '?' in path else '?'}{query}" if query else path
    text = keys.issue().text
    headers = {"Authorization": f"Bearer {text}"}
    assert read(client, path, **headers).status_code == 200
    factories.publish(text="Something else.")
    with django_assert_max_num_queries(most):
        assert read(client, path, **headers).status_code == 200


@pytest.mark.parametrize("state", ["held", "gone", "recalled"])
def test_nothing_that_was_taken_down_is_given_again(client: Client, article: Document, state: str) -> None:
    paths = (LIST, SEARCH, CHANGES, f"{LIST}&fields=slug")
    for path in (of(article), *paths):
        for _ in range(2):
            assert article.slug in read(client, path).content.decode()
    factories.close(article, state)
    assert read(client, of(article)).status_code in (404, 410)
    for path in (LIST, SEARCH, f"{LIST}&fields=slug"):
        assert article.slug not in read(client, path).content.decode()
    assert [item["state"] for item in read(client, CHANGES).json()["items"]] == [state]


def test_what_a_restore_put_under_the_same_number_is_read_anew(client: Client, article: Document) -> None:
    other = factories.publish()
    read(client, LIST)
    assert other.slug in read(client, LIST).content.decode()
    Document.objects.filter(number=other.number).delete()
    restored = factories.publish(uuid4())
    assert restored.number == other.number
    text = read(client, LIST).content.decode()
    assert restored.slug in text
    assert other.slug not in text


def test_partner_is_never_given_what_another_may_have(client: Client) -> None:
    excluding = keys.issue(keys.partner(exclude_sample=True))
    document = factories.publish(sample=True)
    for _ in range(2):
        assert document.slug in read(client, LIST).content.decode()
        refused = read(client, of(document), Authorization=f"Bearer {excluding.text}")
        assert refused.json()["reason"] == "excluded"
        assert document.slug not in read(client, LIST, Authorization=f"Bearer {excluding.text}").content.decode()


def test_headers_of_one_caller_are_not_given_to_another(client: Client, article: Document) -> None:
    text = keys.issue().text
    with_key = read(client, of(article), Authorization=f"Bearer {text}")
    without = read(client, of(article))
    again = read(client, of(article), Authorization=f"Bearer {text}")
    assert "Authorization" in with_key["Vary"]
    assert "Authorization" not in without["Vary"]
    assert '"anonymous"' in without["RateLimit-Policy"]
    assert again["RateLimit"] != with_key["RateLimit"]


def test_kept_answer_is_304_to_who_has_it(client: Client, article: Document) -> None:
    etag = read(client, of(article))["ETag"]
    unchanged = read(client, of(article), If_None_Match=etag)
    assert unchanged.status_code == 304
    assert unchanged.content == b""
    assert "Content-Encoding" not in unchanged


def test_forms_are_kept_apart(client: Client, article: Document) -> None:
    for _ in range(2):
        plain = read(client, CHANGES)
        packed = read(client, CHANGES, Accept_Encoding="gzip")
        linked = read(client, of(article), Accept="application/ld+json")
        assert packed["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed.content) == plain.content
        assert packed["ETag"] == plain["ETag"].removesuffix('"') + '-gz"'
        assert linked["Content-Type"] == "application/ld+json"


def test_memory_is_bounded(client: Client, article: Document, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "MOST_BYTES", 40_000)
    for number in range(50):
        read(client, f"{of(article)}?lang=en&fallback={'none' if number % 2 else 'default'}&body=html&fields=title{',slug' * (number % 3)}")
    for limit in range(1, 60):
        read(client, f"{LIST}&limit={limit}")
    assert 0 < remembered.size() <= 40_000


def test_what_is_asked_at_length_counts(client: Client, article: Document) -> None:
    topics = ",".join(f"topic-{number}" for number in range(50))
    factories.know("topic", *topics.split(","))
    before = remembered.size()
    read(client, f"/api/v1/changes/?topic={topics}")
    assert remembered.size() - before > len(topics)
