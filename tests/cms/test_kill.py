"""Killed at any statement, a decision is wholly there or not at all (row 4)."""

import contextlib
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from wagtail.models import ModelLogEntry, PageLogEntry

from api.models import Document
from cms import closing, publishing
from cms.models import Approval, Article, Closure, DueRendering, Release, SourceChange
from cms.resolving import Resolver
from tests.cms import factories
from tests.conftest import FULL

pytestmark = pytest.mark.django_db


class Died(BaseException):
    """Nothing catches it."""


class DieAt:
    """An execute wrapper that dies before statement `k`, in the given way."""

    def __init__(self, k: int, die: Callable[[], None]) -> None:
        self.k, self.die, self.count = k, die, 0

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.count += 1
        if self.count == self.k:
            self.die()
        return execute(sql, params, many, context)


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
    return factories.fresh(article)


def publish_approved(article: Article) -> None:
    revision = article.revisions.order_by("-pk")[1]
    revision.publish(user=factories.editor())


ACTS: dict[str, Callable[[Article], Any]] = {
    "publish": publish_approved,
    "approve": lambda article: factories.approve_source(article),
    "pause": lambda article: closing.pause(article, "es", by=factories.safety_lead(), reason="Danger."),
    "retire": lambda article: closing.retire(article, "en", by=factories.safety_lead(), reason="Old."),
    "recall": lambda article: closing.recall(article, "es", by=factories.safety_lead(), reason="Wrong."),
    "unpublish": lambda article: article.unpublish(user=factories.editor()),
}


def snapshot() -> dict[str, Any]:
    """What must agree: the page, the decisions, the documents and the log."""
    article = Article.objects.get()
    return {
        "page": (article.live, article.live_revision_id, article.body_en.raw_data[0]["value"]["blocks"][0]["value"]),
        "decisions": [model.objects.count() for model in (Approval, Closure, Release, SourceChange, DueRendering)],
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
        for language in ("en", "es")
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


@pytest.mark.figure(4)
@pytest.mark.parametrize("name", ACTS)
def test_an_error_at_any_statement_leaves_all_or_nothing(settings, figure, name):
    settings.CLINICAL_SIGN_OFF = "required"
    article, act = prepared(), ACTS[name]
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


@pytest.mark.figure(4)
@pytest.mark.sqlite  # a file is copied for each kill
@pytest.mark.parametrize("name", ["publish", "approve", "recall"])
def test_sigkill_at_any_statement_leaves_all_or_nothing(settings, figure, name, tmp_path: Path):
    settings.CLINICAL_SIGN_OFF = "required"
    article, act = prepared(), ACTS[name]
    before = snapshot()
    after, statements = outcome(act, factories.fresh(article))
    file = tmp_path / "library.sqlite3"
    # What the test's own transaction sees: a backup would wait for it to end.
    file.write_bytes(connection.connection.serialize())
    file.with_suffix(".whole").write_bytes(file.read_bytes())
    points = range(1, statements + 3) if FULL else [1, statements // 3, 2 * statements // 3, statements, statements + 2]
    differing, died = 0, 0
    with in_file(file):
        for k in points:
            died += killed_at(k, lambda: act(Article.objects.get(pk=article.pk)))
            differing += snapshot() not in (before, after) or not is_consistent()
            connection.close()
            for rest in tmp_path.glob("library.sqlite3*"):
                rest.unlink()
            file.write_bytes(file.with_suffix(".whole").read_bytes())
    assert died
    figure(row=4, name=f"{name}: half done, after SIGKILL at {len(points)} of {statements} statements", value=differing, limit=0)


class in_file:  # noqa: N801 - reads as a phrase
    """The test's connection on a database file, in autocommit as in production."""

    STATE = ("connection", "in_atomic_block", "savepoint_ids", "autocommit", "atomic_blocks", "commit_on_exit", "needs_rollback")

    def __init__(self, file: Path) -> None:
        self.file = file

    def __enter__(self) -> None:
        self.kept = {name: getattr(connection, name) for name in self.STATE}
        self.name = connection.settings_dict["NAME"]
        connection.connection, connection.settings_dict["NAME"] = None, str(self.file)
        connection.in_atomic_block, connection.savepoint_ids, connection.atomic_blocks = False, [], []
        connection.connect()

    def __exit__(self, *exception: Any) -> None:
        connection.close()
        connection.settings_dict["NAME"] = self.name
        for name, value in self.kept.items():
            setattr(connection, name, value)
        connection.closed_in_transaction = False


def killed_at(k: int, act: Callable[[], Any]) -> bool:
    """Do it in a process of its own, which is killed before its statement `k`; whether it was."""
    connection.close()
    child = os.fork()
    if child == 0:
        try:
            with connection.execute_wrapper(DieAt(k, lambda: os.kill(os.getpid(), signal.SIGKILL))):
                act()
        finally:
            os._exit(0)
    _pid, status = os.waitpid(child, 0)
    connection.connect()
    return os.WIFSIGNALED(status)
