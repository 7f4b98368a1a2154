"""What a partner sees of itself: its key and limit, where its copy stands, what it must not show."""

import json
from datetime import timedelta
from typing import Any

import jsonschema
import pytest
from django.test import Client
from django.utils import timezone

from api import openapi, partners, uses
from api.models import Document, SyncPosition
from tests.api import factories, keys

pytestmark = pytest.mark.django_db
BASE = "http://127.0.0.1:8000"


def account(client: Client) -> Any:
    response = client.get("/api/v1/partner/")
    assert (response.status_code, response["Cache-Control"]) == (200, "no-store")
    document: Any = json.loads(openapi.text("json"))
    schema = {"$ref": "#/components/schemas/Account", "components": document["components"]}
    jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker()).validate(response.json())
    return response.json()


def read_to_the_end(client: Client, query: str = "") -> None:
    """Follow the feed, and ask once more: what was given has been read."""
    page = client.get(f"/api/v1/changes/{query}").json()
    client.get(page["next"].removeprefix(BASE))
    uses.write_all()


def test_record_names_key_limit_and_wishes() -> None:
    owner = keys.partner(languages=["es", "ar"], topics=["withdrawal"], exclude_machine=True, exclude_sample=True)
    issued = keys.issue(owner, requests_per_minute=42, label="site")
    body = account(keys.caller(issued.text))
    assert (body["name"], body["exclusions"]) == (owner.name, ["machine", "sample"])
    assert body["interests"] == {"languages": ["es", "ar"], "topics": ["withdrawal"]}
    assert body["key"] == {
        "hint": issued.text[:14],
        "label": "site",
        "environment": "live",
        "scopes": ["partner", "read", "report"],
        "limit": {"requests": 42, "window_s": 60},
        "expires_at": None,
    }
    assert (body["freshness"], body["sync"]) == ("never", None)


def test_copy_is_fresh_when_all_that_its_filter_lets_through_was_read() -> None:
    english = factories.publish()
    factories.publish(english.subject_id, "es")
    client = keys.caller(keys.issue().text)
    read_to_the_end(client, "?lang=en")
    head = factories.publish(english.subject_id, "fr").number
    body = account(client)
    assert (body["freshness"], body["sync"]["unread"], body["sync"]["number"], body["sync"]["head"]) == ("fresh", 0, english.number, head)


@pytest.mark.parametrize(("age", "freshness"), [(10, "fresh"), (29, "fresh"), (31, "behind"), (239, "behind"), (241, "stale")])
def test_copy_ages_from_the_first_change_it_lacks(age: int, freshness: str) -> None:
    client = keys.caller(keys.issue().text)
    read_to_the_end(client)
    first = factories.publish()
    factories.publish()
    Document.objects.filter(pk=first.pk).update(modified_at=timezone.now() - timedelta(minutes=age))
    body = account(client)
    assert (body["freshness"], body["sync"]["unread"]) == (freshness, 2)


def test_position_survives_a_rotation_and_sandboxes_have_their_own() -> None:
    factories.publish()
    owner = keys.partner()
    old, sandbox = keys.issue(owner), keys.issue(owner, environment="test")
    read_to_the_end(keys.caller(old.text))
    new = partners.rotate(key=old.key, overlap=timedelta(days=1), by="Petra")
    assert account(keys.caller(new.text))["sync"]["number"] == SyncPosition.objects.get().number
    assert account(keys.caller(sandbox.text))["freshness"] == "never"


def test_record_lists_what_must_not_be_shown() -> None:
    client = keys.caller(keys.issue().text)
    held = factories.close(factories.publish(), "held", reason="A dose is being checked.")
    read_to_the_end(client)
    recalled = factories.close(factories.publish(), "recalled", reason="A dose was wrong.")
    factories.close(factories.publish(), "gone")
    body = account(client)
    assert [(item["id"], item["state"], item["reason"], item["unread"]) for item in body["closed"]] == [
        (str(recalled.subject_id), "recalled", "A dose was wrong.", True),
        (str(held.subject_id), "held", "A dose is being checked.", False),
    ]
    assert body["closed_count"] == 2


def test_one_partner_sees_nothing_of_another() -> None:
    factories.publish()
    read_to_the_end(keys.caller(keys.issue(keys.partner("First")).text))
    assert account(keys.caller(keys.issue(keys.partner("Second")).text))["sync"] is None
