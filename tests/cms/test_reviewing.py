"""“Reviewed, no change” moves the dates of the review, and nothing else."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cms import reviewing
from cms.models import Review
from tests.cms import factories

pytestmark = pytest.mark.django_db
NEXT = timezone.localdate() + timedelta(days=200)


@pytest.fixture
def article(settings: Any) -> Any:
    settings.CLINICAL_SIGN_OFF = "required"
    return factories.translated(factories.go_live(factories.article(factories.shelf(targets=("es",)))), "es")


def test_a_review_on_the_screen_moves_the_dates_in_every_language_and_nothing_else(article: Any) -> None:
    before = {tag: factories.content(article, tag) for tag in ("en", "es")}
    client = Client()
    client.force_login(factories.second_reviewer())
    url = reverse("mainstay:reviewed", args=[article.public_id])
    assert "It lasts for 5 to 7 days." in client.get(url).content.decode()
    live = reviewing.live_source(article)
    client.post(url, {"next_due_on": NEXT.isoformat(), "shown": reviewing.shown_digest(live)})
    for tag, content in before.items():
        after = factories.content(article, tag)
        assert (after["review"]["next_due_on"], after["review"]["reviewed_on"]) == (NEXT.isoformat(), timezone.localdate().isoformat())
        assert factories.stored(article, tag).update_type == "reviewed"
        stamps = ("review", "version", "modified_at", "html", "reviewed_on")
        assert {name: value for name, value in after.items() if name not in stamps} == {
            name: value for name, value in content.items() if name not in stamps
        }
        assert after["text_modified_at"] == content["text_modified_at"]


def test_a_newer_source_has_dates_of_its_own(article: Any) -> None:
    live = reviewing.live_source(article)
    reviewing.record(article, by=factories.second_reviewer(), shown=reviewing.shown_digest(live), next_due_on=NEXT)
    factories.edit(article, body=factories.small_body("<p>Another text.</p>"))
    factories.go_live(article, severity="substantive")
    assert factories.content(article, "en")["review"]["next_due_on"] is None
    with pytest.raises(reviewing.NotReviewable, match="another one than you were shown"):
        reviewing.record(article, by=factories.second_reviewer(), shown=reviewing.shown_digest(live), next_due_on=NEXT)


def test_who_wrote_the_text_and_a_day_that_is_over_are_refused(article: Any) -> None:
    shown = reviewing.shown_digest(reviewing.live_source(article))
    with pytest.raises(reviewing.NotReviewable, match="You wrote"):
        reviewing.record(article, by=factories.editor(), shown=shown, next_due_on=NEXT)
    with pytest.raises(reviewing.NotReviewable, match="not after this one"):
        reviewing.record(article, by=factories.second_reviewer(), shown=shown, next_due_on=timezone.localdate())
    assert not Review.objects.exists()
