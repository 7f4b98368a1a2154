"""Linked data: schema.org's page of a document, with what must be shown."""

from typing import Any

import pytest
from django.test import Client

from api import contract, linked_data
from api.models import Document
from tests.api import factories

pytestmark = pytest.mark.django_db
LINKED = {"Accept": "application/ld+json"}


def read(client: Client, document: Document, query: str = "", **headers: str) -> Any:
    return client.get(f"/api/v1/articles/{document.slug}/{query}", headers={**LINKED, **headers})


def test_page_is_what_the_document_says(client: Client) -> None:
    english = factories.publish(notice="Dose.", sample=True)
    response = read(client, english)
    page = response.json()
    assert response["Content-Type"] == "application/ld+json"
    assert response["ETag"] == f'"{english.etag}-ld"'
    assert response["Content-Language"] == "en"
    assert (page["@type"], page["name"], page["inLanguage"], page["lastReviewed"]) == (
        "MedicalWebPage",
        "Heroin withdrawal",
        "en",
        "2026-05-03",
    )
    assert page["reviewedBy"] == {
        "@type": "Person",
        "jobTitle": "pharmacist",
        "worksFor": {"@type": "Organization", "name": "Example clinic"},
    }
    assert {"@type": "Substance", "name": "Heroin", "identifier": "heroin"} in page["about"]
    assert page["isBasedOn"] == [
        {
            "@type": "CreativeWork",
            "name": "Guideline",
            "publisher": {"@type": "Organization", "name": "WHO"},
            "url": "https://www.who.int/",
            "inLanguage": "en",
        }
    ]
    assert page["text"].splitlines()[:5] == [factories.SENTENCE, "", "Dose.", "", "Advice on overdose."]
    assert client.get(page["url"].removeprefix("http://127.0.0.1:8000")).json()["id"] == page["identifier"]


def test_what_schema_org_has_no_words_for_stands_beside_it(client: Client) -> None:
    document = factories.publish(language="ar", notice="Dose.")
    page, plain = read(client, document, "?lang=ar").json(), client.get(f"/api/v1/articles/{document.slug}/?lang=ar").json()
    assert {name: page[name] for name in linked_data.ALONGSIDE} == {name: plain[name] for name in linked_data.ALONGSIDE}
    assert all(page["@context"][1][name]["@type"] == "@json" for name in linked_data.ALONGSIDE)
    assert set(contract.ALWAYS) - set(linked_data.ALONGSIDE) == {"id", "source_lang"}


def test_text_that_nobody_reviewed_does_not_say_that_it_was(client: Client) -> None:
    page = read(client, factories.publish(review=None)).json()
    assert not {"lastReviewed", "reviewedBy"} & set(page)
    assert page["review"] is None


def test_translation_names_its_source_and_no_other_language(client: Client) -> None:
    english = factories.publish()
    before = read(client, english)
    spanish = factories.publish(english.subject_id, "es")
    page = read(client, spanish, "?lang=es").json()
    assert page["translationOfWork"]["inLanguage"] == "en"
    assert page["translationOfWork"]["@id"] == before.json()["@id"]
    after = read(client, english)
    assert (before.content, _headers(before)) == (after.content, _headers(after))


def test_fallback_names_both_languages(client: Client) -> None:
    response = read(client, factories.publish(), "?lang=es&fallback=en")
    assert (response.json()["lang"], response.json()["requested_lang"], response["Content-Language"]) == ("en", "es", "en")
    assert response["ETag"].endswith('-ld-for-es"')


def test_known_linked_data_is_a_304(client: Client) -> None:
    english = factories.publish()
    assert read(client, english, **{"If-None-Match": f'"{english.etag}-ld"'}).status_code == 304
    assert read(client, english, **{"If-None-Match": english.quoted_etag}).status_code == 200


@pytest.mark.parametrize("query", ["?body=text", "?fields=title"])
def test_linked_data_has_one_form(client: Client, query: str) -> None:
    response = read(client, factories.publish(), query)
    assert (response.status_code, response.json()["code"]) == (400, "invalid-parameter")
    assert response["Content-Type"] == "application/problem+json"


def test_problems_are_problems_in_linked_data_too(client: Client) -> None:
    response = read(client, factories.close(factories.publish(), "recalled"))
    assert (response.status_code, response["Content-Type"]) == (410, "application/problem+json")


def test_linked_data_is_of_articles(client: Client) -> None:
    factories.publish(kind="term")
    response = client.get("/api/v1/substances/heroin/", headers=LINKED)
    assert (response.status_code, response["Content-Type"]) == (200, "application/json")


def _headers(response: Any) -> dict[str, str]:
    """Without what is about the caller and not about the document."""
    return {name: value for name, value in response.headers.items() if name != "RateLimit"}
