"""Documents follow from decisions: rendering them again changes nothing, and what differs is found."""

import json
import random
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from api import store
from api.models import Document
from cms import closing, publishing
from tests.cms import factories
from tests.conftest import examples
from tests.operations.random_edits import RandomEdits


@pytest.fixture
def article(db: None) -> Any:
    article = factories.go_live(factories.article(factories.shelf()))
    return factories.translated(article, "es")


def check() -> list[str]:
    """What `rebuild_documents --check` says of each document that differs."""
    said = StringIO()
    try:
        call_command("rebuild_documents", "--check", stdout=said)
    except CommandError:
        return said.getvalue().splitlines()
    return []


@pytest.mark.figure(6)
@pytest.mark.django_db
def test_rebuild_after_random_operations_changes_nothing(figure: Callable[..., None], randomly_seeded: int) -> None:
    edits = RandomEdits(randomly_seeded)
    edits.run(examples(1000))
    while Document.objects.count() <= 20:  # there is something to compare, whatever came by chance
        edits.run(10)
    publishing.work_off()

    found = check()
    figure(row=6, name="documents that differ after random operations", value=len(found), limit=0)

    rows, public = Document.objects.count(), factories.public()
    etags = dict(Document.objects.values_list("number", "etag"))
    call_command("rebuild_documents", stdout=StringIO())
    figure(row=6, name="rows written by a rebuild", value=Document.objects.count() - rows, limit=0)
    figure(
        row=6,
        name="ETags changed by a rebuild",
        value=len(etags.items() ^ dict(Document.objects.values_list("number", "etag")).items()),
        limit=0,
    )
    assert factories.public() == public


@pytest.fixture
def randomly_seeded() -> int:
    """A number that pytest-randomly chose: `-p randomly -p "randomly_seed=…"`, which it prints, gives it again."""
    return random.randrange(10**6)  # noqa: S311 - repeatable, not secret


def test_progress_is_said_for_each_batch(article: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publishing, "BATCH", 2)
    said = StringIO()
    call_command("rebuild_documents", stdout=said)
    assert said.getvalue().splitlines() == ["2 of 3 subjects rendered", "3 of 3 subjects rendered"]


def test_check_says_how_much_it_checked(article: Any) -> None:
    said = StringIO()
    call_command("rebuild_documents", "--check", stdout=said)
    assert said.getvalue() == "0 documents of 3 subjects differ.\n"


def tampered(article: Any, **content: Any) -> dict[str, Any]:
    document = factories.stored(article, "es")
    assert document is not None
    body = json.loads(document.body) | content
    Document.objects.filter(pk=document.pk).update(body=json.dumps(body), content_digest="0" * 64)
    return body


def test_altered_body_is_found_and_put_right(article: Any) -> None:
    before = factories.content(article, "es")
    tampered(article, title="Another title", summary="Another summary")

    with pytest.raises(CommandError, match="1 documents of 3 subjects differ"):
        call_command("rebuild_documents", "--check", stdout=StringIO())
    assert check() == [f"article {article.public_id} es: differs in summary, title"]

    call_command("rebuild_documents", stdout=StringIO())
    assert check() == []
    assert factories.content(article, "es")["title"] == before["title"]
    assert factories.stored(article, "es").version == 2


def test_check_writes_nothing(article: Any) -> None:
    tampered(article, title="Another title")
    before = factories.public()
    check()
    assert factories.public() == before


def test_missing_document_is_found(article: Any) -> None:
    Document.objects.filter(pk=factories.stored(article, "es").pk).delete()
    assert check() == [f"article {article.public_id} es: should be published, and is missing"]
    call_command("rebuild_documents", stdout=StringIO())
    assert check() == []


def test_document_that_should_be_closed_is_found(article: Any) -> None:
    document = factories.stored(article, "es")
    closing.retire(article, "es", by=factories.safety_lead(), reason="Old.")
    tombstone = factories.stored(article, "es")
    Document.objects.filter(pk=tombstone.pk).delete()
    Document.objects.filter(pk=document.pk).update(current=True)

    assert check() == [f"article {article.public_id} es: should be gone (retired), and is published ()"]

    call_command("rebuild_documents", stdout=StringIO())
    assert factories.stored(article, "es").state == "gone"


def test_document_that_was_closed_by_nobody_is_found(article: Any) -> None:
    with store.writing():
        store.close(kind="article", subject_id=article.public_id, language="es", state="held", reason="by hand")
    assert check() == [f"article {article.public_id} es: should be published, and is held"]


def test_document_of_a_language_never_approved_is_found(article: Any) -> None:
    Document.objects.filter(pk=factories.stored(article, "es").pk).update(language="fr")
    assert f"article {article.public_id} fr: is published, and should not be there" in check()


def test_stale_list_of_what_a_document_shows_is_found(article: Any) -> None:
    Document.objects.filter(pk=factories.stored(article, "es").pk).update(shows="")
    assert check() == [f"article {article.public_id} es: differs in shows"]
    call_command("rebuild_documents", stdout=StringIO())
    assert check() == []


def test_subject_that_cannot_be_rendered_does_not_stop_the_others(article: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    tampered(article, title="Another title")
    publish = publishing.publish

    def refuse(subject_id: Any, kind: str, **named: Any) -> None:
        if kind == "term":
            raise store.ContractViolation(["label: is missing"])
        publish(subject_id, kind, **named)

    monkeypatch.setattr(publishing, "publish", refuse)
    with pytest.raises(CommandError, match="2 subjects could not be rendered"):
        call_command("rebuild_documents", stdout=StringIO())
    assert check() == []
