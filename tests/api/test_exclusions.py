"""What a partner never wants to be given: absent from lists, left in the feed, unavailable by itself; closures come through."""

from typing import Any

import pytest
from django.test import Client

from api import callers
from api.models import Document, Partner
from tests.api import factories, keys

pytestmark = pytest.mark.django_db
BASE = "http://127.0.0.1:8000"
OF = {
    "machine": {"translation": factories.translation("es", origin="machine")},
    "outdated": {"translation": factories.translation("es", status="outdated", outdated_by="substantive")},
    "unreviewed": {"review": None},
    "sample": {"sample": True},
}


def caller(*names: str) -> Client:
    owner = keys.partner(f"Without {names}", **{f"exclude_{name}": True for name in names})
    return keys.caller(keys.issue(owner).text)


def pair(name: str) -> tuple[Document, Document]:
    """English, which nobody excludes, and Spanish, which this exclusion keeps away."""
    english = factories.publish()
    return english, factories.publish(english.subject_id, "es", **OF[name])


def items(client: Client, query: str = "") -> list[tuple[str, str, str]]:
    page = client.get(f"/api/v1/changes/{query}").json()
    return [(item["lang"], item["state"], item["reason"]) for item in page["items"]]


@pytest.mark.parametrize("name", OF)
def test_excluded_document_is_unavailable_and_says_why(client: Client, name: str) -> None:
    english, spanish = pair(name)
    url = f"/api/v1/articles/{english.subject_id}/"
    answer = caller(name).get(f"{url}?lang=es")
    body = answer.json()
    assert (answer.status_code, body["code"], body["reason"]) == (404, "translation-unavailable", "excluded")
    assert (body["available_languages"], name in body["detail"]) == (["en"], True)
    assert caller(name).get(f"{url}?lang=es&fallback=default").json()["lang"] == "en"
    assert client.get(f"{url}?lang=es").content.decode() == spanish.body
    others = set(OF) - {name}
    assert caller(*others).get(f"{url}?lang=es").status_code == 200


@pytest.mark.parametrize("name", OF)
def test_list_is_without_it_and_falls_back_past_it(client: Client, name: str) -> None:
    pair(name)
    for query, with_it, without in (("?lang=es", ["es"], []), ("?lang=es&fallback=default", ["es"], ["en"]), ("", ["en"], ["en"])):
        for sender, expected in ((client, with_it), (caller(name), without)):
            page = sender.get(f"/api/v1/articles/{query}").json()
            assert ([item["lang"] for item in page["results"]], page["count"]) == (expected, len(expected))


@pytest.mark.parametrize("name", OF)
def test_feed_never_gives_what_was_always_excluded(name: str) -> None:
    pair(name)
    assert items(caller(name)) == [("en", "published", "")]


@pytest.mark.parametrize("name", OF)
def test_feed_says_once_that_it_left(client: Client, name: str) -> None:
    english = factories.publish()
    factories.publish(english.subject_id, "es")
    reader = caller(name)
    following = reader.get("/api/v1/changes/").json()["next"].removeprefix(BASE)
    factories.publish(english.subject_id, "es", **OF[name])
    (item,) = reader.get(following).json()["items"]
    assert (item["state"], item["reason"]) == ("gone", "left-filter")
    factories.publish(english.subject_id, "es")
    (item,) = reader.get(following).json()["items"]
    assert item["state"] == "published"


@pytest.mark.parametrize("state", ["held", "gone", "recalled"])
@pytest.mark.parametrize("name", OF)
def test_closure_comes_through_every_exclusion(name: str, state: str) -> None:
    english = factories.publish()
    factories.publish(english.subject_id, "es")
    factories.close(factories.publish(english.subject_id, "es", **OF[name]), state, reason="A dose was wrong.")
    reader = caller(name)
    assert ("es", state, "A dose was wrong.") in items(reader)
    assert reader.get(f"/api/v1/articles/{english.subject_id}/?lang=es").json()["code"] == state


def test_cursor_of_other_exclusions_starts_the_copy_again() -> None:
    factories.publish()
    owner = keys.partner()
    reader = keys.caller(keys.issue(owner).text)
    following = reader.get("/api/v1/changes/?lang=en").json()["next"].removeprefix(BASE)
    assert reader.get(following).status_code == 200
    Partner.objects.filter(pk=owner.pk).update(exclude_outdated=True)
    callers.forget()
    expired = reader.get(following)
    assert (expired.status_code, expired.json()["code"]) == (410, "sync-token-expired")
    assert reader.get(expired.json()["restart"].removeprefix(BASE)).status_code == 200


def test_answer_that_exclusions_shaped_is_not_for_shared_caches() -> None:
    factories.publish()
    for path in ("articles/", "changes/"):
        answer = caller("machine").get(f"/api/v1/{path}")
        assert answer["Cache-Control"].startswith("private")
        assert "Authorization" in answer["Vary"]


def test_interests_restrict_nothing(client: Client) -> None:
    english = factories.publish()
    factories.publish(english.subject_id, "es")
    interested: Any = keys.caller(keys.issue(keys.partner(languages=["es"], topics=["recovery"])).text)
    assert interested.get("/api/v1/articles/").content == client.get("/api/v1/articles/").content
    assert items(interested) == items(client)
