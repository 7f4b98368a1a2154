"""The timeline and the proof: what was decided, and what readers saw on whose word, also when page and people are gone."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from cms import closing, proof, timeline
from cms.models import Article
from cms.serving import State
from tests.cms import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def article() -> Article:
    article = factories.article(factories.shelf())
    factories.go_live(article)
    return factories.translated(article, "es")


def signed_in(user: object) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_timeline_tells_every_act_once_latest_first(article: Article) -> None:
    closing.pause(article, "es", by=factories.safety_lead(), reason="A wrong number")
    told = [(str(entry.what), entry.language) for entry in timeline.of(article.public_id)]
    assert told[0] == ("Paused for safety", "es")
    assert told.count(("Approved", "en")) == told.count(("Approved", "es")) == 1
    assert ("The source went live", "en") in told
    moments = [entry.at for entry in timeline.of(article.public_id)]
    assert moments == sorted(moments, reverse=True)


def test_timeline_of_a_language_leaves_out_the_others(article: Article) -> None:
    factories.translated(article, "ar")
    assert {entry.language for entry in timeline.of(article.public_id, "ar")} == {"ar"}


def test_proof_gives_what_readers_saw_then_and_not_what_came_later(article: Article) -> None:
    before = factories.stored(article, "es")
    closing.pause(article, "es", by=factories.safety_lead(), reason="A wrong number")
    paused = factories.stored(article, "es")
    then = proof.at(article.public_id, article.kind, "es", before.modified_at)
    now = proof.at(article.public_id, article.kind, "es", paused.modified_at)
    assert (then.state, then.number, then.approval.by_name) == (State.CURRENT, before.number, "rosa")
    assert then.document["lang"] == "es"
    assert (now.state, now.number, now.document) == (State.HELD, paused.number, None)


def test_proof_outlives_page_and_people(article: Article) -> None:
    stored = factories.stored(article, "es")
    administrator = factories.administrator()
    article.delete()
    get_user_model().objects.exclude(pk=administrator.pk).delete()
    found = proof.at(article.public_id, "article", "es", stored.modified_at)
    assert found.document["title"]
    assert found.approval.by_name == "rosa"
    client = signed_in(administrator)
    assert client.get(reverse("mainstay:proof", args=["article", article.public_id, "es"])).status_code == 200
    page = client.get(reverse("mainstay:timeline", args=["article", article.public_id])).content.decode()
    assert "rosa" in page


@pytest.mark.parametrize("on", ["not-a-day", "2026-13-40"])
def test_a_day_that_is_none_is_said_to_be_none(article: Article, on: str) -> None:
    page = signed_in(factories.administrator()).get(reverse("mainstay:proof", args=["article", article.public_id, "es"]), {"on": on})
    assert "Enter a valid date" in page.content.decode()


def test_unknown_subjects_and_languages_are_not_found(article: Article) -> None:
    client = signed_in(factories.administrator())
    assert client.get(reverse("mainstay:timeline", args=["article", "00000000-0000-0000-0000-000000000001"])).status_code == 404
    assert client.get(reverse("mainstay:timeline", args=["article", article.public_id]), {"lang": "xx"}).status_code == 404
    assert client.get(reverse("mainstay:proof", args=["advice", article.public_id, "es"])).status_code == 404
