"""The timeline: everything that was decided about a text, said of it and done to it, also when page and people are gone."""

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cms import closing, comments, desk, reference, timeline, versions
from cms.models import Article, Confirmation
from tests import scenes
from tests.cms import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
@scenes.built_once
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
    assert told.count(("Approved: Clinical check", "en")) == told.count(("Approved: Language check", "es")) == 1
    assert ("The source went live", "en") in told
    moments = [entry.at for entry in timeline.of(article.public_id)]
    assert moments == sorted(moments, reverse=True)


def test_timeline_of_a_language_leaves_out_the_others(article: Article) -> None:
    factories.translated(article, "ar")
    assert {entry.language for entry in timeline.of(article.public_id, "ar")} == {"ar"}


def test_unknown_subjects_and_languages_are_not_found(article: Article) -> None:
    client = signed_in(factories.administrator())
    assert client.get(reverse("mainstay:timeline", args=["article", "00000000-0000-0000-0000-000000000001"])).status_code == 404
    assert client.get(reverse("mainstay:timeline", args=["article", article.public_id]), {"lang": "xx"}).status_code == 404


# -- what was said, brought back and confirmed ------------------------------------------------------------------------


def told(article: Article, language: str = "") -> list[tuple[str, str, str, str]]:
    return [(str(entry.what), entry.language, entry.by_name, entry.said) for entry in timeline.of(article.public_id, language)]


@pytest.fixture
def discussed(article: Article) -> Article:
    """A remark in Spanish, answered and resolved, and a question about the source, answered."""
    remark = comments.say(article, "es", "headline", "Is that the word?", by=factories.reviewer())
    comments.reply(article, remark, "It is.", by=factories.translator())
    comments.resolve(article, remark, by=factories.reviewer())
    question = comments.say(article, comments.SOURCE, "summary", "Days or nights?", by=factories.translator())
    comments.reply(article, question, "Days.", by=factories.editor())
    return article


def test_remarks_and_answered_questions_are_in_it(discussed: Article) -> None:
    assert told(discussed)[:5] == [
        ("Answered a question about the source", "", "edith", "Days."),
        ("Asked about the source", "", "tariq", "Days or nights?"),
        ("Resolved a comment", "es", "rosa", "Is that the word?"),
        ("Answered a comment", "es", "tariq", "It is."),
        ("Commented", "es", "rosa", "Is that the word?"),
    ]


def test_a_remark_is_of_its_language_and_a_question_about_the_source_of_all(discussed: Article) -> None:
    of_arabic = [what for what, *_rest in told(discussed, "ar")]
    assert "Answered a question about the source" in of_arabic
    assert not {"Commented", "Answered a comment", "Resolved a comment"} & set(of_arabic)


def test_a_version_brought_back_and_a_passage_still_correct_are_in_it(article: Article) -> None:
    first = versions.latest(article.public_id, "es")
    factories.translate(article, "es", words=" again", by=factories.second_translator())
    began = reference.shown_digest(factories.fresh(article), "es")
    desk.restore(factories.fresh(article), first, started_from=began, by=factories.second_translator())
    shown = versions.digest(factories.fresh(article).texts_in("es")["headline"])
    desk.confirm(article, "es", "headline", of=Confirmation.Of.STILL_CORRECT, shown=shown, by=factories.translator())
    found = [(what, by) for what, _language, by, _said in told(article, "es")]
    assert found[0] == ("Confirmed a passage: Still correct after its source moved", "tariq")
    assert found[1][0].startswith("Brought back the version of ")
    assert found[1:3] == [(found[1][0], "tina"), ("Changed the text", "tina")]
    assert not any("Confirmed a passage" in what for what, *_rest in told(article, "ar"))


def test_a_passage_is_named_as_its_translators_know_it(discussed: Article) -> None:
    page = signed_in(factories.administrator()).get(reverse("mainstay:timeline", args=["article", discussed.public_id]))
    assert page.context["passages"] == {"headline": "Headline", "summary": "Summary"}


def test_it_outlives_page_and_people(discussed: Article) -> None:
    before = [entry for entry in told(discussed) if not entry[0].startswith("The page")]
    administrator = factories.administrator()
    factories.fresh(discussed).delete()
    get_user_model().objects.exclude(pk=administrator.pk).delete()
    assert [entry for entry in told(discussed) if entry in before] == before
    page = signed_in(administrator).get(reverse("mainstay:timeline", args=["article", discussed.public_id]), {"lang": "es"})
    assert "Is that the word?" in page.content.decode()


def test_its_queries_do_not_grow_with_what_happened(discussed: Article) -> None:
    client, address = signed_in(factories.administrator()), reverse("mainstay:timeline", args=["article", discussed.public_id])

    def counted() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        return len(captured)

    counted()
    before = counted()
    for number in range(3):
        thread = comments.say(discussed, "es", "summary", f"Remark {number}", by=factories.reviewer())
        comments.reply(discussed, thread, "Yes.", by=factories.translator())
        factories.translated(discussed, "es", words=f" {number}")
    assert counted() == before <= 35
