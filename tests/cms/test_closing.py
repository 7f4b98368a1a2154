"""One person takes down; what is down comes back only by a publish, an approval, or being brought back."""

import pytest

from cms import closing
from cms.models import Closure, Collection
from tests.cms import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def article(settings):
    settings.CLINICAL_SIGN_OFF = "required"
    return factories.translated(factories.go_live(factories.article(factories.shelf(targets=["es"]))), "es")


def states(article) -> set[str]:
    return {factories.stored(article, tag).state for tag in ("en", "es")}


def test_signing_off_a_page_that_is_down_does_not_bring_it_back(article):
    article.unpublish()
    factories.approve_source(article)
    assert states(article) == {"gone"}


def test_moving_a_page_that_is_down_does_not_bring_it_back(article):
    article.unpublish()
    topic = factories.term("recovery", targets=["es"])
    other = factories.library().add_child(instance=Collection(title="Recovery", slug="recovery", topic=topic))
    factories.fresh(article).move(other, pos="last-child")
    assert states(article) == {"gone"}
    factories.publish(article)
    assert factories.content(article, "es")["collection"]["title"] == "Recovery [es]"


def test_unpublished_again_before_its_sign_off_a_page_stays_down(article):
    article.unpublish()
    factories.edit(article, body=factories.small_body("<p>Another.</p>"))
    factories.publish(article, severity="substantive")
    factories.fresh(article).unpublish()
    factories.approve_source(article)
    assert states(article) == {"gone"}
    factories.publish(article)
    assert factories.stored(article, "en").state == "published"


def test_a_republished_page_brings_back_what_is_approved_against_the_live_source(article):
    article.unpublish()
    factories.edit(article, body=factories.small_body("<p>Another.</p>"))
    factories.go_live(article, severity="substantive")
    assert factories.stored(article, "en").state == "published"
    assert factories.stored(article, "es").state == "gone"
    factories.translated(article, "es")
    assert factories.stored(article, "es").state == "gone"
    closing.bring_back(article, "es", by=factories.safety_lead(), reason="Right again.")
    assert factories.stored(article, "es").state == "published"


def test_a_deleted_shelf_takes_its_articles_down(article):
    Collection.objects.get().delete()
    assert states(article) == {"gone"}


def test_a_reason_is_needed(article):
    with pytest.raises(closing.NotClosable):
        closing.pause(article, "es", by=factories.safety_lead(), reason=" ")
    assert not Closure.objects.exists()


def test_what_was_recalled_needs_an_approval_since(article):
    closing.recall(article, "es", by=factories.safety_lead(), reason="Wrong dose.")
    with pytest.raises(closing.NotBackYet):
        closing.bring_back(article, "es", by=factories.safety_lead(), reason="Right again.")
    factories.approve_target(article, "es")
    assert factories.stored(article, "es").state == "recalled"
    closing.bring_back(article, "es", by=factories.safety_lead(), reason="Right again.")
    assert factories.stored(article, "es").state == "published"
