"""What an author tells translators stands beside the text at the desk, and changes nothing that is digested, signed off or served."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cms import reference, segments
from cms.models import Article, Contribution, Release
from tests import scenes
from tests.cms import factories

pytestmark = pytest.mark.django_db
WHOLE, SECTION = "Say it as a nurse would.", "Dependent is about the body."


def with_note(note: str = SECTION) -> list[dict[str, Any]]:
    """Two sections, the second with a note."""
    body = factories.full_body()
    body[1]["value"]["note"] = note
    return body


@pytest.fixture
@scenes.built_once
def article() -> Article:
    made = factories.article(factories.shelf(targets=["es"]), body=factories.full_body())
    return factories.translated(factories.go_live(made), "es")


def recorded() -> Any:
    return Contribution.objects.count(), Release.objects.latest("pk").facts_digest, factories.public()


def test_a_note_is_in_no_digest_and_asks_for_no_new_sign_off(article: Article) -> None:
    before, shown = recorded(), reference.shown_digest(reference.source_of(article), "en")

    factories.edit(article, body=with_note(), translator_note=WHOLE)

    source = reference.source_of(factories.fresh(article))
    assert source.notes()[""] == WHOLE
    assert reference.shown_digest(source, "en") == shown
    assert recorded() == before
    factories.publish(article)
    assert recorded() == before
    assert SECTION not in str(Release.objects.latest("pk").facts)


@pytest.mark.parametrize("note", ["", "  ", SECTION])
def test_the_structure_of_a_body_knows_no_note_whether_it_was_ever_asked_for(note: str) -> None:
    assert segments.structure(with_note(note)) == segments.structure(factories.full_body())
    assert set(segments.notes(with_note(note)).values()) == ({SECTION} if note == SECTION else set())


def test_a_translation_is_stored_without_the_note(article: Article) -> None:
    factories.edit(article, body=with_note())
    factories.translate(article, "es", words=" again")
    assert SECTION not in str(list(Article.objects.filter(pk=article.pk).values("body_es")))


def test_the_desk_shows_it_above_the_text_and_beside_each_passage_of_its_section(client: Client, article: Article) -> None:
    factories.edit(article, body=with_note(), translator_note=WHOLE)
    client.force_login(factories.translator())

    page = client.get(reverse("mainstay:translate", args=["article", article.public_id, "ar"]))

    assert WHOLE in page.content.decode()
    of_section = factories.block_id("help")
    assert {row.key.partition(".")[0] for row in page.context["rows"] if row.note} == {of_section}
    assert all(row.note == SECTION for row in page.context["rows"] if row.key.startswith(of_section))
    assert page.content.decode().count(SECTION) == 4  # the heading, the warning, two steps


def test_a_shared_text_has_a_note_as_well(client: Client, article: Article) -> None:
    term = article.terms.first().term
    before = recorded()
    term.translator_note = WHOLE
    term.save()
    client.force_login(factories.translator())
    assert WHOLE in client.get(reverse("mainstay:translate", args=["term", term.public_id, "ar"])).content.decode()
    assert recorded() == before


def test_its_author_writes_it_in_the_editor(client: Client, article: Article) -> None:
    client.force_login(factories.editor())
    for url in (
        reverse("wagtailadmin_pages:edit", args=[article.pk]),
        reverse("wagtailsnippets_cms_term:edit", args=[article.terms.first().term_id]),
    ):
        assert 'name="translator_note"' in client.get(url).content.decode()
