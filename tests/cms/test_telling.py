"""Mail: who is told what, once, in their own language, never of their own act, and only of what was committed."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone, translation
from wagtail.users.models import UserProfile

from cms import closing, due, reference, roles, sign_off, submitting
from cms.models import Article, Mail, Profile
from cms.sign_off import Given
from tests.cms import factories

pytestmark = pytest.mark.django_db
Told = Callable[[Callable[[], Any]], dict[str, Any]]


@pytest.fixture
def told(mailoutbox: list[Any], django_capture_on_commit_callbacks: Any) -> Told:
    """What an act makes people read, by their address; a person who got two is a failure."""

    def act(do: Callable[[], Any]) -> dict[str, Any]:
        mailoutbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            do()
        found = {address: message for message in mailoutbox for address in message.to}
        assert len(found) == len(mailoutbox)
        assert all(len(message.to) == 1 and not message.cc and not message.bcc for message in mailoutbox)
        return found

    return act


@pytest.fixture
def article(settings: Any) -> Article:
    """Live in English, Spanish and Arabic, with everybody of the house there."""
    settings.CLINICAL_SIGN_OFF = "required"
    made = factories.article(factories.shelf())
    factories.go_live(made)
    for tag in factories.TARGETS:
        factories.translated(made, tag)
    factories.safety_lead()
    factories.user("sofia", roles.SAFETY_LEAD)
    factories.second_reviewer()
    return factories.fresh(made)


def holding(user: Any, *tags: str) -> Any:
    Profile.objects.filter(user=user).update(languages=list(tags))
    return user


def speaking(user: Any, tag: str, **more: Any) -> Any:
    UserProfile.objects.update_or_create(user=user, defaults={"preferred_language": tag, **more})
    return user


def submit(article: Article, tag: str = "es", *, by: Any = None, note: str = "Please look at the dose.") -> Any:
    translator = by or factories.translator()
    factories.translate(article, tag, by=translator, words=" anew")
    return submitting.submit(article, tag, by=translator, shown=reference.shown_digest(factories.fresh(article), tag), note=note)


def test_what_waits_for_a_check_or_a_signature_comes_with_the_mail_of_the_day(article: Article, told: Told) -> None:
    assert told(lambda: submit(article)) == {}
    factories.edit(article, headline_en="Opioid withdrawal, again")
    assert told(lambda: factories.publish(article, severity="substantive")) == {}


def test_nobody_is_told_of_what_they_did_themselves(article: Article, told: Told) -> None:
    lead = factories.safety_lead()
    assert set(told(lambda: closing.pause(article, "ar", by=lead, reason="A dose."))) == {"sofia@example.org"}


def test_what_is_returned_is_told_to_its_translator_with_the_reason(article: Article, told: Told) -> None:
    submit(article)

    found = told(lambda: submitting.give_back(article, "es", by=factories.reviewer(), reason="The dose is wrong."))

    assert set(found) == {"tariq@example.org"}
    assert "The dose is wrong." in found["tariq@example.org"].body


def test_whoever_turned_such_mail_off_gets_none_but_what_concerns_safety(article: Article, told: Told) -> None:
    Profile.objects.filter(user=factories.translator()).update(muted=["returned"])
    Profile.objects.filter(user=factories.safety_lead()).update(muted=[str(kind) for kind in Mail])
    submit(article)

    assert told(lambda: submitting.give_back(article, "es", by=factories.reviewer(), reason="Wrong.")) == {}
    assert "sven@example.org" in told(lambda: closing.pause(article, "es", by=factories.reviewer(), reason="A dose."))
    Profile.objects.filter(user=factories.translator()).update(muted=["safety"])
    found = told(lambda: change(article, "safety", harm="no"))
    assert "sven@example.org" in found
    assert "tariq@example.org" not in found


def change(article: Article, severity: str, harm: str = "", text: str = "<p>It lasts for 5 to 9 days.</p>") -> None:
    factories.edit(article, body=factories.small_body(text))
    factories.approve_source(article)
    factories.publish(article, severity=severity, harm=harm, note="Longer than was thought.")


def test_a_change_of_the_source_is_told_to_the_translators_of_what_lags_behind_with_the_day(article: Article, told: Told) -> None:
    holding(factories.translator(), "es", "vi")
    holding(factories.user("vera", roles.TRANSLATOR), "vi")

    assert told(lambda: change(article, "substantive")) == {}
    found = told(lambda: change(article, "safety", harm="no", text="<p>It lasts for 5 to 11 days.</p>"))

    message = found["tariq@example.org"]
    assert message.subject == "The source changed (safety): Opioid Withdrawal"
    assert "Longer than was thought." in message.body
    assert due.day(timezone.localdate() + timedelta(days=7)) in message.body
    assert f"{article.public_id}/es/" in message.body
    assert f"{article.public_id}/ar/" not in message.body
    assert "vera@example.org" not in found


def test_a_safety_change_is_told_to_every_safety_lead_and_a_minor_one_to_nobody(article: Article, told: Told) -> None:
    assert set(told(lambda: change(article, "safety", harm="no"))) >= {"sven@example.org", "sofia@example.org", "tariq@example.org"}
    factories.edit(article, headline_en="Opioid withdrawal, briefly")
    factories.approve_source(article)
    assert told(lambda: factories.publish(article, severity="minor")) == {}


def test_a_pause_is_told_to_the_other_safety_leads(article: Article, told: Told) -> None:
    found = told(lambda: closing.pause(article, "ar", by=factories.safety_lead(), reason="A dose is being checked."))

    assert set(found) == {"sofia@example.org"}
    assert "A dose is being checked." in found["sofia@example.org"].body


def test_an_approval_given_alone_is_told_to_the_safety_leads(article: Article, told: Told) -> None:
    lead = factories.safety_lead()
    factories.edit(article, by=lead, headline_en="Opioid withdrawal: call first")
    source = reference.source_of(factories.fresh(article))
    shown, given = reference.shown_digest(source, "en"), Given(alone_because="Nobody could be reached.")

    found = told(lambda: sign_off.approve(factories.fresh(article), "en", by=lead, shown=shown, given=given))

    assert "Nobody could be reached." in found["sofia@example.org"].body
    assert "sven@example.org" not in found


def test_each_is_written_to_in_the_language_of_their_admin(article: Article, told: Told) -> None:
    reader = speaking(factories.reviewer(), "ar")
    with translation.override("ar"):
        month = due.day(timezone.localdate() + timedelta(days=7))
    with translation.override("ru"):
        found = told(lambda: change(article, "safety", harm="no"))

    assert month in found[reader.email].body
    assert due.day(timezone.localdate() + timedelta(days=7)) in found["ruth@example.org"].body


def test_nobody_is_told_of_what_was_rolled_back_nor_by_a_loader(article: Article, told: Told) -> None:
    def rolled_back() -> None:
        with transaction.atomic():
            closing.pause(article, "ar", by=factories.safety_lead(), reason="A dose.")
            transaction.set_rollback(True)

    assert told(rolled_back) == {}
    loader = type(factories.editor())(username="sample loader")
    assert told(lambda: closing.pause(article, "es", by=loader, reason="A dose.")) == {}


def test_no_mail_goes_to_who_left_or_where_nobody_is(article: Article, told: Told) -> None:
    for name, values in (("sofia", {"is_active": False}), ("sven", {"email": "sven@demo.invalid"})):
        factories.user(name)
        type(factories.editor()).objects.filter(username=name).update(**values)
    type(factories.editor()).objects.filter(username="rosa").update(email="")

    assert told(lambda: closing.pause(article, "ar", by=factories.second_reviewer(), reason="A dose.")) == {}
