"""No draft, unapproved or working text is in any public answer: a unique string in each place where such text lives."""

import json
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.test import Client
from wagtail.models import Comment

from api import languages
from api.addresses import VOCABULARY_PATHS
from cms import sign_off
from cms.models import Article
from tests.cms import factories

pytestmark = pytest.mark.django_db

BODIES = ("sections", "html", "text")


@pytest.fixture
def canaries(settings) -> list[str]:
    """Plants, in every place that readers must not see, a word that stands nowhere else."""
    settings.CLINICAL_SIGN_OFF = "required"
    planted: list[str] = []

    def canary(place: str) -> str:
        planted.append(f"canary-{place}-{len(planted)}")
        return planted[-1]

    shelf = factories.shelf()
    article = factories.article(shelf, body=factories.full_body())
    factories.go_live(article)
    factories.translated(article, "es")
    other = factories.article(shelf, "never-published", headline=canary("draft-article"))

    # A draft of the source, by revision; then one that is released and not signed off.
    factories.edit(article, headline_en=canary("draft-headline"), body=factories.small_body(f"<p>{canary('draft-body')}</p>"))
    factories.edit(article, summary_en=canary("released-unsigned"), change_note=canary("released-note"))
    factories.publish(article, severity="substantive", note=canary("unsigned-change-note"))
    # Working text: of a language that is served, and of one that is not.
    factories.translate(article, "es", words=canary("working-es"))
    factories.translate(article, "ar", words=canary("working-ar"))
    factories.translate(other, "es", words=canary("working-of-draft"))
    # Shared texts saved by one person.
    for row, column in ((shelf.term, "label_en"), (shelf.topic, "label_en"), (shelf.advice, "heading_en"), (shelf.sample, "text_en")):
        setattr(row, column, canary(column))
        row.save()
    factories.translate(shelf.term, "es", words=canary("term-es"))
    contact = factories.contact(verified=False)
    contact.name_en = canary("contact")
    contact.save()
    # What people say to each other.
    Comment.objects.create(page=article, user=factories.editor(), contentpath="headline_en", text=canary("comment"))
    approval = factories.stored(article, "en")
    assert approval is not None
    return planted


def addresses() -> Iterator[str]:
    """Every public address, in every language and form."""
    tags = ["", *(f"lang={tag}" for tag in languages.TAGS), "lang=auto"]
    articles = [*Article.objects.values_list("slug", flat=True), *(str(pk) for pk in Article.objects.values_list("public_id", flat=True))]
    for tag in tags:
        for fallback in ("", "&fallback=default", "&fallback=es,ar"):
            yield f"/api/v1/articles/?{tag}{fallback}"
            yield from (f"/api/v1/articles/{article}/?{tag}{fallback}" for article in articles)
        yield from (f"/api/v1/articles/{article}/?{tag}&body={body}" for article in articles for body in BODIES)
        yield from (f"/api/v1/{path}/?{tag}" for path in VOCABULARY_PATHS.values())
        yield f"/api/v1/help-contacts/?region=*&{tag}"
        if tag != "lang=auto":
            yield f"/api/v1/changes/?{tag}&include=document"
    yield from (f"/api/v1/articles/{article}/languages/" for article in articles)
    yield from ("/api/v1/", "/api/v1/languages/", "/api/v1/openapi.json", "/api/v1/docs/", "/", "/api/v1/nowhere/")
    yield from (f"/read/{article}/{tag}/" for article in articles for tag in languages.TAGS)


def test_no_working_draft_or_unapproved_text_is_in_any_public_answer(canaries: list[str]) -> None:
    client = Client()
    asked = served = 0
    for address in addresses():
        response = client.get(address.replace("?&", "?"), follow=True)
        text = response.content.decode() + json.dumps(dict(response.headers))
        found = [canary for canary in canaries if canary in text]
        assert not found, (address, found)
        assert response.status_code < 500, address
        assert urlsplit(address).path
        asked += 1
        served += response.status_code == 200
    assert asked > 300
    assert served > 100, "The addresses answer: a test that read only errors would prove nothing."


def test_the_canaries_do_sing_once_they_are_approved(canaries: list[str]) -> None:
    """The other way round: the search finds a canary that readers may see, so it would have found the others."""
    article = Article.objects.get(slug="opioid-withdrawal")
    factories.approve_source(article, by=factories.second_reviewer())
    text = Client().get("/api/v1/articles/opioid-withdrawal/").content.decode()
    assert any(canary in text for canary in canaries)
    assert sign_off.shown_digest(factories.fresh(article), "es")
