"""The coverage matrix: every state in its cell, and a number of queries that does not grow."""

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cms import closing, coverage
from cms.coverage import Coverage, Row, Tally
from cms.models import Article, HelpContact
from cms.serving import State
from tests.cms import factories

pytestmark = pytest.mark.django_db


def row(found: Coverage, article: Article) -> Row:
    return next(row for row in found.rows if row.public_id == article.public_id)


def states(article: Article) -> dict[str, str]:
    return {cell.language.tag: str(cell.state) for cell in row(coverage.of_library(), article).cells if cell.state != State.NONE}


@pytest.fixture
def shelf() -> factories.Shelf:
    return factories.shelf()


@pytest.fixture
def article(shelf: factories.Shelf) -> Article:
    """Live in English, Spanish and Arabic."""
    made = factories.article(shelf)
    factories.go_live(made)
    for tag in factories.TARGETS:
        factories.translated(made, tag)
    return factories.fresh(made)


def test_draft_is_missing_in_every_language_and_not_known_to_readers(shelf: factories.Shelf) -> None:
    draft = factories.article(shelf, headline="Not ready")

    found = coverage.of_library()

    assert states(draft) == {}
    assert row(found, draft).title == "Not ready"
    assert found.known_to_readers().shelves == ()


def test_approved_languages_are_current_and_the_others_missing(article: Article) -> None:
    assert states(article) == {"en": "current", "es": "current", "ar": "current"}


def test_substantive_change_makes_translations_outdated(article: Article) -> None:
    factories.edit(article, body=factories.small_body("<p>It lasts for 5 to 9 days.</p>"))
    factories.go_live(article, severity="substantive")

    assert states(article) == {"en": "current", "es": "outdated", "ar": "outdated"}


def test_safety_change_that_harms_nobody_puts_a_notice(article: Article) -> None:
    factories.edit(article, body=factories.small_body("<p>It lasts for 5 to 9 days.</p>"))
    factories.go_live(article, severity="safety", harm="no")

    assert states(article) == {"en": "current", "es": "noticed", "ar": "noticed"}


def test_paused_retired_and_recalled_languages_are_told_apart(article: Article) -> None:
    closing.pause(article, "en", by=factories.safety_lead(), reason="A dose is being checked.")
    closing.retire(article, "es", by=factories.safety_lead(), reason="Old.")
    closing.recall(article, "ar", by=factories.safety_lead(), reason="Wrong.")

    assert states(article) == {"en": "held", "es": "gone", "ar": "recalled"}


def test_recalled_article_is_recalled_wherever_it_was_served(article: Article) -> None:
    closing.recall(article, "en", by=factories.safety_lead(), reason="Wrong.")

    assert states(article) == {"en": "recalled", "es": "recalled", "ar": "recalled"}


def test_text_whose_advice_is_not_to_be_had_is_held(article: Article, shelf: factories.Shelf) -> None:
    closing.retire(shelf.advice, "es", by=factories.safety_lead(), reason="Wrong.")

    assert factories.stored(article, "es").state == "held"
    assert states(article) == {"en": "current", "es": "held", "ar": "current"}
    assert {cell.language.tag: cell.state for cell in coverage.of_article(article.public_id)}["es"] == State.HELD


def test_working_text_does_not_enter(article: Article) -> None:
    before = row(coverage.of_library(), article)

    factories.edit(article, headline_en="Secret plans", slug="secret-plans")
    factories.translate(article, "fr")

    assert row(coverage.of_library(), article) == before


def test_states_are_those_of_the_stored_documents(article: Article, shelf: factories.Shelf) -> None:
    other = factories.article(shelf, "medical-detox")
    factories.go_live(other)
    factories.translated(other, "es")
    closing.retire(other, "es", by=factories.safety_lead(), reason="Old.")

    for found in coverage.of_library().rows:
        for cell in found.cells:
            document = factories.stored(Article.objects.get(public_id=found.public_id), cell.language.tag)
            assert (document.state if document else "none") == ("published" if cell.is_served else cell.state)


def test_articles_stand_in_tree_order_by_collection(shelf: factories.Shelf) -> None:
    second = factories.article(shelf, "second")
    first = factories.article(shelf, "first")
    first.move(second, pos="left")

    assert [(shelf.title, [row.slug for row in shelf.rows]) for shelf in coverage.of_library().shelves] == [
        ("Withdrawal", ["first", "second"])
    ]


def test_counts_by_language_and_in_all(article: Article, shelf: factories.Shelf) -> None:
    factories.go_live(factories.article(shelf, "medical-detox"))

    found = coverage.of_library()
    columns = {column.language.tag: column for column in found.columns}

    assert [(columns[tag].served, columns[tag].total) for tag in ("en", "es", "fr")] == [(2, 2), (1, 2), (0, 2)]
    assert columns["es"].states[State.CURRENT] == 1
    assert columns["es"].states[State.NONE] == 1
    assert found.cells == Tally(served=4, total=16)
    assert found.states[State.CURRENT] == 4


def test_tallies_count_what_is_served_of_all(article: Article) -> None:
    called = factories.contact("called", verified=False)
    HelpContact.objects.filter(pk=called.pk).update(verified_on=date(2026, 1, 2), verify_by=date(2027, 1, 2))
    factories.approve_source(called)
    factories.contact("not-called", verified=False)
    factories.SafetyAdvice(code="unapproved", heading_en="x", text_en="<p>x</p>").save()

    found = coverage.tallies()

    assert found.terms == Tally(served=2, total=2)
    assert found.advice == Tally(served=1, total=2)
    assert found.contacts == Tally(served=1, total=2)
    assert found.head == max(document.number for document in factories.Document.objects.all())
    assert found.documents == factories.Document.objects.published().count()


def queries(act: Any) -> int:
    with CaptureQueriesContext(connection) as captured:
        act()
    return len(captured)


def test_queries_do_not_grow_with_the_articles(article: Article, shelf: factories.Shelf) -> None:
    of_one = queries(coverage.of_library)
    for number in range(5):
        another = factories.article(shelf, f"article-{number}")
        factories.go_live(another)
        factories.translated(another, "es")

    assert queries(coverage.of_library) == of_one <= 10
    assert queries(coverage.tallies) <= 10
    assert queries(lambda: coverage.of_article(article.public_id)) <= 10


# -- the admin's home page -------------------------------------------------------------------------------------------


def home(client: Client, user: Any) -> str:
    client.force_login(user)
    return client.get(reverse("wagtailadmin_home")).content.decode()


def test_home_page_links_each_cell_to_its_translation(client: Client, article: Article) -> None:
    html = home(client, factories.administrator())

    assert reverse("wagtailadmin_pages:edit", args=[article.pk]) in html
    for tag in ("es", "fr"):
        assert reverse("mainstay:translate", args=["article", article.public_id, tag]) in html


def test_home_page_shows_drafts_too(client: Client, shelf: factories.Shelf) -> None:
    factories.article(shelf, headline="Not ready")

    assert "Not ready" in home(client, factories.administrator())


def test_home_page_offers_no_editor_to_who_may_not_edit(client: Client, article: Article) -> None:
    visitor = factories.user("vera")
    visitor.user_permissions.add(Permission.objects.get(codename="access_admin"))

    html = home(client, visitor)

    assert article.title in html
    assert reverse("wagtailadmin_pages:edit", args=[article.pk]) not in html


def test_home_page_asks_no_other_host(client: Client, article: Article) -> None:
    html = home(client, factories.administrator())

    assert "w-upgrade" not in html
    assert "w-whats-new" not in html
    assert "gravatar" not in html
