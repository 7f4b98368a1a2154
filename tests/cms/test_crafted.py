"""What a crafted POST tries at the desk is refused in words, and changes nothing: another language, no language, the source, no right."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cms import languages, reference, roles
from cms.models import Approval, Article, Profile, Submission
from tests import scenes
from tests.cms import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
@scenes.built_once
def article() -> Article:
    made = factories.article(factories.shelf(targets=("es",)))
    factories.go_live(made)
    factories.translated(made, "es")
    return factories.fresh(made)


def holding(user: Any, *tags: str) -> Any:
    Profile.objects.filter(user=user).update(languages=list(tags))
    return user


def state(article: Article) -> Any:
    """Everything that a translation's screen could change."""
    row = Article.objects.filter(pk=article.pk).values().get()
    return row, Approval.objects.count(), Submission.objects.count(), factories.public()


def everything(article: Article, tag: str, **more: str) -> dict[str, str]:
    """What any form of the desk might send, at once: with digests that are right, and fields of other languages."""
    fresh = factories.fresh(article)
    source, digest = factories.desk.source(fresh)
    return {
        "started_from": reference.shown_digest(fresh, tag),
        "shown": reference.shown_digest(fresh, tag),
        "source_shown": digest,
        "key": next(iter(source)),
        "headline_en": "Taken over",
        "headline_es": "Taken over",
        **{f"segment-{number}": "Taken over" for number in range(2)},
        "of": "still-correct",
        "reason": "Because.",
        "severity": "minor",
        **more,
    }


def post(client: Client, user: Any, article: Article, name: str, tag: str, **more: str) -> Any:
    client.force_login(user)
    return client.post(reverse(f"mainstay:{name}", args=["article", article.public_id, tag]), everything(article, "es", **more))


ACTS = ("translate", "segment", "confirm", "submit", "return", "override", "approve")


@pytest.mark.parametrize("held", [(), ("fr", "ar", "en")], ids=["no-language", "other-languages"])
@pytest.mark.parametrize("superuser", [False, True])
def test_whoever_does_not_hold_a_language_changes_nothing_in_it_and_reads_why(
    client: Client, article: Article, held: tuple[str, ...], superuser: bool
) -> None:
    person = holding(factories.user("pat", roles.TRANSLATOR, roles.LANGUAGE_REVIEWER, superuser=superuser), *held)
    before = state(article)

    answers = {name: post(client, person, article, name, "es").status_code for name in ACTS}
    desk = client.get(reverse("mainstay:translate", args=["article", article.public_id, "es"]))

    assert state(article) == before
    assert set(answers.values()) <= {302, 403}
    assert desk.status_code == 200
    assert "You may read this, and change nothing: you do not work in Español." in desk.content.decode()


def test_nobody_writes_the_source_at_the_desk(client: Client, article: Article) -> None:
    before = state(article)

    assert [post(client, factories.administrator(), article, name, "en").status_code for name in ACTS] == [404] * len(ACTS)
    assert state(article) == before


def test_a_translator_approves_and_returns_nothing(client: Client, article: Article) -> None:
    factories.translate(article, "es", words=" again", by=factories.user("otto", roles.TRANSLATOR))
    before = state(article)

    for name in ("approve", "return"):
        assert post(client, factories.translator(), article, name, "es").status_code == 302

    assert state(article) == before


def test_only_who_may_break_the_glass_approves_their_own_text(client: Client, article: Article) -> None:
    reviewer = factories.user("rita", roles.LANGUAGE_REVIEWER)
    factories.translate(article, "es", words="", by=reviewer, texts=_changed(article))
    before = state(article)

    post(client, reviewer, article, "approve", "es", alone_because="I could not wait.", check_kind="language")

    assert state(article) == before


def _changed(article: Article) -> dict[str, str]:
    texts = factories.fresh(article).texts_in("es")
    return {**texts, "summary": texts["summary"] + " [es]"}


def test_a_save_writes_the_language_of_its_address_and_no_other(client: Client, article: Article) -> None:
    before = {tag: factories.fresh(article).texts_in(tag) for tag in languages.TAGS}

    post(client, factories.translator(), article, "translate", "es")

    after = {tag: factories.fresh(article).texts_in(tag) for tag in languages.TAGS}
    assert after.pop("es")["headline"] == "Taken over"
    assert after == {tag: texts for tag, texts in before.items() if tag != "es"}


def test_what_no_editor_sends_is_refused_at_its_passage(client: Client, article: Article) -> None:
    before = state(article)
    client.force_login(factories.translator())
    address = reverse("mainstay:translate", args=["article", article.public_id, "es"])
    form = {"started_from": reference.shown_digest(factories.fresh(article), "es"), "segment-3": "no JSON"}

    answer = client.post(address, form)

    assert "This is not what the editor sends." in answer.content.decode()
    assert state(article) == before
