"""Remarks on a translation and questions about its source: who sees them, who answers, and that none of it gets out."""

import pytest
from wagtail.models import PageLogEntry

from cms import comments, people, timeline
from cms.models import Comment, Profile
from tests import scenes
from tests.cms import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
@scenes.built_once
def article():
    return factories.translated(factories.go_live(factories.article(factories.shelf())), "es")


def words(threads: list[Comment]) -> list[str]:
    return [thread.text for thread in threads]


def test_a_remark_is_seen_in_its_language_alone(article):
    comments.say(article, "es", "headline", "Usted or tú?", by=factories.translator())
    assert words(comments.threads(article.public_id, "es")) == ["Usted or tú?"]
    assert comments.threads(article.public_id, "ar") == []
    assert comments.questions(article.public_id) == []


def test_a_question_about_the_source_is_seen_in_every_language_and_answered_once(article):
    question = comments.say(article, comments.SOURCE, "summary", "Days or nights?", by=factories.translator())
    comments.reply(article, question, "Days.", by=factories.editor())
    for language in ("es", "ar"):
        (seen,) = comments.threads(article.public_id, language)
        assert (seen.pk, words(seen.replies.all())) == (question.pk, ["Days."])
        assert comments.open_by_key(article.public_id, language) == {"summary": 1}
    comments.resolve(article, question, by=factories.editor())
    assert comments.open_by_key(article.public_id, "ar") == {}


def test_a_resolved_thread_takes_no_answer_until_it_is_open_again(article):
    thread = comments.say(article, "es", "", "The tone is stern.", by=factories.translator())
    comments.resolve(article, thread, by=factories.reviewer())
    with pytest.raises(comments.NotSayable, match="resolved"):
        comments.reply(article, thread, "It is.", by=factories.translator())
    comments.reopen(article, thread, by=factories.reviewer())
    comments.reply(article, thread, "It is.", by=factories.translator())
    (seen,) = comments.threads(article.public_id, "es")
    assert seen.resolved_at is None
    assert seen.resolved_by_name == ""
    assert words(seen.replies.all()) == ["It is."]


def test_a_thread_is_resolved_once_and_says_by_whom(article):
    thread = comments.say(article, "es", "", "Done?", by=factories.translator())
    comments.resolve(article, thread, by=factories.reviewer())
    comments.resolve(article, thread, by=factories.translator())
    (seen,) = comments.threads(article.public_id, "es")
    assert seen.resolved_by_name == "rosa"
    assert PageLogEntry.objects.filter(action="mainstay.resolve").count() == 1


def test_the_timeline_keeps_every_turn_of_a_thread(article):
    remark = comments.say(article, "es", "", "The tone is stern.", by=factories.translator())
    question = comments.say(article, comments.SOURCE, "", "Days or nights?", by=factories.translator())
    for turn in (comments.resolve, comments.reopen, comments.resolve):
        turn(article, remark, by=factories.reviewer())
        turn(article, question, by=factories.editor())
    reviewer, editor = "rosa", factories.editor().get_username()
    told = [(str(entry.what), entry.language, entry.by_name) for entry in reversed(timeline.of(article.public_id))]
    assert [entry for entry in told if entry[0].endswith(("comment", "comment again"))] == [
        ("Resolved a comment", "es", reviewer),
        ("Opened a comment again", "es", reviewer),
        ("Resolved a comment", "es", reviewer),
    ]
    assert [entry for entry in told if "question" in entry[0]] == [
        ("Resolved a question about the source", "", editor),
        ("Opened a question about the source again", "", editor),
        ("Resolved a question about the source", "", editor),
    ]


def test_open_threads_come_first(article):
    first = comments.say(article, "es", "", "First", by=factories.translator())
    comments.say(article, "es", "", "Second", by=factories.translator())
    comments.resolve(article, first, by=factories.translator())
    assert words(comments.threads(article.public_id, "es")) == ["Second", "First"]


@pytest.mark.parametrize(
    ("key", "text", "why"), [("headline", " \n", "Write"), ("headline", "x" * 2001, "too long"), ("no", "x", "passage")]
)
def test_what_cannot_stand_is_refused_with_a_reason(article, key, text, why):
    with pytest.raises(comments.NotSayable, match=why):
        comments.say(article, "es", key, text, by=factories.translator())
    assert not Comment.objects.exists()


def test_whoever_does_not_hold_the_language_says_and_closes_nothing_in_it(article):
    thread = comments.say(article, "es", "headline", "Usted or tú?", by=factories.reviewer())
    stranger = factories.second_translator()
    Profile.objects.filter(user=stranger).update(languages=["ar"])
    for act in (
        lambda: comments.say(article, "es", "headline", "Me too", by=stranger),
        lambda: comments.reply(article, thread, "Me too", by=stranger),
        lambda: comments.resolve(article, thread, by=stranger),
    ):
        with pytest.raises(people.LanguageNotHeld):
            act()
    question = comments.say(article, comments.SOURCE, "headline", "What is it?", by=stranger)
    assert words(comments.threads(article.public_id, "es")) == ["Usted or tú?", question.text]


def test_nothing_that_is_said_changes_what_readers_get(article):
    before = factories.public()
    thread = comments.say(article, "es", "headline", "CANARY", by=factories.translator())
    comments.reply(article, thread, "CANARY", by=factories.reviewer())
    comments.resolve(article, thread, by=factories.reviewer())
    assert factories.public() == before
