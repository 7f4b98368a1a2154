"""Evidence outlives the page and everybody who made it (row 28)."""

import pytest
from django.contrib.auth import get_user_model
from django.core import serializers
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from api.models import Document
from cms import closing, evidence, segments, serving
from cms.models import Approval, Closure, Contribution, Release, SourceChange
from tests.cms import factories

pytestmark = pytest.mark.django_db
EVIDENCE = (Approval, Closure, Contribution, Release, SourceChange)


@pytest.fixture
def article(settings):
    settings.CLINICAL_SIGN_OFF = "required"
    article = factories.translated(factories.go_live(factories.article(factories.shelf(targets=["es"]), body=factories.full_body())), "es")
    closing.pause(article, "es", by=factories.safety_lead(), reason="Danger.")
    factories.approve_target(article, "es", by=factories.second_reviewer())
    return article


def digests() -> dict[str, str]:
    rows = [row for model in EVIDENCE for row in model.objects.all()]
    return {f"{row._meta.model_name} {row.pk}": segments.digest(serializers.serialize("json", [row])) for row in rows}


@pytest.mark.figure(28)
def test_evidence_outlives_pages_and_users(article, figure):
    before = digests()
    texts = Approval.objects.filter(subject_id=article.public_id, language="es").latest("at").texts
    factories.fresh(article).delete()
    get_user_model().objects.all().delete()
    after = digests()
    figure(row=28, name=f"evidence changed, of {len(before)}", value=sum(after.get(key) != value for key, value in before.items()), limit=0)
    assert {row.state for row in Document.objects.current() if row.subject_id == article.public_id} == {"gone"}
    approval = Approval.objects.filter(subject_id=article.public_id, language="es").latest("at")
    assert (approval.texts, approval.by_name, "Clinical reviewers" in approval.by_role) == (texts, "ruth", True)
    assert serving.serving(evidence.of(article.public_id), "es").state == "gone"


def printed(article, on) -> list[str]:
    """The printed evidence of that day, in each language, as somebody draws it up who had no part in it."""
    client = Client()
    client.force_login(factories.administrator())
    pages = [
        client.get(reverse("mainstay:proof", args=["article", article.public_id, tag]), {"on": on}).content.decode() for tag in ("en", "es")
    ]
    return [page[page.index("data-proof>") : page.index("mainstay-proof-made")] for page in pages]


@pytest.mark.figure(28)
def test_printed_evidence_outlives_pages_and_users(article, figure):
    factories.a_day_earlier()
    on = timezone.localdate(Approval.objects.latest("at").at)
    before = printed(article, on)
    assert "ruth" in before[1]
    factories.fresh(article).delete()
    get_user_model().objects.all().delete()
    after = printed(article, on)
    changed = sum(one != other for one, other in zip(before, after, strict=True))
    figure(row=28, name=f"printed evidence changed, of {len(before)} languages", value=changed, limit=0)


def test_many_subjects_are_read_in_five_queries(article, django_assert_num_queries):
    ids = [row.subject_id for row in Release.objects.all()]
    with django_assert_num_queries(5):
        found = evidence.of_many(ids)
    assert found[article.public_id].latest_release() is not None


def test_moments_increase_when_a_clock_steps_back(article):
    decisions = evidence.of(article.public_id)
    last = decisions.last_at()
    later = last.replace(year=last.year + 1)
    Approval.objects.filter(at=last).update(at=later)
    assert evidence.next_moment(evidence.of(article.public_id)) > later
