"""What one person approved alone in an emergency waits for a second: where it is seen, who may confirm it, and who is refused in words."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cms import obstacles, roles, sign_off
from cms.models import Approval, Article, Profile
from tests import scenes
from tests.cms import factories

pytestmark = pytest.mark.django_db
WHY = "Contaminated supply tonight."
BUTTON = "Confirm this approval"


def second_lead() -> Any:
    return factories.user("selma", roles.SAFETY_LEAD)


def url(name: str, article: Article, tag: str = "es") -> str:
    return reverse(f"mainstay:{name}", args=[article.kind, article.public_id, *([tag] if tag else [])])


@pytest.fixture
@scenes.built_once
def article() -> Article:
    """Of high risk; its Spanish text was written by the translator and approved by a safety lead alone."""
    made = factories.go_live(factories.article(factories.shelf(targets=["es"]), risk=Article.Risk.HIGH))
    factories.translate(made, "es")
    factories.approve_target(made, "es", by=factories.safety_lead(), alone_because=WHY)
    return factories.fresh(made)


@pytest.fixture
def alone(article: Article) -> Approval:
    return Approval.objects.get(subject_id=article.public_id, language="es")


def screen(client: Client, person: Any, address: str) -> str:
    client.force_login(person)
    return client.get(address).content.decode()


def confirm(client: Client, person: Any, approval: Approval, named: Any = None) -> str:
    """POST as the button does; what the screen after it says."""
    client.force_login(person)
    address = reverse("mainstay:confirm_alone", args=[approval.subject_kind, approval.subject_id, approval.language])
    return client.post(address, {"approval": approval.pk if named is None else named}, follow=True).content.decode()


def test_the_second_person_confirms_it_on_the_desk_and_it_waits_no_more(client: Client, article: Article, alone: Approval) -> None:
    before = factories.public()
    shown = screen(client, second_lead(), url("translate", article))
    assert WHY in shown
    assert BUTTON in shown
    assert "Approved alone, not confirmed yet" in screen(client, second_lead(), url("readers", article, ""))

    assert "Confirmed. The text has its second person." in confirm(client, second_lead(), alone)

    alone.refresh_from_db()
    assert (alone.confirmed_by_name, alone.confirmed_at is not None) == ("selma", True)
    assert WHY not in screen(client, second_lead(), url("translate", article))
    assert "Approved alone, not confirmed yet" not in screen(client, second_lead(), url("readers", article, ""))
    assert factories.public() == before


def test_who_approved_it_alone_reads_that_somebody_else_has_to(client: Client, article: Article, alone: Approval) -> None:
    shown = screen(client, factories.safety_lead(), url("translate", article))
    assert "You approved it alone. Somebody else has to confirm it." in shown
    assert BUTTON not in shown


@pytest.mark.parametrize(
    ("person", "said"),
    [
        (factories.safety_lead, "You approved it alone."),
        (factories.translator, "You wrote some of what was approved."),
        (factories.second_translator, "Only who may approve such a text can confirm it."),
        (factories.editor, "Only who may approve such a text can confirm it."),
    ],
)
def test_a_crafted_post_is_refused_in_words(client: Client, alone: Approval, person: Any, said: str) -> None:
    assert said in confirm(client, person(), alone)
    alone.refresh_from_db()
    assert alone.confirmed_at is None


def test_who_does_not_hold_the_language_cannot_be_the_second(client: Client, article: Article, alone: Approval) -> None:
    Profile.objects.filter(user=second_lead()).update(languages=["en", "fr"])
    assert "You do not work in Español" in confirm(client, second_lead(), alone)
    assert BUTTON not in screen(client, second_lead(), url("translate", article))
    alone.refresh_from_db()
    assert alone.confirmed_at is None


def test_a_writer_is_no_second_person_and_one_who_wrote_later_is(article: Article, alone: Approval) -> None:
    writer = factories.user("walter", roles.LANGUAGE_REVIEWER)
    factories.translate(article, "es", words=" later", by=writer)
    assert obstacles.of_confirming(alone, factories.desk.evidence.of(article.public_id), by=writer) == []
    factories.approve_target(article, "es", by=factories.safety_lead(), alone_because="Again.")
    again = Approval.objects.filter(subject_id=article.public_id, language="es").latest("at")
    with pytest.raises(sign_off.NotApprovable, match="You wrote some of what was approved"):
        sign_off.confirm_alone(article, again, by=writer)


@pytest.mark.parametrize("posted", ["", "0", "x", "other"])
def test_another_approval_than_one_that_waits_here_is_not_confirmed(client: Client, article: Article, alone: Approval, posted: str) -> None:
    other = Approval.objects.filter(subject_id=article.public_id, language="en").latest("at")
    Approval.objects.filter(pk=other.pk).update(break_glass_reason=WHY)
    said = confirm(client, second_lead(), alone, other.pk if posted == "other" else posted)
    assert "There is nothing to confirm any more." in said
    assert not Approval.objects.filter(subject_id=article.public_id, confirmed_at__isnull=False).exists()


def test_a_text_that_was_changed_since_leads_to_what_readers_have(client: Client, article: Article) -> None:
    factories.translate(article, "es", words=" later")
    shown = screen(client, second_lead(), url("translate", article))
    assert "The text below has been changed since." in shown
    assert url("proof", article) in shown


def test_a_source_signed_off_alone_is_confirmed_on_its_own_screen_by_who_signs_off(client: Client) -> None:
    made = factories.go_live(factories.article(factories.shelf(targets=[])))
    approval = Approval.objects.get(subject_id=made.public_id, language="en")
    Approval.objects.filter(pk=approval.pk).update(break_glass_reason=WHY)
    assert BUTTON in screen(client, factories.second_reviewer(), url("sign_off", made, ""))
    assert BUTTON not in screen(client, factories.safety_lead(), url("sign_off", made, ""))
    assert "Only who may approve such a text" in confirm(client, factories.safety_lead(), approval)
    assert "You wrote some of what was approved." in confirm(client, factories.editor(), approval)
    assert "Confirmed." in confirm(client, factories.second_reviewer(), approval)


def test_what_stands_in_the_way_of_an_approval_is_found_out_once(client: Client, article: Article) -> None:
    """For a safety lead, who may approve alone, as for a reviewer: the desk asks the database as often."""
    asked = []
    for person in (factories.second_reviewer(), second_lead()):
        screen(client, person, url("translate", article))
        with CaptureQueriesContext(connection) as captured:
            client.get(url("translate", article))
        asked.append(sum('FROM "cms_contribution"' in query["sql"] for query in captured))
    assert asked == [asked[0]] * 2
