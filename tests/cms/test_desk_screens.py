"""Beside the desk: comments, versions and the preview, over HTTP, and what a crafted request gets."""

import pytest
from django.urls import reverse

from cms import comments, versions
from cms.models import Comment, Profile
from tests import scenes
from tests.cms import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
@scenes.built_once
def article():
    return factories.translated(factories.go_live(factories.article(factories.shelf())), "es")


@pytest.fixture
def at(article):
    """The address of a screen about the article in Spanish, or with `tag=""` about its source."""

    def address(name: str, *more, tag: str = "es") -> str:
        return reverse(f"mainstay:{name}", args=[article.kind, article.public_id, *([tag] if tag else []), *more])

    return address


@pytest.fixture
def as_(client):
    def sign_in(person):
        client.force_login(person)
        return client

    return sign_in


def test_what_is_said_comes_back_as_the_list_alone_to_a_script_and_as_a_page_to_a_browser(as_, at, article):
    client = as_(factories.translator())
    said = {"act": "say", "about": "es", "key": "headline", "text": "Usted <b>or</b> tú?"}
    answer = client.post(at("comments"), said, headers={"X-Requested-With": "XMLHttpRequest"})
    assert answer.status_code == 200
    assert b"Usted &lt;b&gt;or&lt;/b&gt; t" in answer.content
    assert b"<html" not in answer.content
    client.post(at("comments"), {**said, "about": "", "text": "Days or nights?"})
    page = client.get(at("comments", tag="ar")).content.decode()
    assert "Days or nights?" in page
    assert "Usted" not in page
    assert "Headline" in page


def test_an_editor_answers_a_question_from_the_readers_page(as_, at, article):
    question = comments.say(article, comments.SOURCE, "headline", "Days or nights?", by=factories.translator())
    client = as_(factories.editor())
    assert "1 open question about the source" in client.get(at("readers", tag="")).content.decode()
    client.post(at("questions", tag=""), {"act": "reply", "thread": question.pk, "text": "Days."})
    client.post(at("questions", tag=""), {"act": "resolve", "thread": question.pk})
    assert "open question" not in client.get(at("readers", tag="")).content.decode()
    desk = as_(factories.translator()).get(at("translate", tag="ar")).content.decode()
    assert "Days." in desk


def test_a_crafted_comment_is_refused(as_, at, article):
    remark = comments.say(article, "es", "headline", "Usted?", by=factories.translator())
    other = comments.say(factories.fresh(article), "ar", "headline", "Arabic", by=factories.translator())
    client = as_(factories.translator())
    script = {"X-Requested-With": "XMLHttpRequest"}
    elsewhere = {"act": "say", "about": "ar", "key": "headline", "text": "x"}
    assert client.post(at("comments"), elsewhere, headers=script).status_code == 422
    assert client.post(at("comments"), {"act": "drop"}, headers=script).status_code == 422
    for thread in (other.pk, 0, "x", "9" * 40):
        assert client.post(at("comments"), {"act": "resolve", "thread": thread}).status_code == 404
    assert client.post(at("questions", tag=""), {"act": "resolve", "thread": remark.pk}).status_code == 404
    Profile.objects.filter(user=factories.translator()).update(languages=["ar"])
    client.post(at("comments"), {"act": "resolve", "thread": remark.pk})
    client.post(at("comments"), {"act": "say", "about": "es", "key": "", "text": "x"})
    assert Comment.objects.filter(resolved_at=None).count() == Comment.objects.count() == 2


def test_versions_are_listed_compared_and_restored_as_a_save_like_any_other(as_, at, article):
    before = factories.fresh(article).texts_in("es")
    changed = {**before, "summary": before["summary"].replace("About", "Concerning")}
    factories.translate(article, "es", by=factories.second_translator(), texts=changed)
    newest, first = versions.of(article.public_id, "es")
    client = as_(factories.translator())
    assert client.get(at("versions")).content.decode().count("What changed") == 2
    page = client.get(at("version", newest.pk)).content.decode()
    assert '<span class="deletion">' in page
    assert "Concerning" in page
    assert f'value="{first.pk}" selected' in page
    assert client.get(at("version", first.pk), {"with": newest.pk}).content.decode().count("Concerning") == page.count("Concerning")
    stale = client.post(at("version", first.pk), {"started_from": "0" * 64}, follow=True)
    assert "saved this text since you looked" in stale.content.decode()
    assert factories.fresh(article).texts_in("es") == changed
    client.post(at("version", first.pk), {"started_from": newest.text_digest})
    assert factories.fresh(article).texts_in("es") == before
    assert versions.latest(article.public_id, "es").by_name == "tariq"


def test_a_version_of_another_text_is_not_found_and_not_restored(as_, at, article):
    arabic = factories.translate(article, "ar") and versions.latest(article.public_id, "ar")
    client = as_(factories.translator())
    before = factories.fresh(article).texts_in("es")
    for answer in (
        client.get(at("version", arabic.pk)),
        client.post(at("version", arabic.pk), {"started_from": ""}),
        client.get(at("version", versions.latest(article.public_id, "es").pk), {"with": "x"}),
        client.get(at("versions", tag="en")),
    ):
        assert answer.status_code == 404
    Profile.objects.filter(user=factories.translator()).update(languages=["ar"])
    client.post(at("version", versions.latest(article.public_id, "es").pk), {"started_from": ""})
    assert factories.fresh(article).texts_in("es") == before


def test_the_preview_is_the_saved_text_in_its_direction_and_may_stand_in_a_frame_of_ours(as_, at, article):
    factories.translate(article, "ar", words="معاينة")
    answer = as_(factories.translator()).get(at("preview", tag="ar"))
    page = answer.content.decode()
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert 'lang="ar" dir="rtl"' in page
    assert "معاينة" in page
