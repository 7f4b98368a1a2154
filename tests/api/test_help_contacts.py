"""Numbers to call: the region is asked for, the most urgent come first, what is overdue says so."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from api.models import Document
from tests.api import factories

pytestmark = pytest.mark.django_db


def contact(code: str, region: str, own_kind: str = "emergency", **changes: Any) -> Document:
    return factories.publish(kind="help_contact", code=code, region=region, own_kind=own_kind, **changes)


def codes(client: Client, query: str) -> list[str]:
    return [entry["code"] for entry in client.get(f"/api/v1/help-contacts/?{query}").json()["results"]]


@pytest.fixture
def contacts() -> None:
    contact("us-ca-crisis", "US-CA", "crisis")
    contact("us-drugs", "US", "drugs")
    contact("us-911", "US")
    contact("gb-999", "GB")
    contact("gb-eng-frank", "GB-ENG", "drugs")


@pytest.mark.usefixtures("contacts")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("region=US", ["us-911", "us-drugs"]),
        ("region=us", ["us-911", "us-drugs"]),
        ("region=US-CA", ["us-911", "us-drugs", "us-ca-crisis"]),
        ("region=US-NY", ["us-911", "us-drugs"]),
        ("region=GB", ["gb-999"]),
        ("region=GB-ENG,US", ["gb-999", "gb-eng-frank", "us-911", "us-drugs"]),
        ("region=DE", []),
        ("region=*", ["gb-999", "gb-eng-frank", "us-911", "us-drugs", "us-ca-crisis"]),
        ("region=*&kind=drugs", ["gb-eng-frank", "us-drugs"]),
        ("region=*&kind=crisis,drugs", ["gb-eng-frank", "us-drugs", "us-ca-crisis"]),
        ("region=US&lang=es", []),
        ("region=US&lang=es&fallback=default", ["us-911", "us-drugs"]),
    ],
)
def test_region_gives(client: Client, query: str, expected: list[str]) -> None:
    assert codes(client, query) == expected


@pytest.mark.usefixtures("contacts")
def test_pages_go_on_in_the_same_order(client: Client) -> None:
    page = client.get("/api/v1/help-contacts/?region=*&limit=2").json()
    walked = [entry["code"] for entry in page["results"]]
    while page["next"]:
        page = client.get(page["next"].removeprefix("http://127.0.0.1:8000")).json()
        walked += [entry["code"] for entry in page["results"]]
    assert walked == codes(client, "region=*")


def test_verification_runs_out_without_a_change(client: Client) -> None:
    today = date.today()
    contact("fresh", "US", verify_by=str(today + timedelta(days=1)))
    overdue = contact("stale", "US", verify_by=str(today - timedelta(days=2)))
    entries = client.get("/api/v1/help-contacts/?region=US").json()["results"]
    assert {entry["code"]: entry["verification"] for entry in entries} == {"fresh": "verified", "stale": "overdue"}
    assert client.get("/api/v1/help-contacts/stale/").json()["verification"] == "overdue"
    assert "verification" not in overdue.body


def test_wrong_kind_names_the_nearest(client: Client) -> None:
    assert client.get("/api/v1/help-contacts/?region=US&kind=emergancy").json()["nearest"] == "emergency"
