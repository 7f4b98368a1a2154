"""A review that falls due is noted as a fact, and the documents that name it say so."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from api.models import Document
from cms import jobs, lapsing, publishing, rebuilding
from cms.models import Lapse
from tests.cms import factories

pytestmark = pytest.mark.django_db
PAST = {"reviewed_on": date(2020, 5, 3), "review_due_on": date(2020, 11, 3)}


def live(**fields: Any) -> Any:
    article = factories.article(factories.shelf(targets=("es",)), **fields)
    factories.go_live(article)
    factories.translated(article, "es")
    return article


def review(article: Any, language: str = "en") -> Any:
    return factories.content(article, language)["review"]


def rows(article: Any) -> int:
    return Document.objects.filter(subject_id=article.public_id).count()


def test_document_says_overdue_in_each_language_from_the_day_after(client: Client) -> None:
    article = live(**PAST)
    before = {tag: factories.content(article, tag) for tag in ("en", "es")}
    assert before["en"]["review"]["status"] == "current"
    feed = client.get("/api/v1/changes/?kind=article").json()["next"].partition("/api/v1")[2]
    assert lapsing.work_off() == 1
    for tag, was in before.items():
        now = factories.content(article, tag)
        assert now["review"] == {**was["review"], "status": "overdue"}
        assert (now["version"], now["text_modified_at"]) == (was["version"] + 1, was["text_modified_at"])
        assert {name for name in now if now[name] != was[name]} == {"review", "version", "modified_at"}
    items = client.get(f"/api/v1{feed}").json()["items"]
    assert [(item["lang"], item["state"], item["update_type"]) for item in items] == [
        ("en", "published", "republish"),
        ("es", "published", "republish"),
    ]


def test_noting_again_comparing_and_rebuilding_change_nothing() -> None:
    article = live(**PAST)
    lapsing.work_off()
    kept = rows(article)
    assert lapsing.work_off() == 0
    assert [*rebuilding.differences(publishing.subjects_with_documents())] == [[]]
    assert rebuilding.rebuild(lambda line: None) == 0
    assert (rows(article), Lapse.objects.count()) == (kept, 1)


def test_review_that_is_due_today_has_not_lapsed() -> None:
    today = timezone.now().date()
    article = live(reviewed_on=date(2020, 5, 3), review_due_on=today)
    assert lapsing.work_off() == 0
    assert review(article)["status"] == "current"
    article = factories.edit(article, review_due_on=today - timedelta(days=1))
    factories.go_live(article, severity="minor")
    assert jobs.note_lapses()
    assert review(article)["status"] == "overdue"


def test_next_review_makes_it_current_and_lapses_in_its_turn() -> None:
    article = live(**PAST)
    lapsing.work_off()
    factories.go_live(factories.edit(article, reviewed_on=date(2021, 5, 3), review_due_on=date(2021, 11, 3)), severity="minor")
    assert review(article)["status"] == "current"
    assert lapsing.work_off() == 1
    assert review(article)["status"] == "overdue"
    assert Lapse.objects.count() == 2


def test_article_without_a_due_day_or_a_reviewer_never_lapses(settings: Any) -> None:
    settings.CLINICAL_SIGN_OFF = "recorded"
    article = factories.article(factories.shelf(targets=()), **PAST)
    factories.publish(article)
    assert factories.content(article, "en")["review"] is None
    assert lapsing.work_off() == 0
