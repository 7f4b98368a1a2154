"""The screen for notices above texts, and the coverage report."""

import csv
import io

import pytest
from django.test import Client
from django.urls import reverse

from cms.models import NoticePosting
from tests.cms import factories

pytestmark = pytest.mark.django_db


def signed_in(user: object) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_safety_lead_puts_a_notice_up_and_takes_it_off() -> None:
    shelf = factories.shelf()
    article = factories.article(shelf)
    factories.go_live(article)
    notice = factories.notice("supply", targets=shelf.targets)
    lead = factories.safety_lead()
    client = signed_in(lead)
    address = reverse("mainstay:notices")
    refused = client.post(address, {"notice": notice.pk, "scope": "article", "reason": "Reported today"})
    assert "Choose one." in refused.content.decode()
    client.post(address, {"notice": notice.pk, "scope": "article", "article": article.pk, "reason": "Reported today"})
    assert "Notice: supply." in factories.content(article, "en")["notice"]["text"]
    client.post(address, {"lift": NoticePosting.objects.get().pk})
    assert factories.content(article, "en")["notice"] is None


def test_who_may_not_put_notices_up_is_refused() -> None:
    assert signed_in(factories.translator()).get(reverse("mainstay:notices")).status_code in (302, 403)
    assert not NoticePosting.objects.exists()


def test_coverage_report_says_each_state_and_can_be_taken_along() -> None:
    article = factories.article(factories.shelf())
    factories.go_live(article)
    factories.translated(article, "es")
    client = signed_in(factories.administrator())
    address = reverse("mainstay:coverage")
    assert article.title in client.get(address).content.decode()
    assert article.title not in client.get(address, {"language": "fr", "state": "current"}).content.decode()
    exported = b"".join(client.get(address, {"export": "csv"}).streaming_content).decode()
    row = next(csv.DictReader(io.StringIO(exported)))
    assert (row["en"], row["es"], row["fr"]) == ("Current", "Current", "Missing")
    assert client.get(address, {"export": "xlsx"}).status_code == 200
