"""The mail of the day: once a person and day, in their language and time, with what waits and what is new, or not at all."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.users.models import UserProfile

from cms import assigning, comments, daily_mail, due, jobs, reference, roles, submitting
from cms.assigning import Work
from cms.models import Article, Assignment, DailyMail, Lapse, Mail, Profile
from tests.cms import factories

pytestmark = pytest.mark.django_db
#: The next seven o'clock in the morning: everything that a test does is of the day before it.
NOW = timezone.now()
MORNING = (NOW if NOW.hour < 7 else NOW + timedelta(days=1)).replace(hour=7, minute=0)


@pytest.fixture
def article(settings: Any) -> Article:
    """Live in English, Spanish and Arabic."""
    settings.CLINICAL_SIGN_OFF = "required"
    made = factories.article(factories.shelf())
    factories.go_live(made)
    for tag in factories.TARGETS:
        factories.translated(made, tag)
    return factories.fresh(made)


@pytest.fixture
def sent(mailoutbox: list[Any], django_capture_on_commit_callbacks: Any) -> Any:
    """What the mail of a morning says, by address."""

    def work_off(now: datetime = MORNING) -> dict[str, Any]:
        mailoutbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            daily_mail.work_off(now)
        assert len({message.to[0] for message in mailoutbox}) == len(mailoutbox)
        return {message.to[0]: message for message in mailoutbox}

    return work_off


def holding(user: Any, *tags: str) -> Any:
    Profile.objects.filter(user=user).update(languages=list(tags))
    return user


def submit(article: Article, tag: str = "es", *, by: Any = None) -> None:
    translator = by or factories.translator()
    factories.translate(article, tag, by=translator, words=" anew")
    submitting.submit(article, tag, by=translator, shown=reference.shown_digest(factories.fresh(article), tag), note="Look at the dose.")


def test_what_waits_for_a_check_comes_once_a_day_even_if_it_is_run_twice(article: Article, sent: Any) -> None:
    submit(article)

    message = sent()["rosa@example.org"]

    assert message.subject.startswith("Today: To check (1)")
    for part in ("TO CHECK", f"{article.title}, Español", "tariq submitted it on", "“Look at the dose.”", f"{article.public_id}/es/"):
        assert part in message.body
    assert sent() == sent(MORNING + timedelta(hours=9)) == {}
    assert "rosa@example.org" in sent(MORNING + timedelta(days=1))


def test_nothing_to_say_is_no_mail_and_is_on_record(article: Article, sent: Any) -> None:
    factories.user("petra", roles.PARTNER_MANAGER)
    assert "petra@example.org" not in sent()
    assert DailyMail.objects.get(user__username="petra").was_sent is False


def test_it_leaves_from_six_in_the_morning_where_the_person_is(article: Article, sent: Any) -> None:
    submit(article)
    UserProfile.objects.create(user=factories.reviewer(), current_time_zone="America/Sao_Paulo", preferred_language="")

    assert "rosa@example.org" not in sent(MORNING.replace(hour=8))
    assert "rosa@example.org" in sent(MORNING.replace(hour=9))
    at_night = datetime(2030, 5, 4, 1, tzinfo=UTC)  # ten in the evening of the day before, in São Paulo
    assert "rosa@example.org" in sent(at_night)
    assert DailyMail.objects.filter(user__username="rosa", on="2030-05-03").exists()


def test_it_is_in_the_language_of_the_persons_admin(article: Article, sent: Any) -> None:
    submit(article)
    UserProfile.objects.create(user=factories.reviewer(), preferred_language="ar")

    with translation.override("ar"):
        today = due.day(timezone.now())
    assert today in sent()["rosa@example.org"].body


def test_a_source_that_waits_for_its_signature(article: Article, sent: Any) -> None:
    factories.edit(article, headline_en="Opioid withdrawal, again")
    factories.publish(article, severity="substantive")

    assert "TO SIGN OFF" in sent()["rosa@example.org"].body


def test_what_was_given_is_told_again_when_it_is_due_soon(article: Article, sent: Any) -> None:
    tariq = holding(factories.translator(), "fr")
    due_on = MORNING.date() + timedelta(days=7)
    assigning.assign([(article, "fr")], Work(to=tariq, due_on=due_on), by=factories.editor())

    assert "tariq@example.org" not in sent()
    message = sent(MORNING + timedelta(days=4))["tariq@example.org"]
    assert message.subject == "Today: Due soon, or late (1)"
    Assignment.objects.update(person=factories.second_translator())
    assert "tariq@example.org" not in sent(MORNING + timedelta(days=5))


def test_a_changed_source_an_answer_a_question_and_a_review_are_told_when_they_are_new(article: Article, sent: Any) -> None:
    tariq, editor = factories.translator(), factories.editor()
    question = comments.say(article, comments.SOURCE, "headline", "Days or nights?", by=tariq)
    comments.reply(article, question, "Days.", by=editor)
    Lapse.objects.create(subject_id=article.public_id, subject_kind="article", due_on=timezone.localdate())
    factories.edit(article, body=factories.small_body("<p>It lasts for 5 to 9 days.</p>"))
    factories.go_live(article, severity="substantive")

    found = sent()

    for part in ("CHANGED IN THE SOURCE", "ANSWERS TO YOU", "“Days.”"):
        assert part in found["tariq@example.org"].body
    for part in ("QUESTIONS ABOUT THE SOURCE", "Days or nights?", "REVIEWS THAT FELL DUE"):
        assert part in found["edith@example.org"].body
    assert {"tariq@example.org", "edith@example.org"}.isdisjoint(sent(MORNING + timedelta(days=1)))


def test_each_kind_can_be_turned_off(article: Article, sent: Any) -> None:
    submit(article)
    Profile.objects.filter(user=factories.reviewer()).update(muted=["to-check"])

    assert "rosa@example.org" not in sent()


def test_a_mail_that_cannot_be_made_keeps_nobody_else_from_theirs(article: Article, sent: Any, caplog: pytest.LogCaptureFixture) -> None:
    submit(article)
    factories.second_reviewer()
    Profile.objects.filter(user=factories.reviewer()).update(muted=5)

    found = sent()

    assert "ruth@example.org" in found
    assert "rosa@example.org" not in found
    assert f"The mail of the day of account {factories.reviewer().pk} could not be made." in caplog.text


def test_a_time_zone_that_nobody_knows_any_more_is_that_of_the_service(article: Article, sent: Any) -> None:
    submit(article)
    UserProfile.objects.create(user=factories.reviewer(), current_time_zone="Nowhere/Else")

    assert "rosa@example.org" in sent()


def test_the_job_is_one_of_the_round(article: Article) -> None:
    assert jobs.JOBS["daily-mail"]()
    assert DailyMail.objects.exists() == (timezone.now().hour >= daily_mail.HOUR)


# -- the account -----------------------------------------------------------------------------------------------------


def switches(client: Client, user: Any) -> Any:
    client.force_login(user)
    panels = client.get(reverse("wagtailadmin_account")).context["panels_by_tab"]
    [panel] = [panel for found in panels.values() for panel in found if panel.name == "mail"]
    return panel.get_form()


def save(client: Client, user: Any, **on: Any) -> None:
    client.force_login(user)
    posted = {
        "name_email-first_name": "A",
        "name_email-last_name": "B",
        "name_email-email": user.email,
        "locale-preferred_language": "",
        "locale-current_time_zone": "",
        "theme-theme": "system",
        "theme-contrast": "system",
        "theme-density": "default",
        **{f"mail-{name}": value for name, value in on.items()},
    }
    answer = client.post(reverse("wagtailadmin_account"), posted)
    assert answer.status_code == 302, [panel.get_form().errors for found in answer.context["panels_by_tab"].values() for panel in found]


def test_the_account_offers_what_a_person_may_get(client: Client) -> None:
    translator = switches(client, factories.user("tom", roles.TRANSLATOR))
    assert list(translator.fields) == ["assigned", "returned", "safety", "changed", "due", "answers"]
    partners = factories.user("petra", roles.PARTNER_MANAGER)
    client.force_login(partners)
    assert 'name="mail-' not in client.get(reverse("wagtailadmin_account")).content.decode()


def test_what_is_switched_off_is_kept_and_can_be_switched_on_again(client: Client) -> None:
    tom = factories.user("tom", roles.TRANSLATOR)
    save(client, tom, assigned="on", returned="on", due="on")
    assert set(Profile.objects.get(user=tom).muted) == {"safety", "changed", "answers"}
    save(client, tom, **{str(kind): "on" for kind in Mail})
    assert Profile.objects.get(user=tom).muted == []
    assert Profile.objects.get(user=tom).languages != []


def test_a_safety_lead_reads_that_safety_cannot_be_turned_off_and_a_crafted_post_does_not(client: Client) -> None:
    lead = factories.safety_lead()
    form = switches(client, lead)
    assert form.fields["safety-lead"].disabled
    assert "cannot be turned off" in str(form.fields["safety-lead"].help_text)

    save(client, lead, **{"safety-lead": ""})
    assert "safety-lead" not in Profile.objects.get(user=lead).muted
    assert switches(client, lead)["safety-lead"].value() is True
