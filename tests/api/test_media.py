"""Which form a client takes, by the weights that it gives."""

import gzip
import json
from typing import Any

import pytest
from django.test import Client

from api import media
from api.models import Document
from tests.api import factories

ACCEPT = [
    ("", False),
    ("*/*", False),
    ("application/json", False),
    ("application/*", False),
    ("text/html", False),
    ("application/ld+json", True),
    ("application/LD+JSON", True),
    ('application/ld+json; profile="x"', True),
    ("application/ld+json, */*;q=0.1", True),
    ("application/ld+json, application/json", False),
    ("application/json, application/ld+json;q=0.9", False),
    ("application/ld+json, application/json;q=0.9", True),
    ("application/ld+json;q=0", False),
    ("application/ld+json;q=0.000", False),
    ("application/ld+json;q=0.5, */*", False),
    ("application/ld+json;q=x", True),
    ("," * 100_000 + "application/ld+json", False),
]
ENCODING = [
    ("", False),
    ("gzip", True),
    ("GZIP", True),
    ("x-gzip", True),
    ("gzip, deflate, br", True),
    ("gzip;q=0", False),
    ("gzip;q=0.0, *", False),
    ("*", True),
    ("*;q=0", False),
    ("br", False),
    ("identity", False),
    ("identity;q=0.5, gzip", True),
    ("gzip;q=0.5, identity", False),
    ("gzip;q=0.001", True),
    ("deflate;q=1, *;q=0.5", True),
    ("identity;q=0.5, *;q=0", False),
    ("gzip ; Q=0.8", True),
    (";q=", False),
    ("é", False),
]


@pytest.mark.parametrize(("header", "wanted"), ACCEPT)
def test_linked_data_is_for_who_names_it(header: str, wanted: bool) -> None:
    assert media.wants_linked_data(header) is wanted


@pytest.mark.parametrize(("header", "taken"), ENCODING)
def test_gzip_is_for_who_takes_it(header: str, taken: bool) -> None:
    assert media.takes_gzip(header) is taken


@pytest.fixture
def english(db: None) -> Document:
    return factories.publish()


def read(client: Client, document: Document, query: str = "", **headers: str) -> Any:
    return client.get(
        f"/api/v1/articles/{document.slug}/{query}", headers={name.replace("_", "-"): value for name, value in headers.items()}
    )


def test_compressed_answer_is_the_stored_bytes(client: Client, english: Document, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        response = read(client, english, Accept_Encoding="gzip")
    assert (response["Content-Encoding"], response["ETag"]) == ("gzip", f'"{english.etag}-gz"')
    assert gzip.decompress(response.content).decode() == english.body
    assert response.content == Document.objects.get(pk=english.pk).compressed
    assert response["Content-Length"] == str(len(response.content))
    assert response["Vary"].startswith("Accept, Accept-Encoding")


@pytest.mark.parametrize("query", ["", "?body=html", "?fields=title", "?lang=es&fallback=en"])
@pytest.mark.parametrize("encoding", ["", "identity", "gzip;q=0", "br"])
def test_plain_answer_is_for_everybody_else(client: Client, english: Document, query: str, encoding: str) -> None:
    response = read(client, english, query, Accept_Encoding=encoding)
    assert "Content-Encoding" not in response
    assert response.json()["id"] == str(english.subject_id)


@pytest.mark.parametrize("query", ["?body=html", "?lang=es&fallback=en"])
def test_what_is_put_together_is_compressed_for_who_takes_it(
    client: Client, english: Document, query: str, django_assert_num_queries: Any
) -> None:
    plain = read(client, english, query)
    with django_assert_num_queries(1):
        packed = read(client, english, query, Accept_Encoding="gzip")
    assert gzip.decompress(packed.content) == plain.content
    assert packed["ETag"] == f'{plain["ETag"][:-1]}-gz"'
    assert len(packed.content) < len(plain.content) / 2
    for etag in (plain["ETag"], packed["ETag"]):
        assert read(client, english, query, If_None_Match=etag).status_code == 304
        assert read(client, english, query, Accept_Encoding="gzip", If_None_Match=etag).status_code == 304


def test_what_fits_in_a_packet_is_not_compressed(client: Client, english: Document) -> None:
    response = read(client, english, "?fields=title", Accept_Encoding="gzip")
    assert "Content-Encoding" not in response
    assert not response["ETag"].endswith('-gz"')


@pytest.mark.parametrize("origin", ["", "https://partner.example"])
def test_every_site_gets_the_same_and_a_cache_keeps_one_copy(client: Client, english: Document, origin: str) -> None:
    response = read(client, english, **({"Origin": origin} if origin else {}))
    assert response["Vary"] == "Accept, Accept-Encoding"
    assert response.get("Access-Control-Allow-Origin") == ("*" if origin else None)
    assert client.get("/api/v1/articles/nowhere/", headers={"Origin": "https://partner.example"})["Access-Control-Allow-Origin"] == "*"


def test_head_has_the_length_of_the_compressed_answer(client: Client, english: Document) -> None:
    got = read(client, english, Accept_Encoding="gzip")
    head = client.head(f"/api/v1/articles/{english.slug}/", headers={"Accept-Encoding": "gzip"})
    assert (head.content, _headers(head)) == (b"", _headers(got))


@pytest.mark.parametrize("suffix", ["", "-gz"])
def test_who_has_it_in_either_form_is_told_so(client: Client, english: Document, suffix: str) -> None:
    etag = f'"{english.etag}{suffix}"'
    response = read(client, english, Accept_Encoding="gzip", If_None_Match=etag)
    assert (response.status_code, response.content, response["ETag"]) == (304, b"", etag)
    assert "Content-Encoding" not in response


def test_row_without_a_compressed_body_is_served_from_its_body(client: Client, english: Document) -> None:
    Document.objects.update(compressed=None)
    response = read(client, english, Accept_Encoding="gzip")
    assert gzip.decompress(response.content).decode() == english.body
    assert response["ETag"] == f'"{english.etag}-gz"'


def test_terms_are_served_compressed_and_contacts_are_not(client: Client, db: None) -> None:
    for kind, path, compressed in (("term", "substances", True), ("help_contact", "help-contacts", False)):
        document = factories.publish(kind=kind)
        response = client.get(f"/api/v1/{path}/{document.slug}/", headers={"Accept-Encoding": "gzip"})
        assert ("Content-Encoding" in response) is compressed
        body = gzip.decompress(response.content) if compressed else response.content
        assert json.loads(body)["id"] == str(document.subject_id)


def test_tombstone_has_no_compressed_body(english: Document) -> None:
    assert factories.close(english).compressed is None


def _headers(response: Any) -> dict[str, str]:
    """Without what is about the caller and not about the document."""
    return {name: value for name, value in response.headers.items() if name != "RateLimit"}
