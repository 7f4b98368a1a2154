"""What each role is shown first beside what waits for it: what is new since the last visit, and how the service itself is."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Workflow

from api.models import Document
from cms import glance, housekeeping, jobs, reports, roles, visits
from cms.models import Article, Difference, JobRun, Override, Profile, SourceChange, signature
from cms.views import home
from cms.waiting import Item, Section
from tests import scenes
from tests.cms import factories

pytestmark = pytest.mark.django_db


def section(user: Any, name: str) -> Section:
    return {found.name: found for found in home.sections(user, glance.of_library())}[name]


def items(user: Any, name: str) -> list[Item]:
    return section(user, name).items


@pytest.fixture
@scenes.built_once
def article() -> Article:
    """Live in English, Spanish and Arabic."""
    made = factories.article(factories.shelf())
    factories.go_live(made)
    for tag in factories.TARGETS:
        factories.translated(made, tag)
    return factories.fresh(made)


def change(article: Article, severity: str, harm: str = "") -> None:
    factories.edit(article, body=factories.small_body("<p>It lasts for 5 to 7 days, often.</p>"))
    factories.go_live(article, severity=severity, harm=harm)


# -- since the last visit --------------------------------------------------------------------------------------------


def test_a_visit_lasts_for_a_day_and_begins_with_the_first_screen(client: Client) -> None:
    rosa = factories.reviewer()
    yesterday = timezone.now() - timedelta(days=1)
    Profile.objects.filter(user=rosa).update(visited_at=yesterday)

    client.force_login(rosa)
    for _time in range(2):
        client.get(reverse("wagtailadmin_home"))

    assert visits.since(rosa) == yesterday
    assert visits.since(factories.user("new", roles.CLINICAL_REVIEWER)) < timezone.now() - timedelta(days=29)


def test_a_minor_change_stands_there_with_a_link_to_raise_it_until_it_is_raised_or_seen(article: Article, client: Client) -> None:
    rosa = factories.reviewer()
    factories.edit(article, headline_en="Opioid withdrawal, in short")
    factories.go_live(article, severity="minor")
    [item] = items(rosa, "minor")
    row = SourceChange.objects.get(subject_id=article.public_id, severity="minor")

    assert item.act == ("Raise…", reverse("mainstay:raise_severity", args=[article.public_id, row.pk]))
    client.force_login(rosa)
    assert item.act[1] in client.get(reverse("wagtailadmin_home")).content.decode()
    assert client.get(item.act[1]).status_code == 200

    Profile.objects.filter(user=rosa).update(visited_before_at=timezone.now())
    assert items(rosa, "minor") == []


def test_a_raised_change_is_not_minor_any_more(article: Article) -> None:
    factories.edit(article, headline_en="Opioid withdrawal, in short")
    factories.go_live(article, severity="minor")
    row = SourceChange.objects.get(subject_id=article.public_id, severity="minor")
    row.pk, row.raises_id, row.severity = None, row.pk, "substantive"
    row.save(force_insert=True)

    assert items(factories.reviewer(), "minor") == []


def test_what_somebody_asked_to_let_pass_is_told_since_the_last_visit(article: Article) -> None:
    Override.objects.all().delete()
    Override.objects.create(
        subject_id=article.public_id,
        subject_kind="article",
        language="es",
        key="headline",
        check_name="numbers",
        segment_digest="x",
        reason="The number is a name.",
        **signature(factories.translator()),
    )
    [item] = items(factories.reviewer(), "overrides")
    assert (item.said, item.language.tag) == ("The number is a name.", "es")


# -- editors ---------------------------------------------------------------------------------------------------------


def test_an_editor_sees_drafts_and_what_came_back_with_its_reason(article: Article) -> None:
    assert items(factories.editor(), "drafts") == []
    factories.edit(article, headline_en="Opioid withdrawal, again")
    [draft] = items(factories.editor(), "drafts")
    assert draft.url == reverse("wagtailadmin_pages:edit", args=[article.pk])
    assert draft.why.startswith("Changed since it was published, last on ")

    page = factories.fresh(article)
    state = Workflow.objects.get(active=True).start(page, factories.editor())
    assert items(factories.editor(), "drafts") == []
    task = state.current_task_state
    task.task.specific.on_action(task, factories.reviewer(), "reject", comment="Say for whom.")

    [returned] = items(factories.editor(), "returned-sources")
    assert returned.said == "Say for whom."
    assert returned.why.startswith("rosa asked for changes on ")


def test_an_editor_sees_which_languages_are_behind_until_when(article: Article) -> None:
    change(article, "substantive")
    [item] = items(factories.editor(), "behind")
    assert (item.what, re.sub("[\u2068\u2069]", "", item.why)) == ("2 languages behind", "Español, العربية")
    assert item.due_on == timezone.localdate() + timedelta(days=60)


# -- administrators --------------------------------------------------------------------------------------------------


def administrator() -> Any:
    return factories.user("adam", roles.ADMINISTRATOR)


def test_a_difference_that_was_found_stands_there_until_it_is_put_right(article: Article) -> None:
    Document.objects.filter(pk=factories.stored(article, "es").pk).delete()
    with pytest.raises(CommandError):
        call_command("rebuild_documents", "--check")
    [item] = items(administrator(), "differences")
    assert (item.name, item.language.tag, item.said) == (article.title, "es", "should be published, and is missing")

    call_command("rebuild_documents")
    assert items(administrator(), "differences") == []
    assert not Difference.objects.exists()


def test_the_job_finds_the_same_and_forgets_what_is_right_again(article: Article) -> None:
    Difference.objects.create(subject_id=article.public_id, subject_kind="article", language="ar", found="old")
    assert jobs.compare_all()
    assert not Difference.objects.exists()


def test_a_job_that_failed_or_is_not_run_any_more_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    [never] = items(administrator(), "jobs")
    assert "No job has ever run" in never.why

    monkeypatch.setitem(jobs.JOBS, "note-lapses", lambda: 1 / 0)
    jobs.run_once()
    [failed] = items(administrator(), "jobs")
    assert (failed.name, failed.said) == ("Reviews that fall due", "ZeroDivisionError: division by zero")

    monkeypatch.setitem(jobs.JOBS, "note-lapses", lambda: True)
    jobs.run_once()
    assert items(administrator(), "jobs") == []
    assert section(administrator(), "jobs").empty.startswith("Every job went well; the last one ran on ")

    JobRun.objects.filter(name="render-due").update(at=timezone.now() - timedelta(hours=1))
    assert [item.name for item in items(administrator(), "jobs")] == ["Rendering"]
    JobRun.objects.update(at=timezone.now() - timedelta(hours=1))
    assert [item.name for item in items(administrator(), "jobs")] == ["All jobs"]


def test_every_job_has_a_name_in_words() -> None:
    assert set(housekeeping.NAMES) == {*jobs.JOBS, jobs.COMPARE}


def test_an_open_report_of_a_mistake_stands_there_for_who_may_answer_it(article: Article, client: Client) -> None:
    factories.report(article, "es", "The dose is wrong.", severity=reports.Harm.SAFETY)
    for person in (administrator(), factories.editor(), factories.safety_lead()):
        [item] = items(person, "reports")
        assert (item.said, item.is_safety) == ("The dose is wrong.", True)
        client.force_login(person)
        assert client.get(item.url).status_code == 200
