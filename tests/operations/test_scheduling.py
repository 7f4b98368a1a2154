"""Scheduled pages: each in its own transaction, so that a failure or a kill loses no schedule."""

from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command, get_commands
from django.dispatch import Signal
from django.utils import timezone
from wagtail import signals
from wagtail.models import Locale, Page

from cms import closing, roles, scheduling
from cms.models import Article
from tests.cms import factories


class Killed(BaseException):
    """What a process that is killed looks like to the code: no `except Exception` sees it."""


@pytest.fixture
def shelf(db: None) -> factories.Shelf:
    return factories.shelf(targets=())


@pytest.fixture
def rooted(transactional_db: None) -> None:
    """A test without a transaction around it finds what another one left: tables without the rows that migrations made."""
    if not Page.objects.exists():
        Locale.objects.get_or_create(language_code="en")
        Page.add_root(instance=Page(title="Root", slug="root"))
        roles.make()


def scheduled(shelf: factories.Shelf, slug: str, *, signed_off: bool = True, **moments: datetime) -> Article:
    """An article that an editor scheduled, whose moment has come since."""
    article = factories.article(shelf, slug, **moments)
    if signed_off:
        factories.approve_source(article)
    future = timezone.now() + timedelta(days=1)
    draft = article.get_latest_revision_as_object()
    draft.go_live_at = future
    draft.save_revision(user=factories.editor()).publish(user=factories.editor())
    come = timezone.now() - timedelta(minutes=5)
    revision = factories.fresh(article).latest_revision
    revision.content["go_live_at"] = come.isoformat()
    revision.approved_go_live_at = come
    revision.save()
    return factories.fresh(article)


def is_still_scheduled(article: Article) -> bool:
    return not factories.fresh(article).live and factories.fresh(article).revisions.filter(approved_go_live_at__isnull=False).exists()


def failing_for(
    monkeypatch: pytest.MonkeyPatch, article: Article, failure: BaseException, *, signal: Signal = signals.page_published
) -> None:
    """Let the publish of one page fail after Wagtail has cleared its schedule and saved it as live."""
    send = signal.send

    def send_or_fail(sender: Any, **named: Any) -> Any:
        if named["instance"].pk == article.pk:
            raise failure
        return send(sender, **named)

    monkeypatch.setattr(signal, "send", send_or_fail)


def test_our_command_stands_in_for_wagtails() -> None:
    assert get_commands()["publish_scheduled"] == "cms"


def test_due_page_goes_live_once(shelf: factories.Shelf) -> None:
    article = scheduled(shelf, "first")
    assert not article.live

    call_command("publish_scheduled")

    assert factories.fresh(article).live
    document = factories.stored(article, "en")
    assert document is not None
    assert (document.state, document.version) == ("published", 1)
    before = factories.public()
    call_command("publish_scheduled")
    assert factories.public() == before


def test_page_whose_moment_has_not_come_stays_scheduled(shelf: factories.Shelf) -> None:
    article = scheduled(shelf, "later")
    article.revisions.update(approved_go_live_at=timezone.now() + timedelta(hours=1))

    call_command("publish_scheduled")

    assert is_still_scheduled(article)


def test_scheduled_text_that_nobody_signed_off_is_released_and_waits(shelf: factories.Shelf, settings: Any) -> None:
    settings.CLINICAL_SIGN_OFF = "required"
    article = scheduled(shelf, "unsigned", signed_off=False)

    call_command("publish_scheduled")

    assert factories.fresh(article).live
    assert factories.stored(article, "en") is None
    factories.approve_source(article)
    assert factories.stored(article, "en") is not None


def test_failing_page_keeps_its_schedule_and_the_others_go_live(
    shelf: factories.Shelf, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    articles = [scheduled(shelf, slug) for slug in ("one", "two", "three")]
    failing_for(monkeypatch, articles[1], RuntimeError("no"))

    with pytest.raises(CommandError, match="1 of 3 pages"):
        call_command("publish_scheduled")

    assert [factories.fresh(article).live for article in articles] == [True, False, True]
    assert is_still_scheduled(articles[1])
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == [
        f"Page {articles[1].pk} could not be published or expired as scheduled."
    ]
    monkeypatch.undo()
    call_command("publish_scheduled")
    assert factories.fresh(articles[1]).live


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("rooted")
def test_schedule_survives_a_kill_after_wagtail_cleared_it(monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = factories.shelf(targets=())
    articles = [scheduled(shelf, slug) for slug in ("one", "two")]
    failing_for(monkeypatch, articles[0], Killed())

    with pytest.raises(Killed):
        call_command("publish_scheduled")

    assert all(is_still_scheduled(article) for article in articles)
    assert factories.stored(articles[0], "en") is None
    monkeypatch.undo()
    call_command("publish_scheduled")
    assert all(factories.fresh(article).live for article in articles)
    assert [factories.stored(article, "en").version for article in articles] == [1, 1]


def test_page_that_is_no_longer_due_when_its_turn_comes_is_left_alone(shelf: factories.Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    article = scheduled(shelf, "withdrawn")
    found = scheduling.due()
    assert found == [article.pk]
    article.revisions.update(approved_go_live_at=None)
    monkeypatch.setattr(scheduling, "due", lambda: found)

    assert scheduling.work_off() == scheduling.Outcome(done=1, failed=0)

    assert not factories.fresh(article).live
    assert factories.stored(article, "en") is None


def test_deleted_page_is_no_failure(shelf: factories.Shelf) -> None:
    scheduling.carry_out(10**6)


def expire(article: Article) -> None:
    Page.objects.filter(pk=article.pk).update(expire_at=timezone.now() - timedelta(minutes=1))


def test_expired_page_is_gone(shelf: factories.Shelf) -> None:
    article = factories.go_live(factories.article(shelf))
    expire(article)

    call_command("publish_scheduled")

    assert factories.fresh(article).expired
    assert factories.stored(article, "en").state == "gone"
    assert scheduling.due() == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("rooted")
def test_expiry_survives_a_kill(monkeypatch: pytest.MonkeyPatch) -> None:
    article = factories.go_live(factories.article(factories.shelf(targets=())))
    expire(article)
    monkeypatch.setattr(closing, "withdraw_page", _raise_killed)

    with pytest.raises(Killed):
        call_command("publish_scheduled")

    assert factories.fresh(article).live
    assert scheduling.due() == [article.pk]


def _raise_killed(*args: Any, **kwargs: Any) -> None:
    raise Killed


def test_new_text_replaces_an_expired_one_without_a_gap(shelf: factories.Shelf) -> None:
    article = factories.go_live(factories.article(shelf))
    factories.edit(article, summary_en="The next edition.")
    factories.approve_source(article)
    revision = factories.fresh(article).latest_revision
    revision.approved_go_live_at = timezone.now() - timedelta(minutes=5)
    revision.save()
    expire(article)

    call_command("publish_scheduled")

    assert factories.fresh(article).live
    assert factories.content(article, "en")["summary"] == "The next edition."
    assert factories.stored(article, "en").version == 2


def test_page_past_its_own_end_never_shows(shelf: factories.Shelf) -> None:
    article = scheduled(shelf, "late", expire_at=timezone.now() - timedelta(minutes=1))

    call_command("publish_scheduled")

    assert not factories.fresh(article).live
    document = factories.stored(article, "en")
    assert document is None or document.state == "gone"
    assert scheduling.due() == []


def test_collection_can_be_scheduled_too(shelf: factories.Shelf) -> None:
    Page.objects.filter(pk=shelf.collection.pk).update(expire_at=timezone.now() - timedelta(minutes=1))

    call_command("publish_scheduled")

    assert not Page.objects.get(pk=shelf.collection.pk).live


def test_dry_run_lists_and_changes_nothing(shelf: factories.Shelf) -> None:
    article = scheduled(shelf, "listed")
    said = StringIO()

    call_command("publish_scheduled", "--dryrun", stdout=said)

    assert said.getvalue() == f"page {article.pk} is due\n"
    assert is_still_scheduled(article)
