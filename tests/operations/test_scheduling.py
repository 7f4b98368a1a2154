"""Scheduled pages: each in its own transaction, so that a failure or a kill loses no schedule."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command, get_commands
from django.db import connection, transaction
from django.dispatch import Signal
from django.utils import timezone
from wagtail import signals
from wagtail.models import Page, PageLogEntry, Revision

from api.models import Document
from cms import closing, scheduling
from cms.models import Article, Release
from tests import killing
from tests.cms import factories


class Killed(BaseException):
    """What a process that is killed looks like to the code: no `except Exception` sees it."""


@pytest.fixture
def shelf(db: None) -> factories.Shelf:
    return factories.shelf(targets=())


@pytest.fixture
def rooted(transactional_db: None) -> None:
    factories.plant_root()


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


@pytest.mark.torture(5)
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("rooted")
def test_two_hundred_pages_go_live_once_each_though_the_command_is_killed_twenty_times(figure: Callable[..., None]) -> None:
    shelf = factories.shelf(targets=())
    articles = [scheduled(shelf, f"article-{number}") for number in range(200)]
    statements = statements_of_one(articles[0])
    kills = 0
    while kills < 20:
        # Two at a time, as a timer and the worker may be; on average they die before half of the pages are done.
        pair = [
            killing.started(lambda: call_command("publish_scheduled"), dies_at=random.randint(1, 8 * statements))  # noqa: S311
            for _ in range(2)
        ]
        killed = [killing.was_killed(child) for child in pair]
        assert all(killed), "The pages ran out before the kills did."
        kills += len(killed)
    left = len(scheduling.due())
    assert 0 < left < 200

    call_command("publish_scheduled")

    released = {subject for (subject,) in Release.objects.filter(subject_kind=Article.kind).values_list("subject_id")}
    whole = [
        article
        for article in Article.objects.filter(pk__in=[article.pk for article in articles])
        if article.live
        and article.public_id in released
        and [(row.state, row.version) for row in Document.objects.filter(subject_id=article.public_id)] == [("published", 1)]
        and PageLogEntry.objects.filter(page=article.pk, action="wagtail.publish.scheduled").count() == 1
    ]
    name = f"of 200 due pages live, one version and one line of the log each, {kills} kills, {200 - left} live before the last run"
    figure(row=5, name=name, value=len(whole), limit=200, passed=len(whole) == 200)
    assert not Revision.objects.filter(approved_go_live_at__isnull=False).exists()
    assert Release.objects.filter(subject_kind=Article.kind).count() == 200
    call_command("rebuild_documents", "--check", stdout=StringIO())


def statements_of_one(article: Article) -> int:
    """How many statements it takes to publish one page; taken back."""
    counter = killing.DieAt(0, lambda: None)
    with transaction.atomic():
        with connection.execute_wrapper(counter):
            scheduling.carry_out(article.pk)
        transaction.set_rollback(True)
    assert counter.count > 10
    return counter.count
