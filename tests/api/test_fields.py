"""`fields`: it narrows and adds, and never takes away what must be shown."""

import json
from typing import Any

import hypothesis
import pytest
from django.test import Client
from hypothesis import strategies as st

from api import contract
from api.models import Document
from tests.api import factories
from tests.conftest import examples

pytestmark = pytest.mark.django_db
ALWAYS = set(contract.ALWAYS)
NAMES = sorted(contract.ArticleDocument().fields)


@pytest.fixture
def english() -> Document:
    return factories.publish(notice="Dose.", sample=True)


def read(client: Client, query: str, path: str = "articles/") -> Any:
    response = client.get(f"/api/v1/{path}{query}")
    assert response.status_code == 200, response.content
    return response.json()


def test_must_show_is_always_there() -> None:
    assert {"notice", "safety", "sample", "lang", "direction", "translation", "review", "attribution"} <= ALWAYS


def test_fields_narrow_a_document(client: Client, english: Document) -> None:
    body = read(client, "?fields=title", f"articles/{english.slug}/")
    assert set(body) == ALWAYS | {"title"}
    whole = json.loads(english.body)
    assert body == {name: whole[name] for name in body}


def test_fields_narrow_a_list_and_add_to_it(client: Client, english: Document) -> None:
    (item,) = read(client, "?fields=title,references")["results"]
    assert set(item) == ALWAYS | {"title", "references"}
    (item,) = read(client, "?fields=sections")["results"]
    assert item["sections"] == json.loads(english.body)["sections"]


@pytest.mark.parametrize("form", ["html", "text"])
def test_sections_mean_the_text_in_the_form_of_body(client: Client, english: Document, form: str) -> None:
    assert set(read(client, f"?fields=sections&body={form}", f"articles/{english.slug}/")) == ALWAYS | {form}
    assert set(read(client, f"?fields=title&body={form}", f"articles/{english.slug}/")) == ALWAYS | {"title"}


def test_fallback_names_the_language_that_was_asked_for(client: Client, english: Document) -> None:
    for path in (f"articles/{english.slug}/", "articles/"):
        body = read(client, "?fields=title&lang=es&fallback=en", path)
        item = body["results"][0] if "results" in body else body
        assert (item["lang"], item["requested_lang"]) == ("en", "es")


def test_search_keeps_its_excerpt(client: Client, english: Document) -> None:
    (item,) = read(client, "?fields=title&q=heroin")["results"]
    assert set(item) == ALWAYS | {"title", "excerpt"}


def test_each_choice_has_its_etag_whatever_its_order(client: Client, english: Document) -> None:
    def etag(query: str) -> str:
        return str(client.get(f"/api/v1/articles/{english.slug}/{query}")["ETag"])

    assert etag("?fields=title,slug") == etag("?fields=slug,title")
    tags = {etag(query) for query in ("", "?fields=title", "?fields=slug", "?fields=title&body=html", "?fields=title&lang=es&fallback=en")}
    assert len(tags) == 5
    assert etag("?fields=title").startswith(f'"{english.etag}-f')


@pytest.mark.parametrize("value", ["titel", "title,", "html", "excerpt", "Title", "__class__", "sections__blocks", "*", "title,a" * 9])
def test_unknown_field_is_a_problem(client: Client, english: Document, value: str) -> None:
    for path in ("articles/", f"articles/{english.slug}/"):
        response = client.get(f"/api/v1/{path}?fields={value}")
        assert (response.status_code, response.json()["code"]) == (400, "invalid-parameter")
    assert client.get("/api/v1/articles/?fields=titel").json()["nearest"] == "title"


def test_cursor_is_good_for_other_fields(client: Client, english: Document) -> None:
    factories.publish()
    page = read(client, "?limit=1&fields=title")
    assert set(client.get(page["next"].removeprefix("http://127.0.0.1:8000")).json()["results"][0]) == ALWAYS | {"title"}


@hypothesis.settings(max_examples=examples(500))
@hypothesis.given(names=st.lists(st.sampled_from(NAMES), min_size=1, max_size=40, unique=True))
def test_no_choice_of_fields_takes_away_what_must_be_shown(names: list[str]) -> None:
    Document.objects.all().delete()
    document = factories.publish(notice="Dose.", sample=True)
    whole = json.loads(document.body)
    for path in (f"articles/{document.slug}/", "articles/"):
        body = read(Client(), f"?fields={','.join(names)}", path)
        item = body["results"][0] if "results" in body else body
        assert item == {name: value for name, value in whole.items() if name in ALWAYS or name in names}
