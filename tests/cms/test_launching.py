"""Texts that were approved for later go live together, all or none, and everything is looked at again in that moment."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cms import closing, desk, jobs, launching, sign_off
from cms.models import Approval, Article, Launch
from tests import scenes
from tests.cms import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _required(settings: Any) -> None:
    settings.CLINICAL_SIGN_OFF = "required"


@pytest.fixture
@scenes.built_once
def articles() -> list[Article]:
    """Two live articles, in Spanish and Arabic approved for later."""
    shelf = factories.shelf()
    made = [factories.go_live(factories.article(shelf, slug)) for slug in ("one", "two")]
    for article in made:
        for tag in ("es", "ar"):
            factories.approve_target(factories.translate(article, tag), tag, at_once=False)
    return [factories.fresh(article) for article in made]


def all_of_it(due_at: Any = None) -> Launch:
    return launching.make("Spring", launching.waiting(), by=factories.editor(), due_at=due_at)


def states(articles: list[Article]) -> list[str | None]:
    rows = [factories.stored(article, tag) for article in articles for tag in ("es", "ar")]
    return [row.state if row else None for row in rows]


def blocks(launch: Launch) -> list[str]:
    return [why for row in launching.check(launch) for why in row.blocks]


def test_what_is_approved_for_later_goes_live_together(articles: list[Article]) -> None:
    assert states(articles) == [None] * 4
    launch = all_of_it()
    assert launching.waiting() == []
    assert blocks(launch) == []
    assert launching.launch(launch, by=factories.editor()).launched_at
    assert states(articles) == ["published"] * 4
    with pytest.raises(launching.NotLaunchable, match="live already"):
        launching.launch(launch, by=factories.editor())


@pytest.mark.parametrize(
    ("happens", "why"),
    [
        (lambda article: factories.translate(article, "es", words=" newer"), "The text has changed since it was approved."),
        (lambda article: factories.go_live(factories.edit(article, body=factories.full_body())), "The source has moved since"),
        (lambda article: revoke(article, "es"), "It is not approved."),
        (lambda article: revoke(article.terms.first().term, "es"), "has no approved text in Español"),
    ],
)
def test_where_one_text_cannot_go_out_none_does_and_the_maker_is_told_why(articles: list[Article], happens: Any, why: str) -> None:
    launch = all_of_it()
    happens(articles[1])
    failed = launching.launch(launch, by=factories.editor())
    assert (failed.launched_at, bool(failed.failed_at)) == (None, True)
    assert states(articles) == [None] * 4
    assert "Two in Español: " in failed.failure
    assert why in failed.failure
    assert [(message.to, why in message.body) for message in mail.outbox] == [(["edith@example.org"], True)]
    assert not Approval.objects.filter(language="es", subject_kind="article", effective_at__isnull=False).exists()


def revoke(subject: Any, tag: str) -> None:
    approval = Approval.objects.filter(subject_id=subject.public_id, language=tag, revoked_at__isnull=True).latest("at")
    sign_off.revoke(subject, approval, by=factories.safety_lead(), reason="Wrong.")


def test_what_was_paused_since_it_was_approved_has_to_be_approved_again(articles: list[Article]) -> None:
    article = articles[0]
    launching.launch(all_of_it(), by=factories.editor())
    factories.approve_target(factories.translate(article, "es", words=" newer"), "es", at_once=False)
    launch = all_of_it()
    closing.pause(article, "es", by=factories.safety_lead(), reason="Danger.")
    assert "Something was said against the text since it was approved, so it has to be approved again." in blocks(launch)
    closing.retire(article, "es", by=factories.safety_lead(), reason="Danger.")
    assert "It was taken down. Bring it back first." in blocks(launch)
    assert not launching.launch(launch, by=factories.editor()).launched_at
    assert factories.stored(article, "es").state == "gone"


def test_a_job_puts_live_what_is_due_once_and_leaves_what_failed_to_a_person(articles: list[Article]) -> None:
    launch = all_of_it(timezone.now() + timedelta(days=1))
    assert jobs.launch_due()
    assert states(articles) == [None] * 4
    Launch.objects.update(due_at=timezone.now() - timedelta(minutes=1))
    factories.translate(articles[0], "ar", words=" newer")
    jobs.launch_due()
    jobs.launch_due()
    assert len(mail.outbox) == 1
    factories.approve_target(articles[0], "ar", at_once=False)
    assert blocks(launch) == []
    assert launching.launch(launch, by=factories.editor()).failure == ""
    assert states(articles) == ["published"] * 4


def test_a_due_launch_goes_live_by_itself(articles: list[Article]) -> None:
    all_of_it(timezone.now() + timedelta(days=1))
    Launch.objects.update(due_at=timezone.now() - timedelta(minutes=1))
    jobs.launch_due()
    assert states(articles) == ["published"] * 4
    assert mail.outbox == []


def test_a_correction_says_in_its_document_how_much_it_changes(articles: list[Article]) -> None:
    launching.launch(all_of_it(), by=factories.editor())
    article = factories.translate(articles[0], "es", words=" better")
    factories.approve_target(article, "es", at_once=False, severity="minor", note="A typing error.")
    launching.launch(all_of_it(), by=factories.editor())
    document = factories.stored(article, "es")
    assert (document.update_type, document.change_note) == ("minor", "A typing error.")


def test_the_screens_make_show_and_put_live(articles: list[Article]) -> None:
    client = Client()
    client.force_login(factories.editor())
    values = [row.value for row in launching.waiting()]
    answer = client.post(reverse("mainstay:new_launch"), {"name": "Spring", "texts": values}, follow=True)
    assert "Nothing stands in the way now." in answer.content.decode()
    launch = Launch.objects.get()
    factories.translate(articles[0], "ar", words=" newer")
    address = reverse("mainstay:launch", args=[launch.pk])
    assert "The text has changed since it was approved." in client.get(address).content.decode()
    assert "Nothing was put live" in client.post(address, {"launch": "1"}, follow=True).content.decode()
    factories.approve_target(articles[0], "ar", at_once=False)
    assert "All of it is live." in client.post(address, {"launch": "1"}, follow=True).content.decode()
    assert "Spring" in client.get(reverse("mainstay:launches")).content.decode()
    assert states(articles) == ["published"] * 4


def test_a_cancelled_launch_leaves_its_texts_approved_and_waiting(articles: list[Article]) -> None:
    client = Client()
    client.force_login(factories.editor())
    launch = all_of_it()
    client.post(reverse("mainstay:launch", args=[launch.pk]), {"cancel": "1"})
    with pytest.raises(launching.NotLaunchable, match="cancelled"):
        launching.launch(launch, by=factories.editor())
    assert len(launching.waiting()) == 4
    assert desk.source(articles[0])


def test_a_moment_that_is_over_and_no_text_at_all_are_refused(articles: list[Article]) -> None:
    with pytest.raises(launching.NotLaunchable, match="moment is over"):
        all_of_it(timezone.now() - timedelta(minutes=1))
    with pytest.raises(launching.NotLaunchable, match="at least one"):
        launching.make("Nothing", [], by=factories.editor())


def test_an_empty_list_speaks_of_launches(client: Client) -> None:
    client.force_login(factories.editor())
    page = client.get(reverse("mainstay:launches")).content.decode()
    assert "launches" in page
    assert "launchs" not in page
