"""Publishing turns decisions into documents: once, in one place, and only what changed."""

import pytest

from api import contract
from api.models import Document
from cms import closing, publishing
from cms.models import ArticleTerm
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


@pytest.fixture
def shelf(settings):
    settings.CLINICAL_SIGN_OFF = "required"
    return factories.shelf(targets=["es"])


def test_publishing_again_without_a_change_writes_no_row(shelf):
    article = factories.translated(factories.go_live(factories.article(shelf)), "es")
    before = factories.public()
    count = Document.objects.count()
    factories.publish(article)
    factories.approve_source(article)
    factories.approve_target(article, "es")
    publishing.record_due(publishing.subjects_with_documents())
    publishing.work_off()
    assert factories.public() == before
    assert Document.objects.count() == count


def test_a_translation_that_goes_out_changes_no_byte_of_another_language(shelf):
    article = factories.translated(factories.go_live(factories.article(shelf)), "es")
    english = factories.stored(article, "en")
    factories.translated(article, "es", words=" again")
    now = factories.stored(article, "en")
    assert (now.number, now.body, now.etag, now.modified_at) == (english.number, english.body, english.etag, english.modified_at)


def test_working_text_is_not_public(shelf):
    article = factories.translated(factories.go_live(factories.article(shelf)), "es")
    before = factories.public()
    factories.translate(article, "es", words=" draft")
    factories.edit(article, body=factories.small_body("<p>A draft.</p>"), audience="families")
    article.save()
    assert factories.public() == before


@pytest.mark.parametrize("what", ["term", "advice", "topic"])
def test_what_shows_an_approved_change_is_rendered_anew_in_batches(shelf, what, monkeypatch):
    monkeypatch.setattr(publishing, "BATCH", 1)
    articles = [factories.go_live(factories.article(shelf, f"article-{number}")) for number in range(3)]
    shown = getattr(shelf, what)
    text = "label_en" if what != "advice" else "heading_en"
    shown = factories.fresh(shown)
    setattr(shown, text, "Changed")
    shown.save()
    before = factories.public()
    assert publishing.work_off() == 0
    assert factories.public() == before
    factories.approve_source(shown)
    publishing.work_off()
    assert all("Changed" in factories.stored(article, "en").body for article in articles)


def test_the_request_renders_one_batch_and_the_rest_is_due(shelf, monkeypatch):
    articles = [factories.go_live(factories.article(shelf, f"article-{number}")) for number in range(3)]
    monkeypatch.setattr(publishing, "BATCH", 2)
    shown = factories.fresh(shelf.term)
    shown.label_en = "Changed"
    shown.save()
    factories.approve_source(shown)
    assert sum("Changed" in factories.stored(article, "en").body for article in articles) == 2
    assert publishing.work_off() == 1
    assert all("Changed" in factories.stored(article, "en").body for article in articles)


def test_an_article_held_for_want_of_advice_comes_back_with_it(shelf):
    article = factories.translated(factories.go_live(factories.article(shelf)), "es")
    closing.pause(shelf.advice, closing.ALL, by=factories.safety_lead(), reason="Wrong dose.")
    assert {factories.stored(article, tag).state for tag in ("en", "es")} == {"held"}
    assert factories.stored(article, "en").reason == "safety-advice-unavailable"
    factories.approve_source(shelf.advice)
    assert factories.stored(article, "en").state == "published"
    assert factories.stored(article, "es").state == "held"
    factories.approve_target(shelf.advice, "es")
    assert factories.stored(article, "es").state == "published"


def test_a_term_taken_down_leaves_the_articles_that_show_it(shelf):
    article = factories.go_live(factories.article(shelf))
    closing.recall(shelf.term, "en", by=factories.safety_lead(), reason="Wrong.")
    assert factories.content(article, "en")["substances"] == []


def test_an_article_whose_symptoms_are_gone_is_held_and_keeps_nobody_from_taking_them_down(shelf):
    symptom = factories.term("sweating", vocabulary="symptom", kind="physical")
    article = factories.article(shelf, body=[factories.section("what", factories.block("list", "symptoms", "physical"))])
    draft = article.get_latest_revision_as_object()
    draft.terms = [ArticleTerm(term=symptom)]
    draft.save_revision(user=factories.editor())
    factories.go_live(article)
    closing.pause(symptom, "en", by=factories.safety_lead(), reason="Wrong.")
    assert (factories.stored(article, "en").state, factories.stored(article, "en").reason) == ("held", "symptoms-unavailable")
    factories.approve_source(symptom)
    assert factories.stored(article, "en").state == "published"


def test_one_document_that_the_contract_refuses_keeps_no_other_from_readers(shelf, monkeypatch):
    articles = [factories.go_live(factories.article(shelf, f"article-{number}")) for number in range(2)]
    broken = str(articles[0].public_id)
    check = contract.check

    def refuse(*, kind, content):
        if content["id"] == broken:
            raise contract.ContractViolation(["broken"])
        check(kind=kind, content=content)

    monkeypatch.setattr(contract, "check", refuse)
    closing.pause(shelf.term, "en", by=factories.safety_lead(), reason="Wrong.")
    assert factories.stored(articles[0], "en").reason == "not-renderable"
    assert factories.content(articles[1], "en")["substances"] == []
    assert factories.stored(shelf.term, "en").state == "held"


def test_documents_follow_the_topic_of_their_collection(shelf):
    article = factories.go_live(factories.article(shelf))
    collection = shelf.collection
    collection.topic = factories.term("recovery")
    collection.save_revision().publish()
    assert factories.content(article, "en")["collection"]["title"] == "Recovery"
