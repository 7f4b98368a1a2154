"""What a change of the source does to each language: foretold to its editor, raised later, and held when nobody translates it in time."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cms import closing, evidence, jobs, releasing, serving, sign_off
from cms.models import Approval, Article, Closure, Contribution, Release, SourceChange
from tests import scenes
from tests.cms import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _required(settings: Any) -> None:
    settings.CLINICAL_SIGN_OFF = "required"


@pytest.fixture
@scenes.built_once
def article() -> Article:
    """Live, translated into Spanish and Arabic; the notice for a safety change is approved in Spanish alone."""
    shelf = factories.shelf()
    article = factories.go_live(factories.article(shelf))
    for tag in ("es", "ar"):
        factories.translated(article, tag)
    notice = Approval.objects.get(subject_id=shelf.source_changed.public_id, language="ar")
    sign_off.revoke(shelf.source_changed, notice, by=factories.safety_lead(), reason="Not clear.")
    return factories.fresh(article)


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def states(article: Article) -> dict[str, str]:
    decisions = evidence.of(article.public_id)
    return {tag: str(serving.standing(decisions, tag).state) for tag in ("es", "ar")}


def changed(article: Article, text: str = "It goes on for 5 to 7 days.", severity: str = "minor", harm: str = "") -> SourceChange:
    factories.edit(article, body=factories.small_body(f"<p>{text}</p>"))
    factories.go_live(article, severity=severity, harm=harm)
    return SourceChange.objects.filter(subject_id=article.public_id).latest("at")


@pytest.mark.parametrize(
    ("severity", "harm", "said", "each"),
    [
        ("minor", "", "2 languages stay.", ["stays as it is", "stays as it is"]),
        ("substantive", "", "2 are marked as outdated.", ["is marked as outdated", "is marked as outdated"]),
        ("safety", "no", "1 gets the notice and 1 is held.", ["gets the notice", "is held: readers get nothing"]),
        ("safety", "yes", "2 are held.", ["is held: readers get nothing", "is held: readers get nothing"]),
    ],
)
def test_the_editor_is_told_what_an_answer_does_and_then_it_does_it(
    article: Article, severity: str, harm: str, said: str, each: Any
) -> None:
    factories.edit(article, body=factories.small_body("<p>It goes on for 5 to 7 days.</p>"))
    url = reverse("mainstay:effects", args=[article.public_id])
    page = client_of(factories.editor()).get(url, {"severity": severity, "harm": harm}).content.decode()
    assert said in page
    assert [line in page for line in each] == [True, True]
    foretold = releasing.effects(factories.fresh(article), change_severity=severity, harm=harm)
    factories.go_live(article, severity=severity, harm=harm)
    assert states(article) == {tag: str(foretold[tag]) for tag in ("es", "ar")}


def test_what_is_translated_before_its_source_goes_live_is_foretold_as_current(article: Article) -> None:
    factories.edit(article, body=factories.small_body("<p>Another text.</p>"))
    factories.approve_source(article)
    factories.translated(article, "es", words=" newer")
    foretold = releasing.effects(factories.fresh(article), change_severity="safety", harm="yes")
    assert (foretold["es"], foretold["ar"], foretold["fr"]) == ("current", "held", "none")


def test_what_is_recalled_is_foretold_as_recalled_while_its_page_is_down(article: Article) -> None:
    closing.recall(article, "en", by=factories.safety_lead(), reason="Wrong.")
    factories.fresh(article).unpublish()
    factories.edit(article, body=factories.small_body("<p>Another text.</p>"))
    foretold = releasing.effects(factories.fresh(article), change_severity="substantive")
    factories.go_live(article, severity="substantive")
    assert states(article) == {tag: str(foretold[tag]) for tag in ("es", "ar")} == {"es": "recalled", "ar": "recalled"}


def test_only_who_edits_the_page_is_told_and_an_unknown_answer_is_not_found(article: Article) -> None:
    url = reverse("mainstay:effects", args=[article.public_id])
    assert "you do not have permission" in client_of(factories.translator()).get(url, follow=True).content.decode()
    assert client_of(factories.editor()).get(url, {"severity": "grave"}).status_code == 404


def test_a_raised_change_reaches_what_was_carried_over_and_spares_what_was_approved_since(article: Article) -> None:
    change = changed(article)
    factories.translated(article, "ar", words=" newer")
    before = factories.stored(article, "en").body
    releasing.raise_severity(article, change, change_severity="substantive", note="A mother asked.", by=factories.safety_lead())
    assert states(article) == {"es": "outdated", "ar": "current"}
    document = factories.stored(article, "es")
    assert (document.update_type, document.change_note) == ("substantive", "A mother asked.")
    assert factories.stored(article, "en").body == before


def test_a_severity_is_raised_step_by_step_and_never_lowered(article: Article) -> None:
    change = changed(article, severity="substantive")
    named = {"note": "Graver.", "by": factories.safety_lead()}
    for answer in ("minor", "substantive"):
        with pytest.raises(releasing.NotRaisable, match="only be raised"):
            releasing.raise_severity(article, change, change_severity=answer, **named)
    with pytest.raises(releasing.NotRaisable, match="Say why"):
        releasing.raise_severity(article, change, change_severity="safety", harm="no", note=" ", by=factories.safety_lead())
    releasing.raise_severity(article, change, change_severity="safety", harm="no", **named)
    assert states(article) == {"es": "noticed", "ar": "held"}
    releasing.raise_severity(article, change, change_severity="safety", harm="yes", **named)
    assert states(article) == {"es": "held", "ar": "held"}
    assert releasing.raisable(change, evidence.of(article.public_id)) == []


def test_a_change_that_was_taken_back_since_is_raised_without_effect(article: Article) -> None:
    change = changed(article)
    changed(article, text="It lasts for 5 to 7 days.")
    releasing.raise_severity(article, change, change_severity="safety", harm="yes", note="Graver.", by=factories.safety_lead())
    assert states(article) == {"es": "current", "ar": "current"}


def test_a_severity_is_raised_on_a_screen_by_whoever_may(article: Article) -> None:
    change = changed(article)
    url = reverse("mainstay:raise_severity", args=[article.public_id, change.pk])
    assert "you do not have permission" in client_of(factories.editor()).get(url, follow=True).content.decode()
    client = client_of(factories.safety_lead())
    timeline = client.get(reverse("mainstay:timeline", args=["article", article.public_id])).content.decode()
    assert url in timeline
    client.post(url, {"answer": "safety-yes", "note": "A dose."})
    assert states(article) == {"es": "held", "ar": "held"}
    assert "It cannot be raised" in client.get(url).content.decode()


def earlier(delta: timedelta) -> None:
    """Move everything that was recorded into the past."""
    for model in (Release, Approval, SourceChange, Contribution):
        for row in model.objects.all():
            row.at -= delta
            if isinstance(row, Approval) and row.effective_at:
                row.effective_at -= delta
            row.save()


def test_a_notice_is_enough_for_seven_days_and_then_the_text_is_held_until_it_is_approved_again(article: Article) -> None:
    changed(article, severity="safety", harm="no")
    earlier(timedelta(days=6, hours=23))
    jobs.hold_overdue()
    assert states(article)["es"] == "noticed"
    earlier(timedelta(hours=1))
    jobs.hold_overdue()
    jobs.hold_overdue()
    document = factories.stored(article, "es")
    assert (document.state, document.reason) == ("held", "safety-change-not-translated")
    (closure,) = Closure.objects.all()
    assert (closure.by_id, closure.by_name, closure.language) == (None, "Mainstay", "es")
    factories.translated(article, "es", words=" newer")
    assert states(article)["es"] == "current"
