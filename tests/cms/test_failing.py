"""What people are told when the service itself fails: in words, in their language, and what became of what they sent."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import include, path

from cms.views import failing
from tests.cms import factories

FAULTS = {
    "locked": OperationalError("database is locked"),
    "away": InterfaceError("connection already closed"),
    "ours": RuntimeError("a bug"),
}


def fails(request: HttpRequest, fault: str) -> HttpResponse:
    factories.user("somebody")
    raise FAULTS[fault]


urlpatterns = [path("admin-like/<fault>/", fails), path("", include("cms.urls"))]
handler500 = "cms.views.failing.server_error"
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls(__name__)]


@pytest.fixture
def browser() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(("fault", "status", "words"), [("locked", 503, "in time"), ("away", 503, "in time"), ("ours", 500, "on our side")])
def test_person_reads_what_failed_and_that_nothing_was_stored(browser: Client, fault: str, status: int, words: str) -> None:
    answer = browser.post(f"/admin-like/{fault}/", headers={"accept": "text/html"})
    assert answer.status_code == status
    assert answer.headers.get("Retry-After") == ("5" if status == 503 else None)
    assert answer["Cache-Control"] == "no-store"
    said = answer.content.decode()
    assert words in said
    assert "Nothing of what you sent has been stored." in said
    assert str(FAULTS[fault]) not in said
    assert not get_user_model().objects.filter(username="somebody").exists()


def test_nothing_was_sent_with_a_page_that_is_only_looked_at(browser: Client) -> None:
    assert "what you sent" not in browser.get("/admin-like/locked/", headers={"accept": "text/html"}).content.decode()


def test_it_is_said_in_the_language_of_the_browser(browser: Client) -> None:
    said = browser.post("/admin-like/locked/", headers={"accept": "text/html", "accept-language": "ar"}).content.decode()
    assert '<html lang="ar" dir="rtl">' in said


def test_a_script_of_the_admin_is_answered_as_json(browser: Client) -> None:
    answer = browser.post("/admin-like/locked/", headers={"accept": "application/json"})
    assert (answer.status_code, answer["Content-Type"], answer.json()["success"]) == (503, "application/json", False)


def test_a_partner_gets_a_problem() -> None:
    answer = failing.server_error(RequestFactory().get("/api/v1/articles/", headers={"accept": "text/html"}))
    assert (answer.status_code, answer["Content-Type"]) == (500, "application/problem+json")


def test_asks_the_database_nothing(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert failing.server_error(RequestFactory().get("/admin/")).status_code == 500
