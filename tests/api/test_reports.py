"""Mistakes that partners report: strictly read, filed once, answered, and seen by nobody else."""

import json
from typing import Any

import pytest
from django.test import Client

from api import reports
from api.models import Document, Report
from tests.api import factories, keys

pytestmark = pytest.mark.django_db
MISTAKE = {"lang": "en", "version": 1, "what": "Says 7 weeks, means 7 days.", "severity": "safety"}


@pytest.fixture
def article() -> Document:
    return factories.publish()


@pytest.fixture
def partner() -> Client:
    return keys.caller(keys.issue(scopes=("report",)).text)


def send(client: Client, article: Document, **changes: Any) -> Any:
    body = {name: value for name, value in {**MISTAKE, **changes}.items() if value is not None}
    return client.post(f"/api/v1/articles/{article.subject_id}/reports/", json.dumps(body), content_type="application/json")


def test_mistake_is_filed_as_an_open_case(partner: Client, article: Document) -> None:
    response = send(partner, article)
    assert (response.status_code, response["Cache-Control"]) == (201, "no-store")
    assert {name: response.json()[name] for name in MISTAKE} == MISTAKE
    assert (response.json()["article"], response.json()["state"], response.json()["answer"]) == (str(article.subject_id), "open", "")
    report = Report.objects.get()
    assert (report.title, report.is_open, report.partner.name) == (article.title, True, "Example clinics")
    assert partner.get(response["Location"]).json() == {"results": [response.json()]}


def test_same_words_about_the_same_version_are_one_case(partner: Client, article: Document) -> None:
    first, again, other = send(partner, article), send(partner, article), send(partner, article, what="Another.")
    assert (again.status_code, again.json()) == (200, first.json())
    assert (other.status_code, Report.objects.count()) == (201, 2)


def test_answer_is_read_by_the_partner_that_asked_and_by_no_other(partner: Client, article: Document) -> None:
    url = send(partner, article)["Location"]
    reports.answer(Report.objects.get(), text="Mended in version 2.", by="Edda")
    (found,) = partner.get(url).json()["results"]
    assert (found["state"], found["answer"]) == ("closed", "Mended in version 2.")
    assert found["closed_at"]
    other = keys.caller(keys.issue(keys.partner("Others"), scopes=("report",)).text)
    assert other.get(url).json() == {"results": []}


def test_text_that_is_closed_to_readers_can_still_be_reported(partner: Client, article: Document) -> None:
    factories.close(article, "recalled")
    assert send(partner, article).status_code == 201


@pytest.mark.parametrize(
    ("changes", "code", "parameter", "nearest"),
    [
        ({"lang": "es-MX"}, "invalid-parameter", "lang", "es"),
        ({"lang": "es"}, "invalid-parameter", "version", None),
        ({"version": 2}, "invalid-parameter", "version", None),
        ({"version": "1"}, "invalid-parameter", "version", None),
        ({"version": True}, "invalid-parameter", "version", None),
        ({"version": 0}, "invalid-parameter", "version", None),
        ({"severity": "safty"}, "invalid-parameter", "severity", "safety"),
        ({"what": "  "}, "invalid-parameter", "what", None),
        ({"what": "x" * 5001}, "invalid-parameter", "what", None),
        ({"what": "x\x00"}, "invalid-parameter", "what", None),
        ({"what": ["x"]}, "invalid-parameter", "what", None),
        ({"what": None}, "invalid-parameter", "what", None),
        ({"language": "en"}, "unknown-parameter", "language", "lang"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_name(
    partner: Client, article: Document, changes: dict[str, Any], code: str, parameter: str, nearest: str | None
) -> None:
    problem = send(partner, article, **changes).json()
    assert (problem["status"], problem["code"], problem["errors"][0]["parameter"], problem.get("nearest")) == (
        400,
        code,
        parameter,
        nearest,
    )
    assert not Report.objects.exists()


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (json.dumps(MISTAKE), "text/plain"),
        ("{", "application/json"),
        ("[]", "application/json"),
        ("[" * 20_000, "application/json"),
        (json.dumps({**MISTAKE, "what": "x" * 60_000}), "application/json"),
        (b"\xff", "application/json"),
    ],
)
def test_body_that_is_no_object_is_a_problem(partner: Client, article: Document, body: Any, content_type: str) -> None:
    response = partner.post(f"/api/v1/articles/{article.subject_id}/reports/", body, content_type=content_type)
    assert (response.status_code, response.json()["code"]) == (400, "bad-request")


def test_needs_a_key_of_its_scope_and_an_article(client: Client, partner: Client, article: Document) -> None:
    assert send(client, article).json()["code"] == "not-authenticated"
    assert send(keys.caller(keys.issue(scopes=("read", "partner")).text), article).json()["code"] == "forbidden"
    assert partner.get("/api/v1/articles/nothing/reports/").json()["code"] == "not-found"
    assert not Report.objects.exists()


def test_address_says_what_it_takes(partner: Client, article: Document) -> None:
    url = f"/api/v1/articles/{article.subject_id}/reports/"
    assert partner.options(url)["Allow"] == "GET, HEAD, POST, OPTIONS"
    refused = partner.delete(url)
    assert (refused.status_code, refused["Allow"], refused.json()["code"]) == (405, "GET, HEAD, POST, OPTIONS", "method-not-allowed")
    assert partner.post("/api/v1/articles/")["Allow"] == "GET, HEAD, OPTIONS"


def test_no_column_could_hold_a_reader() -> None:
    """What a partner writes is its own; what we note beside it is the text, the key and the time."""
    assert {field.name for field in Report._meta.get_fields()} == {
        *("id", "partner", "key", "subject_id", "language", "version", "title", "what", "what_digest", "severity"),
        *("reported_at", "answer", "closed_at", "closed_by"),
    }
