"""How long translations take to follow their source: measured from what was decided, by language and severity."""

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from cms import closing, lag, releasing
from cms.lag import Lag, Wanted
from cms.models import Approval, Article, Release, SourceChange
from tests.cms import factories

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 1, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def shelf() -> factories.Shelf:
    return factories.shelf()


@pytest.fixture
def article(shelf: factories.Shelf) -> Article:
    """Live in English, Spanish and Arabic."""
    article = factories.go_live(factories.article(shelf))
    factories.translated(article, "es")
    return factories.translated(article, "ar")


def changed(article: Article, text: str, severity: str = "substantive", **said: Any) -> Article:
    factories.edit(article, body=factories.small_body(f"<p>{text}</p>"))
    return factories.go_live(article, severity=severity, **said)


def found(**wanted: Any) -> list[tuple[str, str, bool]]:
    return [(row.language, row.severity, row.is_open) for row in lag.lags(Wanted(**wanted))]


def test_a_change_is_open_in_each_translation_until_that_one_is_current_again(article: Article) -> None:
    assert found() == []
    changed(article, "Another text.")
    assert found() == [("es", "substantive", True), ("ar", "substantive", True)]
    factories.translated(article, "ar", words=" anew")
    assert found() == [("es", "substantive", True), ("ar", "substantive", False)]
    (row,) = lag.lags(Wanted(languages=("ar",)))
    change, approval = SourceChange.objects.latest("at"), Approval.objects.filter(language="ar").latest("at")
    assert (row.since, row.until, row.subject_id) == (change.at, approval.effective_at, article.public_id)


def test_one_approval_follows_all_changes_before_it(article: Article) -> None:
    changed(article, "Another text.")
    changed(article, "A third text.", "safety", harm="yes")
    factories.translated(article, "es", words=" anew")
    rows = lag.lags(Wanted(languages=("es",)))
    assert [(row.severity, row.is_open) for row in rows] == [("safety", False), ("substantive", False)]
    assert len({row.until for row in rows}) == 1
    assert rows[0].lasted(NOW) < rows[1].lasted(NOW)


def test_an_approval_that_waits_for_its_launch_leaves_the_change_open(article: Article) -> None:
    changed(article, "Another text.")
    factories.approve_target(factories.translate(article, "es", words=" anew"), "es", at_once=False)
    assert found(languages=("es",)) == [("es", "substantive", True)]


def test_a_minor_change_is_carried_over_and_counted_by_itself(article: Article) -> None:
    changed(article, "It lasts for 5 to 7 days!", "minor")
    assert found(languages=("es",)) == [("es", "minor", True)]
    factories.translated(article, "es", words=" anew")
    assert found(languages=("es",)) == [("es", "minor", False)]


def test_what_was_raised_counts_as_what_it_was_called_at_last(article: Article) -> None:
    changed(article, "It lasts for 5 to 7 days!", "minor")
    change = SourceChange.objects.latest("at")
    releasing.raise_severity(article, change, change_severity="safety", harm="yes", note="A reader wrote.", by=factories.safety_lead())
    assert found(languages=("es",)) == [("es", "safety", True)]
    assert found(severities=("minor",)) == []
    assert lag.lags(Wanted(languages=("es",)))[0].since == change.at


def test_what_was_taken_down_waits_for_nothing(article: Article) -> None:
    changed(article, "Another text.")
    closing.retire(article, "es", by=factories.safety_lead(), reason="Old.")
    assert found() == [("ar", "substantive", True)]
    changed(article, "A third text.")
    assert found(languages=("es",)) == []


def test_period_and_collection_bound_what_is_asked_for(article: Article) -> None:
    changed(article, "Another text.")
    at = SourceChange.objects.latest("at").at
    assert len(found(begin=at, end=at)) == 2
    assert found(begin=at + DAY) == found(end=at - DAY) == found(collection="elsewhere") == []
    assert len(found(collection="withdrawal")) == 2


def some(days: list[float], waited: list[float]) -> list[Lag]:
    common: dict[str, Any] = {"subject_id": None, "collection": "", "language": "es", "severity": "safety", "note": ""}
    followed = [Lag(since=NOW - 99 * DAY, until=NOW - 99 * DAY + took * DAY, **common) for took in days]
    return followed + [Lag(since=NOW - wait * DAY, until=None, **common) for wait in waited]


@pytest.mark.parametrize(
    ("days", "waited", "median", "ninetieth", "longest", "open_for"),
    [
        ([1, 2, 3, 4, 5, 6, 7, 8, 9, 40], [3, 11], 5.5, 9, 40, 11),
        ([7], [], 7, 7, 7, None),
        ([], [2], None, None, None, 2),
    ],
)
def test_median_ninetieth_percentile_and_longest(
    days: list[float], waited: list[float], median: Any, ninetieth: Any, longest: Any, open_for: Any
) -> None:
    (row,) = lag.summaries(some(days, waited), now=NOW)
    in_days = [value and value / DAY for value in (row.median, row.ninetieth, row.longest, row.open_for)]
    assert in_days == [median, ninetieth, longest, open_for]
    assert (row.followed, row.open) == (len(days), len(waited))


def test_lines_go_by_language_and_from_the_gravest_down(article: Article) -> None:
    changed(article, "Another text.")
    changed(article, "A third text.", "safety", harm="yes")
    lines = [(row.language, row.severity) for row in lag.summaries(lag.lags(Wanted()), now=NOW)]
    assert lines == [("es", "safety"), ("es", "substantive"), ("ar", "safety"), ("ar", "substantive")]


# -- the reports ------------------------------------------------------------------------------------------------------


@pytest.fixture
def client(client: Client) -> Client:
    client.force_login(factories.administrator())
    return client


def test_both_reports_show_filter_and_lead_on(client: Client, article: Article) -> None:
    changed(article, "Another text.")
    factories.translated(article, "ar", words=" anew")
    page = client.get(reverse("mainstay:lag")).content.decode()
    assert "Español" in page
    assert f"{reverse('mainstay:lag_changes')}?language=es&amp;severity=substantive" in page
    changes = client.get(reverse("mainstay:lag_changes"), {"language": "es"})
    assert [(line.title, line.row.language) for line in changes.context["object_list"]] == [(article.title, "es")]
    nothing = client.get(reverse("mainstay:lag_results"), {"severity": "safety"}).content.decode()
    assert "No change of a source matches." in nothing
    today = SourceChange.objects.latest("at").at.date()
    for period, number in ((today, 2), (today + 2 * DAY, 0)):
        assert len(client.get(reverse("mainstay:lag_changes"), {"changed_from": str(period)}).context["object_list"]) == number


def test_both_reports_go_into_spreadsheets(client: Client, article: Article) -> None:
    changed(article, "Another text.")
    for name, heading in (("lag", "Language"), ("lag_changes", "Article")):
        sheet = client.get(reverse(f"mainstay:{name}"), {"export": "csv", "language": "es"})
        rows = list(csv.reader(io.StringIO(sheet.getvalue().decode())))
        assert (rows[0][0], len(rows)) == (heading, 2)
        book = load_workbook(io.BytesIO(client.get(reverse(f"mainstay:{name}"), {"export": "xlsx"}).getvalue()))
        assert (book.active.cell(1, 1).value, book.active.max_row) == (heading, 3)


def test_an_article_that_was_deleted_is_still_counted_by_its_last_name(client: Client, article: Article) -> None:
    changed(article, "Another text.")
    factories.translated(article, "es", words=" anew")
    name = Release.objects.latest("at").texts["headline"]
    factories.fresh(article).delete()
    get_user_model().objects.exclude(username="ada").delete()
    changes = client.get(reverse("mainstay:lag_changes"))
    assert [(line.title, line.row.language, line.row.is_open) for line in changes.context["object_list"]] == [(name, "es", False)]


def test_queries_do_not_grow_with_the_articles(client: Client, article: Article, shelf: factories.Shelf) -> None:
    changed(article, "Another text.")

    def counted() -> list[int]:
        found = []
        for name in ("lag", "lag_changes"):
            with CaptureQueriesContext(connection) as captured:
                client.get(reverse(f"mainstay:{name}"))
            found.append(len(captured))
        return found

    counted()
    of_one = counted()
    for number in range(3):
        another = factories.translated(factories.go_live(factories.article(shelf, f"article-{number}")), "es")
        changed(another, f"Text {number}.")
    assert counted() == of_one
    assert max(of_one) <= 25
    with CaptureQueriesContext(connection) as captured:
        assert len(lag.lags(Wanted())) == 5
    assert len(captured) == 5
