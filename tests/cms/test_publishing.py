"""Publishing turns decisions into documents: once, in one place, and only what changed."""

import pytest

from tests.cms import factories

pytestmark = pytest.mark.django_db


def test_a_signed_off_and_published_article_goes_out_in_its_languages(settings):
    settings.CLINICAL_SIGN_OFF = "required"
    shelf = factories.shelf()
    article = factories.go_live(factories.article(shelf))
    factories.translated(article, "es")
    assert factories.content(article, "en")["title"] == "Opioid Withdrawal"
    assert factories.content(article, "es")["title"] == "Opioid Withdrawal [es]"
    assert factories.stored(article, "ar") is None
