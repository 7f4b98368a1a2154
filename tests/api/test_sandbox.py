"""The sandbox: a document for each case, at the addresses of everything else, and given to nobody who does not ask for it."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from api import sandbox
from api.models import Document, Report
from tests.api import factories, keys

pytestmark = pytest.mark.django_db
ARTICLES = "/api/v1/articles"


@pytest.fixture(autouse=True)
def loaded() -> None:
    load()


def load() -> str:
    said = StringIO()
    call_command("load_sandbox", stdout=said)
    return said.getvalue()


CASES = [
    ("sandbox-current/?lang=es", 200, {"lang": "es", "sample": True}),
    ("sandbox-outdated/?lang=es", 200, {("translation", "status"): "outdated", ("translation", "outdated_by"): "substantive"}),
    ("sandbox-noticed/?lang=es", 200, {("notice", "severity"): "safety", ("translation", "outdated_by"): "safety"}),
    ("sandbox-noticed/", 200, {("notice", "severity"): "information", ("translation", "status"): "current"}),
    ("sandbox-held/?lang=es", 404, {"code": "held", "reason": "paused-for-safety", "available_languages": ["en"]}),
    ("sandbox-held/?lang=es&fallback=default", 200, {"lang": "en", "requested_lang": "es"}),
    ("sandbox-gone/", 410, {"code": "gone"}),
    ("sandbox-gone/?lang=es&fallback=default", 410, {"code": "gone"}),
    ("sandbox-gone-in-spanish/?lang=es", 410, {"code": "gone"}),
    ("sandbox-gone-in-spanish/?lang=es&fallback=default", 200, {"lang": "en"}),
    (
        "sandbox-recalled/?lang=es&fallback=default",
        410,
        {"code": "recalled", "severity": "safety", "replacement": str(sandbox.CASES[0].subject_id)},
    ),
    ("sandbox-overdue/", 200, {("review", "status"): "overdue"}),
    ("sandbox-machine/?lang=es", 200, {("translation", "origin"): "machine"}),
    ("sandbox-right-to-left/?lang=ar", 200, {"direction": "rtl", "lang": "ar"}),
    ("sandbox-right-to-left/?lang=es", 404, {"code": "translation-unavailable", "available_languages": ["en", "ar"]}),
]


@pytest.mark.parametrize(("address", "status", "members"), CASES)
def test_each_case_answers_as_the_contract_says(client: Client, address: str, status: int, members: dict[Any, Any]) -> None:
    answer = client.get(f"{ARTICLES}/{address}")
    assert answer.status_code == status
    for path, value in members.items():
        found = answer.json()
        for name in (path,) if isinstance(path, str) else path:
            found = found[name]
        assert found == value, path
    assert ("no-store" in answer["Cache-Control"]) == (status != 200)


def test_old_slug_leads_to_the_new_one(client: Client) -> None:
    answer = client.get(f"{ARTICLES}/sandbox-former-name/?body=text")
    assert (answer.status_code, answer["Location"]) == (301, f"{ARTICLES}/sandbox-renamed/?body=text")


def test_ids_and_slugs_stay_and_say_what_they_are(client: Client) -> None:
    results = client.get(f"{ARTICLES}/?sample=sandbox&limit=100").json()["results"]
    assert {row["slug"]: row["id"] for row in results}["sandbox-current"] == "5a4db0c5-0000-4000-8000-000000000001"
    assert all(row["slug"].startswith("sandbox-") and row["sample"] and row["collection"]["slug"] == "sandbox" for row in results)
    assert "Never show it" in client.get(f"{ARTICLES}/sandbox-current/?body=text").json()["text"].splitlines()[0]


@pytest.mark.parametrize("shown", [True, False])
def test_nobody_is_given_it_unasked(client: Client, settings: Any, shown: bool) -> None:
    settings.SHOW_SAMPLES = shown
    real, sample = factories.publish(title="Symptoms"), factories.publish(title="Symptoms", sample=True)
    ours = {str(identity) for identity in sandbox.IDS}
    for query in ("", "sample=true", "sample=false"):
        for path in ("articles/", "articles/?q=symptoms", "changes/?limit=500", "topics/", "help-contacts/?region=*"):
            url = f"/api/v1/{path}{'&' if '?' in path else '?'}{query}" if query else f"/api/v1/{path}"
            body = client.get(url).json()
            found = {row["id"] for row in body.get("results", body.get("items"))}
            assert not ours & found, url
            if path.startswith("articles/"):
                expected = {"": {real, sample} if shown else {real}, "sample=true": {sample}, "sample=false": {real}}[query]
                assert found == {str(row.subject_id) for row in expected}, url
    english = next(row for row in client.get("/api/v1/languages/").json()["results"] if row["tag"] == "en")
    assert english["published"] == (2 if shown else 1)
    assert keys.caller(keys.issue().text).get("/api/v1/partner/").json()["closed"] == []


def test_feed_search_and_lists_give_it_to_who_asks(client: Client, settings: Any) -> None:
    settings.SHOW_SAMPLES = False
    factories.publish(title="Symptoms")
    feed = client.get("/api/v1/changes/?sample=sandbox&limit=500").json()
    assert {item["id"] for item in feed["items"]} == {str(identity) for identity in sandbox.IDS}
    assert {item["state"] for item in feed["items"]} == {"published", "held", "gone", "recalled"}
    assert client.get(feed["next"].removeprefix("http://127.0.0.1:8000")).json()["items"] == []
    found = client.get(f"{ARTICLES}/?q=hours&sample=sandbox").json()["results"]
    assert found
    assert all(row["slug"].startswith("sandbox-") for row in found)
    contacts = client.get("/api/v1/help-contacts/?region=ZZ&sample=sandbox").json()["results"]
    assert {row["verification"] for row in contacts} == {"verified", "overdue"}
    assert [row["code"] for row in client.get("/api/v1/topics/?sample=sandbox").json()["results"]] == ["sandbox"]


def test_loading_again_writes_nothing_and_mends_what_was_changed() -> None:
    before = list(Document.objects.values_list("number", "etag", "current").order_by("number"))
    assert load().startswith("0 ")
    assert list(Document.objects.values_list("number", "etag", "current").order_by("number")) == before
    held = Document.objects.get(slug="sandbox-held", language="es", current=True)
    factories.publish(held.subject_id, "es", slug="sandbox-held")
    assert not load().startswith("0 ")
    assert Document.objects.get(subject_id=held.subject_id, language="es", current=True).state == "held"


def test_report_of_a_mistake_in_it_is_answered_and_read_by_nobody() -> None:
    body = {"lang": "en", "version": 1, "what": "A mistake.", "severity": "safety"}
    partner = keys.caller(keys.issue().text)
    answer = partner.post(f"{ARTICLES}/sandbox-current/reports/", json.dumps(body), content_type="application/json")
    assert (answer.status_code, answer.json()["state"]) == (201, "closed")
    assert not Report.objects.filter(closed_at=None).exists()
