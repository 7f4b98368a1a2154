"""Mistakes that partners reported, in the admin: who is told, who may answer, what the partner then reads."""

import json
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from api.models import Report
from cms import roles
from tests import scenes
from tests.api import keys
from tests.cms import factories

pytestmark = pytest.mark.django_db
MAY = (roles.EDITOR, roles.SAFETY_LEAD, roles.PARTNER_MANAGER, roles.ADMINISTRATOR)


@pytest.fixture
@scenes.built_once
def article() -> Any:
    article = factories.article(factories.shelf(targets=("es",)))
    factories.go_live(article)
    return article


def client_of(role: str) -> Client:
    client = Client()
    client.force_login(factories.user(f"somebody-{role}", role))
    return client


def file(article: Any, *, severity: str = "minor", what: str = "Says weeks, means days.") -> Report:
    body = {"lang": "en", "version": 1, "what": what, "severity": severity}
    url = f"/api/v1/articles/{article.public_id}/reports/"
    answer = keys.caller(keys.issue().text).post(url, json.dumps(body), content_type="application/json")
    assert answer.status_code == 201, answer.content
    return Report.objects.latest("pk")


def edit(client: Client, report: Report, **form: Any) -> Any:
    return client.post(reverse("mistakes:edit", args=[report.pk]), form)


def test_safety_leads_are_mailed_at_once_of_what_could_harm_and_nobody_else(article: Any, django_capture_on_commit_callbacks: Any) -> None:
    lead, asleep = factories.user("lead", roles.SAFETY_LEAD), factories.user("asleep", roles.SAFETY_LEAD)
    for person, address in (
        (lead, "lead@example.org"),
        (asleep, "asleep@example.org"),
        (factories.user("editor", roles.EDITOR), "e@example.org"),
    ):
        person.email, person.is_active = address, person != asleep
        person.save()
    with django_capture_on_commit_callbacks(execute=True):
        file(article, severity="minor", what="A spelling mistake.")
    assert mail.outbox == []
    with django_capture_on_commit_callbacks(execute=True):
        report = file(article, severity="safety")
    (message,) = mail.outbox
    assert message.to == ["lead@example.org"]
    assert report.title in message.subject
    assert reverse("mistakes:edit", args=[report.pk]) in message.body
    assert report.what in message.body


def test_editors_safety_leads_partner_managers_and_administrators_answer_and_nobody_else(article: Any) -> None:
    for role in roles.ROLES:
        report, client = file(article, what=f"Read by {role}."), client_of(role)
        edit(client, report, answer="Mended in version 2.", is_closed="on")
        report.refresh_from_db()
        assert (report.is_open, report.answer) == ((False, "Mended in version 2.") if role in MAY else (True, "")), role
        assert (client.get(reverse("mistakes:index")).status_code == 200) == (role in MAY), role


def test_answer_closes_the_case_for_the_partner_and_is_in_its_history(article: Any) -> None:
    report, client = file(article), client_of(roles.EDITOR)
    page = client.get(reverse("mistakes:edit", args=[report.pk])).content.decode()
    assert report.what in page
    assert reverse("mainstay:readers", args=["article", article.public_id]) in page
    edit(client, report, answer="Mended.", is_closed="on")
    url = f"/api/v1/articles/{article.public_id}/reports/"
    (found,) = keys.caller(keys.issue().text).get(url).json()["results"]
    assert (found["state"], found["answer"]) == ("closed", "Mended.")
    report.refresh_from_db()
    assert report.closed_by
    assert "Edited" in client.get(reverse("mistakes:history", args=[report.pk])).content.decode()
    edit(client, report, answer="Mended.")
    report.refresh_from_db()
    assert (report.is_open, report.closed_by) == (True, "")


def test_case_is_not_closed_without_an_answer(article: Any) -> None:
    report = file(article)
    assert "waits for an answer" in edit(client_of(roles.EDITOR), report, answer=" ", is_closed="on").content.decode()
    report.refresh_from_db()
    assert report.is_open


def test_list_is_filtered_by_state_and_severity(article: Any) -> None:
    client = client_of(roles.SAFETY_LEAD)
    for severity in ("safety", "minor"):
        file(article, severity=severity, what=f"A {severity} mistake.")
    edit(client, Report.objects.get(severity="minor"), answer="Mended.", is_closed="on")
    for query, expected in (
        ("state=open", {"safety"}),
        ("state=closed", {"minor"}),
        ("severity=minor", {"minor"}),
        ("", {"safety", "minor"}),
    ):
        rows = client.get(f"{reverse('mistakes:index')}?{query}").context["object_list"]
        assert {row.severity for row in rows} == expected, query
