"""The wall: what goes out, once, numbered."""

import json
from collections.abc import Callable
from itertools import pairwise
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from api import store
from api.models import Document
from tests.api import factories

pytestmark = pytest.mark.django_db


def test_first_row_is_new_whatever_is_said() -> None:
    assert factories.publish(update_type="safety").update_type == "new"


def test_same_content_again_changes_nothing() -> None:
    first = factories.publish()
    with store.writing():
        again = store.put(
            kind="article",
            subject_id=first.subject_id,
            language="en",
            content=factories.article(first.subject_id),
            text_digest="other",
            update_type="republish",
        )
    assert again is None
    assert Document.objects.get() == first


def test_key_order_of_the_content_changes_nothing() -> None:
    first = factories.publish()
    content = dict(reversed(factories.article(first.subject_id).items()))
    with store.writing():
        assert (
            store.put(kind="article", subject_id=first.subject_id, language="en", content=content, text_digest="", update_type="minor")
            is None
        )


def test_what_a_document_shows_is_kept_even_when_its_content_stays() -> None:
    first, advice = factories.publish(), uuid4()
    with store.writing():
        store.put(
            kind="article",
            subject_id=first.subject_id,
            language="en",
            content=factories.article(first.subject_id),
            text_digest="",
            update_type="minor",
            shows=[advice],
        )
    assert store.showing(advice) == [("article", first.subject_id, "en")]


def test_version_and_moments_are_stamped_into_the_body() -> None:
    document = factories.publish()
    body = json.loads(document.body)
    assert body["version"] == 1
    assert body["modified_at"] == body["text_modified_at"]


def test_text_modified_at_moves_only_with_the_text() -> None:
    first = factories.publish()
    facts = factories.publish(first.subject_id, licence="https://example.org/licence")
    words = factories.publish(first.subject_id, text="Other words.")
    assert facts.text_modified_at == first.text_modified_at
    assert words.text_modified_at == words.modified_at


def test_numbers_versions_and_moments_go_up() -> None:
    subject = uuid4()
    rows = [factories.publish(subject, title=f"Title {index}") for index in range(20)]
    assert [row.version for row in rows] == list(range(1, 21))
    assert [row.number for row in rows] == list(range(rows[0].number, rows[0].number + 20))
    assert all(before.modified_at < after.modified_at for before, after in pairwise(rows))


def test_versions_count_tombstones_too() -> None:
    first = factories.publish()
    factories.close(first, "held")
    assert factories.publish(first.subject_id).version == 3


def test_tombstone_has_no_body_and_keeps_what_is_filtered() -> None:
    tombstone = factories.close(factories.publish(sample=True), "recalled", severity="high")
    assert tombstone.body == ""
    assert tombstone.sample
    assert "|topic:withdrawal|" in tombstone.facets
    assert tombstone.details == {"severity": "high"}


def test_closing_twice_for_the_same_reason_changes_nothing() -> None:
    document = factories.publish()
    factories.close(document, "held", reason="Dose.", severity="high")
    with store.writing():
        assert (
            store.close(
                kind="article", subject_id=document.subject_id, language="en", state="held", reason="Dose.", details={"severity": "high"}
            )
            is None
        )
    assert factories.close(document, "held", reason="Another.").version == 3


def test_nothing_to_close() -> None:
    with pytest.raises(store.NothingToClose), store.writing():
        store.close(kind="article", subject_id=uuid4(), language="en", state="gone", reason="")


def test_closing_is_not_publishing() -> None:
    document = factories.publish()
    with pytest.raises(ValueError, match="put"), store.writing():
        store.close(kind="article", subject_id=document.subject_id, language="en", state="published", reason="")


def test_same_content_comes_back_after_a_hold() -> None:
    document = factories.publish()
    factories.close(document, "held")
    assert factories.publish(document.subject_id).state == "published"


@pytest.mark.parametrize("write", [store.put, store.close])
def test_writing_is_asked_for(write: Callable[..., object]) -> None:
    subject = uuid4()
    arguments: dict[str, object] = (
        {"content": factories.article(subject), "text_digest": "", "update_type": "minor"}
        if write is store.put
        else {"state": "gone", "reason": ""}
    )
    with pytest.raises(store.NotWriting):
        write(kind="article", subject_id=subject, language="en", **arguments)


def test_writing_inside_writing_is_one_transaction() -> None:
    def outer() -> None:
        with store.writing():
            factories.publish()
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        outer()
    assert not Document.objects.exists()


def test_writing_is_closed_after_a_failure() -> None:
    with pytest.raises(RuntimeError), store.writing():
        raise RuntimeError
    with pytest.raises(store.NotWriting):
        store.close(kind="article", subject_id=uuid4(), language="en", state="gone", reason="")


def test_current_is_the_latest_row_of_each_language() -> None:
    english = factories.publish()
    arabic = factories.close(factories.publish(english.subject_id, "ar"), "held")
    assert store.current(kind="article", subject_id=english.subject_id, language="ar") == arabic
    assert store.current_of(kind="article", subject_id=english.subject_id) == {"en": english, "ar": arabic}
    assert store.current(kind="article", subject_id=english.subject_id, language="fr") is None


def test_content_of_another_subject_or_language_is_refused() -> None:
    with pytest.raises(store.ContractViolation) as violation, store.writing():
        store.put(
            kind="article", subject_id=uuid4(), language="fr", content=factories.article(uuid4()), text_digest="", update_type="minor"
        )
    assert [line.split(":")[0] for line in violation.value.errors] == ["id", "lang"]


def test_database_refuses_a_second_current_row() -> None:
    document = factories.publish()
    document.pk, document.version = document.number + 1, 2
    with pytest.raises(IntegrityError), transaction.atomic():
        document.save(force_insert=True)


def test_database_refuses_a_tombstone_with_a_body() -> None:
    document = factories.publish()
    document.state = "gone"
    with pytest.raises(IntegrityError), transaction.atomic():
        document.save()


@pytest.mark.parametrize("kind", ["article", "term", "help_contact"])
def test_each_kind_goes_out_with_its_columns(kind: str) -> None:
    document = factories.publish(kind=kind)
    document.refresh_from_db()
    assert (document.slug, document.title) == {
        "article": (f"article-{str(document.subject_id)[:8]}", "Heroin withdrawal"),
        "term": ("heroin", "Heroin"),
        "help_contact": ("us-911", "Emergency services"),
    }[kind]
    assert str(document).startswith(f"{document.number}: {kind}")


def test_held_document_is_found_by_what_it_waits_for() -> None:
    document, advice = factories.publish(), uuid4()
    for _ in range(2):
        with store.writing():
            store.close(kind="article", subject_id=document.subject_id, language="en", state="held", reason="", shows=[advice])
    assert store.showing(advice) == [("article", document.subject_id, "en")]
    assert Document.objects.count() == 2
