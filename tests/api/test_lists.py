"""Lists: one language of each article, and pages that do not shift."""

from datetime import date
from typing import Any
from uuid import uuid4

import hypothesis
import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from api import columns, lists
from api.models import Document
from tests.api import factories
from tests.conftest import examples

pytestmark = pytest.mark.django_db
BASE = "http://127.0.0.1:8000"


def listing(client: Client, query: str = "", path: str = "articles") -> Any:
    response = client.get(f"/api/v1/{path}/{query}")
    assert response.status_code == 200, response.content
    return response.json()


def follow(client: Client, url: str | None) -> Any:
    assert url
    assert url.startswith(BASE)
    return client.get(url.removeprefix(BASE)).json()


def ids(page: dict[str, Any]) -> list[str]:
    return [item["id"] for item in page["results"]]


def test_item_is_the_document_without_its_long_parts(client: Client) -> None:
    factories.publish(notice="Dose.", sample=True)
    (item,) = listing(client)["results"]
    assert not {"sections", "references", "images"} & set(item)
    assert item["notice"]["text"] == "Dose."
    assert item["sample"] is True
    assert item["safety"][0]["kind"] == "overdose"


def test_language_that_is_absent_is_the_source(client: Client) -> None:
    english = factories.publish()
    factories.publish(english.subject_id, "es")
    factories.publish(language="es")
    assert [item["lang"] for item in listing(client)["results"]] == ["en"]


def test_each_article_gives_the_first_language_of_the_chain_that_is_served(client: Client) -> None:
    english = factories.publish()
    both = factories.publish()
    factories.publish(both.subject_id, "es")
    page = listing(client, "?lang=es&fallback=default")
    assert {(item["id"], item["lang"], item.get("requested_lang")) for item in page["results"]} == {
        (str(english.subject_id), "en", "es"),
        (str(both.subject_id), "es", None),
    }
    assert page["count"] == 2


@pytest.mark.parametrize(("state", "listed"), [("held", ["en"]), ("gone", ["en"]), ("recalled", [])])
def test_closed_language_leaves_the_list(client: Client, state: str, listed: list[str]) -> None:
    english = factories.publish()
    factories.close(factories.publish(english.subject_id, "es"), state)
    assert listing(client, "?lang=es")["results"] == []
    assert [item["lang"] for item in listing(client, "?lang=es&fallback=default")["results"]] == listed


def test_filters_look_at_the_document_that_is_served(client: Client) -> None:
    english = factories.publish(topics=factories.tags("withdrawal"))
    factories.publish(english.subject_id, "es", topics=factories.tags("recovery"))
    factories.know("topic", "withdrawal")
    assert listing(client, "?lang=es&fallback=en&topic=withdrawal")["results"] == []
    assert len(listing(client, "?lang=es&fallback=en&topic=recovery")["results"]) == 1


FILTERS = [
    ("topic", {"topics": factories.tags("wanted")}),
    ("substance", {"substances": factories.tags("wanted")}),
    ("symptom", {"symptoms": [{"code": "wanted", "label": "Wanted", "kind": ""}]}),
    ("medicine", {"medicines": factories.tags("wanted")}),
    ("treatment", {"treatments": factories.tags("wanted")}),
    ("collection", {"collection": {"slug": "wanted", "title": "Wanted"}}),
    ("audience", {"audience": "wanted"}),
]


@pytest.mark.parametrize(("name", "content"), FILTERS)
def test_each_filter_finds_what_names_it(client: Client, name: str, content: dict[str, Any]) -> None:
    factories.publish()
    wanted = factories.publish(**content)
    factories.publish(None, "ar", collection={"slug": "want", "title": "Want"})
    if name in columns.FACETS:
        factories.know(name, "want", "other", "wanted")
    assert ids(listing(client, f"?{name}=wanted")) == [str(wanted.subject_id)]
    assert ids(listing(client, f"?{name}=want")) == []
    assert ids(listing(client, f"?{name}=other,wanted")) == [str(wanted.subject_id)]


def test_filters_together_mean_and(client: Client) -> None:
    factories.publish(topics=factories.tags("a"))
    both = factories.publish(topics=factories.tags("a"), substances=factories.tags("b"))
    assert ids(listing(client, "?topic=a&substance=b")) == [str(both.subject_id)]


def test_dates_status_and_origin_are_filters(client: Client) -> None:
    old = factories.publish(review={**factories.article(uuid4())["review"], "reviewed_on": "2020-01-01", "next_due_on": "2021-01-01"})
    factories.publish(review=None)
    machine = factories.publish(language="es", translation=factories.translation("es", origin="machine"))
    assert ids(listing(client, "?review_due_before=2021-01-02")) == [str(old.subject_id)]
    assert ids(listing(client, "?reviewed_since=2020-01-02")) == []
    assert ids(listing(client, "?lang=es&origin=machine")) == [str(machine.subject_id)]
    assert ids(listing(client, "?lang=es&translation_status=outdated")) == []


def test_samples_are_listed_only_for_who_asks_where_they_are_not_shown(client: Client, settings: Any) -> None:
    factories.publish(sample=True)
    factories.publish()
    settings.SHOW_SAMPLES = False
    assert [item["sample"] for item in listing(client)["results"]] == [False]
    assert [item["sample"] for item in listing(client, "?sample=true")["results"]] == [True]
    settings.SHOW_SAMPLES = True
    assert listing(client)["count"] == 2
    assert [item["sample"] for item in listing(client, "?sample=false")["results"]] == [False]


def test_orders(client: Client) -> None:
    review = factories.article(uuid4())["review"]
    due = [None, date(2027, 1, 1), date(2026, 1, 1)]
    documents = [
        factories.publish(title=title, review=day and {**review, "next_due_on": str(day)}) for title, day in zip("bac", due, strict=True)
    ]
    b, a, c = (str(document.subject_id) for document in documents)
    expected = {
        "": [c, a, b],
        "?order=-modified": [c, a, b],
        "?order=modified": [b, a, c],
        "?order=title": [a, b, c],
        "?order=-title": [c, b, a],
        "?order=review_due": [c, a, b],
        "?order=-review_due": [a, c, b],
    }
    assert {query: ids(listing(client, query)) for query in expected} == expected
    for query, wanted in expected.items():
        separator = "&" if query else "?"
        page, walked = listing(client, f"{query}{separator}limit=1"), []
        while True:
            walked += ids(page)
            if page["next"] is None:
                break
            page = follow(client, page["next"])
        assert walked == wanted, query
        back = [*ids(page)]
        while page["previous"]:
            page = follow(client, page["previous"])
            back += ids(page)
        assert back == wanted[::-1], query


def test_pages_do_not_shift_when_something_is_published(client: Client) -> None:
    documents = [factories.publish() for _ in range(5)]
    page = listing(client, "?limit=2")
    factories.publish()
    after = follow(client, page["next"])
    assert ids(after) == [str(document.subject_id) for document in documents[2:0:-1]]
    assert ids(follow(client, after["previous"])) == [str(document.subject_id) for document in documents[4:2:-1]]


@hypothesis.settings(max_examples=examples(400))
@given(titles=st.lists(st.sampled_from("abcd"), max_size=12), limit=st.integers(1, 5), order=st.sampled_from(sorted(lists.ARTICLE_ORDERS)))
def test_pages_together_are_the_list(titles: list[str], limit: int, order: str) -> None:
    Document.objects.all().delete()
    for title in titles:
        factories.publish(title=title)
    client = Client()
    whole = ids(listing(client, f"?order={order}&limit=100"))
    page = listing(client, f"?order={order}&limit={limit}")
    walked = ids(page)
    while page["next"]:
        page = follow(client, page["next"])
        walked += ids(page)
    assert walked == whole
    assert len(whole) == len(titles)


def test_links_keep_the_filter_and_name_the_negotiated_language(client: Client) -> None:
    for _ in range(2):
        factories.publish(language="es")
    response = client.get("/api/v1/articles/?topic=withdrawal&limit=1&lang=auto", headers={"Accept-Language": "es"})
    body = response.json()
    assert body["next"].startswith(f"{BASE}/api/v1/articles/?topic=withdrawal&limit=1&lang=es&cursor=")
    assert response["Link"] == f'<{body["next"]}>; rel="next"'
    assert len(follow(client, body["next"])["results"]) == 1


def test_cursor_of_another_filter_or_order_is_refused(client: Client) -> None:
    for _ in range(2):
        factories.publish()
    cursor = listing(client, "?limit=1")["next"].split("cursor=")[1]
    for query in ("lang=es", "topic=a", "order=title", "fallback=fr", "sample=false"):
        response = client.get(f"/api/v1/articles/?{query}&cursor={cursor}")
        assert (response.status_code, response.json()["code"]) == (400, "invalid-cursor"), query
    assert client.get(f"/api/v1/articles/?limit=7&cursor={cursor}").status_code == 200


def test_count_is_exact_to_a_thousand(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "COUNTED", 3)
    for _ in range(3):
        factories.publish()
    assert (listing(client, "?limit=1")["count"], listing(client, "?limit=1")["count_exact"]) == (3, True)
    factories.publish()
    assert (listing(client, "?limit=1")["count"], listing(client, "?limit=1")["count_exact"]) == (3, False)


def test_same_list_is_a_304(client: Client) -> None:
    factories.publish()
    first = client.get("/api/v1/articles/")
    again = client.get("/api/v1/articles/", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert first["Surrogate-Key"] == "list:en"
    factories.publish()
    assert client.get("/api/v1/articles/", headers={"If-None-Match": first["ETag"]}).status_code == 200


@pytest.mark.parametrize("query", ["?limit=2", "?limit=2&lang=es&fallback=default&topic=withdrawal&order=title"])
def test_two_queries_answer(client: Client, query: str, django_assert_max_num_queries: Any) -> None:
    for _ in range(5):
        factories.publish()
    page = listing(client, query)
    with django_assert_max_num_queries(2):
        listing(client, query)
    with django_assert_max_num_queries(2):
        follow(client, page["next"])


def test_vocabulary_lists_terms_with_their_articles_in_the_language(client: Client) -> None:
    heroin = factories.publish(kind="term")
    factories.publish(heroin.subject_id, "es", kind="term", label="Heroína")
    factories.publish(kind="term", code="fentanyl", label="Fentanyl")
    factories.publish(kind="term", code="methadone", label="Methadone", vocabulary="medicine")
    english = factories.publish()
    factories.publish(english.subject_id, "es")
    factories.publish()
    factories.close(factories.publish(), "gone")
    terms = listing(client, path="substances")["results"]
    assert [(term["label"], term["articles"]) for term in terms] == [("Fentanyl", 0), ("Heroin", 2)]
    assert [(term["label"], term["articles"]) for term in listing(client, "?lang=es", path="substances")["results"]] == [("Heroína", 1)]
    assert [term["articles"] for term in listing(client, path="medicines")["results"]] == [2]
    assert [term["code"] for term in listing(client, "?order=-code", path="substances")["results"]] == ["heroin", "fentanyl"]


def test_glossary_counts_no_articles(client: Client) -> None:
    factories.publish(kind="term", vocabulary="glossary", code="tapering", label="Tapering")
    assert listing(client, path="glossary")["results"][0]["articles"] is None


@pytest.mark.parametrize("path", ["substances", "symptoms", "medicines", "treatments", "organisations", "topics", "glossary"])
def test_every_vocabulary_has_its_path(client: Client, path: str) -> None:
    assert listing(client, path=path)["results"] == []
