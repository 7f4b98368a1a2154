"""A notice stands above every text that it concerns, from the moment at which it is approved and posted, in either order."""

import pytest

from cms import notices, sign_off
from cms.models import Approval, Notice
from tests.cms import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf(settings):
    settings.CLINICAL_SIGN_OFF = "required"
    return factories.shelf(targets=["es"])


def said(article, tag: str) -> str:
    return (factories.content(article, tag)["notice"] or {"text": ""})["text"]


@pytest.mark.parametrize("scope", ["article", "term", "library"])
def test_a_notice_posted_before_it_is_approved_appears_with_its_approval(shelf, scope):
    article = factories.translated(factories.go_live(factories.article(shelf)), "es")
    notice = Notice.objects.create(code="danger", text_en="<p>Danger.</p>")
    subject = {"article": article.public_id, "term": shelf.term.public_id, "library": notices.LIBRARY}[scope]
    posting = notices.post(notice, scope=scope, subject_id=subject, by=factories.safety_lead())
    assert said(article, "en") == ""
    factories.approve_source(notice)
    assert said(article, "en") == "Danger."
    assert said(article, "es") == ""
    factories.translated(notice, "es")
    assert said(article, "es") == "Danger. [es]"
    notices.lift(posting, by=factories.safety_lead())
    assert said(article, "en") == said(article, "es") == ""


def test_the_outdated_line_appears_when_it_is_approved(shelf):
    given = Approval.objects.get(subject_id=shelf.outdated.public_id, language="es")
    sign_off.revoke(shelf.outdated, given, by=factories.safety_lead(), reason="Wrong.")
    article = factories.translated(factories.go_live(factories.article(shelf)), "es")
    factories.edit(article, body=factories.small_body("<p>Another.</p>"))
    factories.go_live(article, severity="substantive")
    assert said(article, "es") == ""
    factories.approve_target(shelf.outdated, "es")
    assert said(article, "es") == "Notice: outdated. [es]"


def test_a_safety_change_without_an_approved_notice_holds(shelf):
    article = factories.translated(factories.go_live(factories.article(shelf)), "es")
    given = Approval.objects.get(subject_id=shelf.source_changed.public_id, language="es")
    sign_off.revoke(shelf.source_changed, given, by=factories.safety_lead(), reason="Wrong.")
    factories.edit(article, body=factories.small_body("<p>Another.</p>"))
    factories.go_live(article, severity="safety", harm="no")
    assert factories.stored(article, "es").state == "held"
