"""What a document shows beside its text: approved in its language, or not at all; a safety text is never left out."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cms import closing, evidence, notices, obstacles, sign_off
from cms.models import Approval
from cms.resolving import NotShowable, Resolver
from cms.serving import Served, serving
from tests.cms import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf(settings):
    settings.CLINICAL_SIGN_OFF = "required"
    return factories.shelf(targets=["es"])


def shown(article, tag: str):
    decisions = evidence.of(article.public_id)
    served = serving(decisions, tag)
    assert isinstance(served, Served)
    placement = decisions.latest_release().placement
    return Resolver().shown(public_id=article.public_id, release=served.release, placement=placement, language=tag, served=served)


def test_everything_is_shown_in_the_language_of_the_document(shelf):
    article = factories.translated(factories.go_live(factories.article(shelf, sample=True)), "es")
    found = shown(article, "es")
    assert found.collection.label == "Withdrawal [es]"
    assert [term.label for term in found.terms] == ["Withdrawal [es]", "Heroin [es]"]
    assert [advice.html for advice in found.advice] == ["<p>Call for help at once. [es]</p>"]
    assert found.sample.html == "<p>Notice: sample. [es]</p>"


def test_an_unapproved_change_is_not_shown(shelf):
    article = factories.translated(factories.go_live(factories.article(shelf)), "es")
    factories.translate(shelf.term, "es", words=" wrong")
    assert [term.label for term in shown(article, "es").terms][1] == "Heroin [es]"


def test_a_term_that_is_closed_is_left_out(shelf):
    article = factories.go_live(factories.article(shelf))
    closing.retire(shelf.term, "en", by=factories.safety_lead(), reason="Wrong.")
    assert [term.code for term in shown(article, "en").terms] == ["withdrawal"]


@pytest.mark.parametrize(("what", "reason"), [("advice", "safety-advice-unavailable"), ("topic", "collection-title-unavailable")])
def test_without_it_the_article_is_not_shown(shelf, what, reason):
    article = factories.go_live(factories.article(shelf))
    closing.pause(getattr(shelf, what), "en", by=factories.safety_lead(), reason="Wrong.")
    with pytest.raises(NotShowable) as lacking:
        shown(article, "en")
    assert lacking.value.reason == reason


def test_a_sample_is_not_shown_without_its_sentence(shelf):
    article = factories.go_live(factories.article(shelf, sample=True))
    given = Approval.objects.get(subject_id=shelf.sample.public_id, language="en")
    sign_off.revoke(shelf.sample, given, by=factories.safety_lead(), reason="Wrong.")
    with pytest.raises(NotShowable, match="notice-unavailable"):
        shown(article, "en")
    assert factories.stored(article, "en").state == "held"


def test_the_gravest_notice_comes_first_and_each_once(shelf):
    article = factories.go_live(factories.article(shelf))
    calm = factories.notice("calm", severity="information")
    grave = factories.notice("grave")
    for notice in (calm, grave, grave):
        notices.post(notice, scope="library", by=factories.safety_lead())
    assert [notice.public_id for notice in shown(article, "en").notices] == [grave.public_id, calm.public_id]


def test_what_an_article_shows_is_read_together(shelf):
    article = factories.article(shelf)
    with CaptureQueriesContext(connection) as asked:
        assert obstacles.missing_labels(article, "es") == []
    assert sum('FROM "cms_approval"' in query["sql"] for query in asked.captured_queries) == 1
