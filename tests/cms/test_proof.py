"""The printed evidence: what readers saw, who checked it in what capacity, against which source, what was let pass or carried over."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cms import closing, proof, sign_off
from cms.models import Approval, Article, Profile, Release, SourceChange
from cms.proof import Proof
from cms.serving import State
from tests import scenes
from tests.cms import factories

pytestmark = pytest.mark.django_db
LANGUAGE, CLINICAL = Approval.Check.LANGUAGE, Approval.Check.CLINICAL


@pytest.fixture
@scenes.built_once
def article() -> Article:
    """Of high risk, live in English and Spanish: two checks, and something that two people let pass."""
    for person, qualification in ((factories.reviewer(), "RN"), (factories.second_translator(), "Sworn translator")):
        Profile.objects.filter(user=person).update(qualification=qualification)
    article = factories.go_live(factories.article(factories.shelf(), risk=Article.Risk.HIGH, headline="Dose < 5"))
    source = factories.desk.source(article)[0]
    wrong = {key: text.replace("5 to 7", "5 to 70") for key, text in factories.in_language(source, "es").items()}
    factories.translate(article, "es", texts=wrong)
    factories.approve_target(article, "es", check=LANGUAGE)
    factories.approve_target(article, "es", by=factories.second_reviewer(), check=CLINICAL)
    return factories.fresh(article)


def found(article: Article, tag: str = "es", **ago: Any) -> Proof:
    return proof.at(article.public_id, "article", tag, timezone.now() - timedelta(**ago))


def changed(article: Article, text: str, severity: str, note: str = "") -> SourceChange:
    factories.edit(article, body=factories.small_body(f"<p>{text}</p>"))
    factories.approve_source(article, by=factories.second_reviewer())
    factories.publish(article, severity=severity, note=note)
    return SourceChange.objects.latest("at")


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page_of(article: Article, tag: str = "es", **asked: str) -> str:
    address = reverse("mainstay:proof", args=["article", article.public_id, tag])
    return signed_in(factories.administrator()).get(address, asked).content.decode()


def test_it_gives_what_readers_saw_then_and_not_what_came_later(article: Article) -> None:
    before = factories.stored(article, "es")
    closing.pause(article, "es", by=factories.safety_lead(), reason="A wrong number")
    paused = factories.stored(article, "es")
    then = proof.at(article.public_id, "article", "es", before.modified_at)
    now = found(article)
    assert (then.state, then.number, then.approval.by_name) == (State.CURRENT, before.number, "ruth")
    assert then.document["lang"] == "es"
    assert (now.state, now.number, now.document) == (State.HELD, paused.number, None)
    assert (now.closure.by_name, now.closure.reason, now.checks) == ("sven", "A wrong number", ())


def test_both_checks_are_told_with_who_gave_them_and_in_what_capacity(article: Article) -> None:
    told = [(check.check_kind, check.by_name, check.by_role, check.by_qualification) for check in found(article).checks]
    role = "Clinical reviewers, Language reviewers"
    assert told == [(LANGUAGE, "rosa", role, "RN"), (CLINICAL, "ruth", role, "")]
    page = page_of(article)
    for words in ("Language check", "Clinical check", "rosa", "ruth", role, "RN", "none stated"):
        assert words in page


def test_what_was_let_pass_is_told_with_reason_and_both_people(article: Article) -> None:
    (first, second) = found(article).checks
    assert first.overrides == second.overrides != []
    assert {(passed["by"], passed["by_role"], passed["by_qualification"]) for passed in first.overrides} == {
        ("tina", "Translators", "Sworn translator")
    }
    page = page_of(article)
    for words in (first.overrides[0]["reason"], "Sworn translator"):
        assert page.count(words) == len(first.overrides)


def test_the_source_is_the_one_that_the_checks_saw(article: Article) -> None:
    release = Release.objects.filter(subject_id=article.public_id).latest("at")
    change = changed(article, "Another text.", "substantive", "New advice.")
    then = found(article)
    assert (then.source.digest, then.source.release, then.source.approval.by_name) == (release.text_digest, release, "rosa")
    assert [(row.change, row.severity) for row in then.missed] == [(change, "substantive")]
    assert then.carried_over == []
    assert "New advice." in page_of(article)
    assert found(article, "en").source.approval.by_name == "ruth"


def test_what_was_carried_over_is_told_with_the_change_and_who_called_it_minor(article: Article) -> None:
    change = changed(article, "It lasts for 5 to 7 days!", "minor", "A mark.")
    then = found(article)
    assert (then.served.carried_over, then.missed) == (True, [])
    assert [(row.change, row.change.by_name) for row in then.carried_over] == [(change, change.by_name)]
    page = page_of(article)
    assert "Carried over a minor change" in page
    assert "A mark." in page
    assert then.source.digest == then.approval.source_digest != change.to_digest


def test_approved_alone_is_told_with_its_reason_and_who_confirmed_it(article: Article) -> None:
    lead = factories.user("lena", factories.roles.SAFETY_LEAD, factories.roles.LANGUAGE_REVIEWER)
    factories.translate(article, "es", words=" anew", by=lead)
    approval = factories.approve_target(article, "es", by=lead, alone_because="Somebody is in danger.")
    assert "Somebody is in danger." in page_of(article)
    assert "Nobody had confirmed it." in page_of(article)
    sign_off.confirm_alone(article, approval, by=factories.safety_lead())
    assert "Confirmed by sven" in page_of(article)


def test_text_is_shown_as_text_and_rich_text_as_rich_text(article: Article) -> None:
    page = page_of(article)
    assert "Dose &lt; 5 [es]" in page
    assert "<p>It lasts for 5 to 70 days. [es]</p>" in page


def test_it_outlives_page_and_people(article: Article) -> None:
    factories.a_day_earlier()
    administrator = factories.administrator()
    factories.fresh(article).delete()
    get_user_model().objects.exclude(pk=administrator.pk).delete()
    then = found(article, hours=20)
    assert (then.document["title"], then.approval.by_name) == ("Dose < 5 [es]", "ruth")
    assert found(article).state == State.GONE
    page = page_of(article, on=str(timezone.localdate(then.approval.at)))
    for words in ("ruth", "rosa", "RN", "tina", "Language check"):
        assert words in page


def test_a_time_of_the_day_may_be_asked_for(article: Article) -> None:
    approval = Approval.objects.latest("at")
    local = timezone.localtime(approval.at)
    before = page_of(article, on=str(local.date()), until="00:00")
    assert "Language check" not in before or local.strftime("%H:%M") == "00:00"
    assert "Language check" in page_of(article, on=str(local.date()))


@pytest.mark.parametrize("asked", [{"on": "not-a-day"}, {"on": "2026-13-40"}, {"on": "2026-11-01", "until": "25:00"}])
def test_a_moment_that_is_none_is_said_to_be_none(article: Article, asked: dict[str, str]) -> None:
    assert "Enter a valid" in page_of(article, **asked)


def test_a_kind_without_documents_and_a_language_that_is_none_are_not_found(article: Article) -> None:
    client = signed_in(factories.administrator())
    for kind, tag in (("advice", "es"), ("article", "xx")):
        assert client.get(reverse("mainstay:proof", args=[kind, article.public_id, tag])).status_code == 404


def test_a_page_is_drawn_up_in_few_queries(article: Article, django_assert_max_num_queries: Any) -> None:
    client = signed_in(factories.administrator())
    address = reverse("mainstay:proof", args=["article", article.public_id, "es"])
    client.get(address)
    with django_assert_max_num_queries(25):
        client.get(address)
