"""The explorer of a collection shows what readers get, language by language, and finds an article in any of its languages."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.cms import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf():
    return factories.shelf(targets=["es"])


@pytest.fixture
def explorer(client, shelf):
    """The explorer of a collection with two articles: one live in English and Spanish, one a draft."""
    article = factories.go_live(factories.article(shelf))
    factories.translated(article, "es", words=" abstinencia")
    factories.article(shelf, "detox")
    client.force_login(factories.administrator())
    return lambda **query: client.get(reverse("wagtailadmin_explore", args=[shelf.collection.pk]), query)


def decisions_read(ask):
    """How many queries for decisions it takes to answer; Wagtail's own, one a page, are not ours to count."""
    with CaptureQueriesContext(connection) as queries:
        ask()
    return sum("cms_approval" in query["sql"] or "cms_sourcechange" in query["sql"] for query in queries)


def test_each_article_has_a_mark_a_language(explorer):
    page = explorer().content.decode()
    assert "English: Current" in page
    assert "Spanish: Current" in page
    assert "Arabic: Missing" in page
    assert page.count('<ul class="mainstay-marks">') == 2


def test_more_articles_take_no_more_queries_for_their_decisions(explorer, shelf):
    few = decisions_read(explorer)
    for number in range(5):
        factories.article(shelf, f"article-{number}")
    assert decisions_read(explorer) == few > 0


@pytest.mark.parametrize("word", ["abstinencia", "Opioid"])
def test_an_article_is_found_in_any_of_its_languages(explorer, word):
    assert "Opioid Withdrawal" in explorer(q=word, search_all="1").content.decode()


def test_nothing_else_is_found(explorer):
    assert "Opioid Withdrawal" not in explorer(q="гриппа", search_all="1").content.decode()
