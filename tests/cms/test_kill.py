"""Killed at any statement, a decision is wholly there or not at all (row 4)."""

import contextlib
import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone
from wagtail.models import ModelLogEntry, PageLogEntry

from api.models import Document
from cms import closing, jobs, launching, publishing, scheduling
from cms.models import Approval, Article, Closure, DueRendering, Launch, Release, SourceChange
from cms.resolving import Resolver
from tests import databases
from tests.cms import factories
from tests.conftest import FULL
from tests.killing import DieAt, killed_at


class Died(BaseException):
    """Nothing catches it."""


def raise_death() -> None:
    raise Died


def prepared() -> Article:
    """Live in English and Spanish, with a newer source and a newer translation that are ready to go out."""
    shelf = factories.shelf(targets=["es"])
    article = factories.translated(factories.go_live(factories.article(shelf)), "es")
    factories.translate(article, "es", words=" newer")
    factories.edit(article, body=factories.small_body("<p>Another text.</p>"), change_severity="substantive")
    factories.approve_source(article)
    factories.edit(article, body=factories.small_body("<p>A third text.</p>"), change_severity="substantive")
    for person in (factories.safety_lead, factories.reviewer, factories.editor, factories.second_reviewer):
        person()
    # A decision of its own, with a transaction of its own: what is killed here is the approval alone.
    factories.let_pass(article, "es", approver=factories.reviewer())
    return factories.fresh(article)


def planned(due_at: Any = None) -> Article:
    """Live in English; two translations, and a newer label that they show, approved for later and put into one launch."""
    shelf = factories.shelf(targets=["es", "ar"])
    article = factories.go_live(factories.article(shelf))
    for subject, tag, words in ((article, "es", ""), (article, "ar", ""), (shelf.term, "es", " newer")):
        factories.approve_target(factories.translate(subject, tag, words=words), tag, at_once=False)
    factories.safety_lead()
    launching.make("Together", launching.waiting(), by=factories.editor(), due_at=due_at)
    return factories.fresh(article)


def planned_and_due() -> Article:
    """The same, its moment over."""
    article = planned(timezone.now() + timedelta(days=1))
    Launch.objects.update(due_at=timezone.now() - timedelta(minutes=1))
    return article


def put_live_together(article: Article) -> None:
    assert launching.launch(Launch.objects.get(), by=factories.editor()).launched_at


def publish_approved(article: Article) -> None:
    revision = article.revisions.order_by("-pk")[1]
    revision.publish(user=factories.editor())


ACTS: dict[str, Callable[[Article], Any]] = {
    "publish": publish_approved,
    "approve": lambda article: factories.approve_source(article),
    "approve a translation": lambda article: factories.approve_target(article, "es"),
    "pause": lambda article: closing.pause(article, "es", by=factories.safety_lead(), reason="Danger."),
    "retire": lambda article: closing.retire(article, "en", by=factories.safety_lead(), reason="Old."),
    "recall": lambda article: closing.recall(article, "es", by=factories.safety_lead(), reason="Wrong."),
    "unpublish": lambda article: article.unpublish(user=factories.editor()),
    "launch": put_live_together,
}

#: These take several transactions: killed between two of them, the next run does the rest.
REPEATED: dict[str, Callable[[Article], Any]] = {
    "schedule": lambda article: scheduling.work_off(),
    "render what is due": lambda article: in_small_batches(publishing.work_off),
    "launch by the clock": lambda article: jobs.launch_due(),
}


def in_small_batches(work_off: Callable[[], Any]) -> None:
    """One document a transaction."""
    size, publishing.BATCH = publishing.BATCH, 1
    try:
        work_off()
    finally:
        publishing.BATCH = size


def snapshot() -> dict[str, Any]:
    """What must agree: the page, the decisions, the documents and the log."""
    article = Article.objects.get()
    return {
        "page": (article.live, article.live_revision_id, article.body_en.raw_data[0]["value"]["blocks"][0]["value"]),
        "decisions": [model.objects.count() for model in (Approval, Closure, Release, SourceChange, DueRendering)],
        "counting": Approval.objects.filter(effective_at__isnull=False).count(),
        "launches": [(launch.launched_at is not None, launch.failed_at) for launch in Launch.objects.all()],
        "documents": [
            (row.language, row.state, row.version) for row in Document.objects.current().order_by("kind", "subject_id", "language")
        ],
        "log": PageLogEntry.objects.count() + ModelLogEntry.objects.count(),
    }


def is_consistent() -> bool:
    resolver = Resolver()
    return not any(
        publishing.difference(subject, kind, language, resolver)
        for subject, kind in publishing.subjects_with_documents()
        for language in ("en", "es", "ar")
    )


def outcome(act: Callable[[Article], Any], article: Article) -> tuple[dict[str, Any], int]:
    """What it leaves when nobody kills it, and how many statements it takes; taken back afterwards."""
    point = transaction.savepoint()
    counter = DieAt(0, raise_death)
    with connection.execute_wrapper(counter):
        act(article)
    after = snapshot()
    assert is_consistent()
    transaction.savepoint_rollback(point)
    return after, counter.count


@pytest.mark.django_db
@pytest.mark.figure(4)
@pytest.mark.parametrize("name", ACTS)
def test_an_error_at_any_statement_leaves_all_or_nothing(settings, figure, name):
    settings.CLINICAL_SIGN_OFF = "required"
    article, act = PREPARED.get(name, prepared)(), ACTS[name]
    before = snapshot()
    after, statements = outcome(act, factories.fresh(article))
    assert before != after
    differing = 0
    points = range(1, statements + 1) if FULL else range(1, statements + 1, max(1, statements // 12))
    for k in points:
        point = transaction.savepoint()
        # Wagtail's search task swallows what is raised in it: then everything is there.
        with contextlib.suppress(Died), connection.execute_wrapper(DieAt(k, raise_death)):
            act(factories.fresh(article))
        differing += snapshot() not in (before, after) or not is_consistent()
        transaction.savepoint_rollback(point)
    figure(row=4, name=f"{name}: half done, after an error at {len(points)} of {statements} statements", value=differing, limit=0)


@pytest.fixture
def library(transactional_db: None, tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """Names of databases of the test's own, which are gone when it ends."""
    made: list[str] = []

    def named(name: str) -> str:
        made.append(str(tmp_path / f"{name}.sqlite3") if connection.vendor == "sqlite" else f"mainstay_{name}_{os.getpid()}")
        return made[-1]

    yield named
    for name in made:
        databases.removed(name)


@pytest.mark.figure(4)
@pytest.mark.parametrize("name", [*ACTS, *REPEATED])
def test_sigkill_at_any_statement_leaves_all_or_nothing(settings, figure, name, library):
    settings.CLINICAL_SIGN_OFF = "required"
    act = {**ACTS, **REPEATED}[name]
    whole, spoiled = library("whole"), library("spoiled")
    connection.close()
    databases.copied(connection.settings_dict["NAME"], whole)
    with databases.connected_to(whole):
        factories.plant_root()
        article = PREPARED.get(name, prepared)()
        before = snapshot()
    databases.copied(whole, spoiled)
    with databases.connected_to(spoiled):
        statements = DieAt(0, raise_death)
        with statements.counting():
            act(Article.objects.get(pk=article.pk))
        after = snapshot()
        assert is_consistent()
    assert before != after
    points = range(1, statements.count + 2) if FULL else [statements.count // 3, statements.count]
    differing, is_spoiled = 0, True
    for k in points:
        if is_spoiled:
            databases.copied(whole, spoiled)
        with databases.connected_to(spoiled):
            died = killed_at(k, lambda: act(Article.objects.get(pk=article.pk)))
            assert died is (k <= statements.count), (k, statements.count)
            if name in REPEATED:
                act(Article.objects.get(pk=article.pk))
            left = snapshot()
            differing += left not in ((after,) if name in REPEATED else (before, after)) or not is_consistent()
            is_spoiled = left != before
    figure(row=4, name=f"{name}: half done, after SIGKILL at {len(points)} of {statements.count} statements", value=differing, limit=0)


def prepared_and_due() -> Article:
    """With a new source whose moment has come, signed off; and documents to render, more than one batch takes."""
    article = prepared()
    draft = factories.fresh(article).get_latest_revision_as_object()
    draft.go_live_at = timezone.now() + timedelta(days=1)
    draft.save_revision(user=factories.editor()).publish(user=factories.editor())
    factories.approve_source(article)
    revision = factories.fresh(article).latest_revision
    come = timezone.now() - timedelta(minutes=5)
    revision.content["go_live_at"] = come.isoformat()
    revision.approved_go_live_at = come
    revision.save()
    factories.translate(article, "es", words=" again")
    tampered = Document.objects.current().filter(state="published")
    assert tampered.update(etag="out of date", content_digest="out of date") > 2
    publishing.record_due(publishing.subjects_with_documents())
    return article


PREPARED: dict[str, Callable[[], Article]] = {
    "schedule": prepared_and_due,
    "render what is due": prepared_and_due,
    "launch": planned,
    "launch by the clock": planned_and_due,
}
