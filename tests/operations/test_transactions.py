"""Requests that may write: one transaction each, rolled back when they fail."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from tests.cms import factories

View = Callable[[HttpRequest], HttpResponse]


def writes(request: HttpRequest) -> HttpResponse:
    factories.user("somebody")
    if request.method == "POST":
        mail.send_mail("Written", "", None, ["to@example.org"])
    match request.GET.get("then"):
        case "raise":
            raise RuntimeError("after the write")
        case "refuse":
            raise PermissionDenied
        case "miss":
            raise Http404
        case status:
            return HttpResponse(str(in_transaction()), status=int(status or 200))


def in_transaction() -> bool:
    """Whether a request's own transaction is open: the tests that ask have none of their own."""
    return connection.in_atomic_block


urlpatterns = [path("admin-like/", writes), path("api/v1/written/", writes)]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls(__name__)]


def was_written() -> bool:
    return get_user_model().objects.filter(username="somebody").exists()


@pytest.fixture
def browser() -> Client:
    return Client(raise_request_exception=False)


def test_write_is_one_transaction_and_is_kept(browser: Client) -> None:
    assert browser.post("/admin-like/").content == b"True"
    assert was_written()


@pytest.mark.parametrize("status", [302, 404, 422])
def test_answer_that_is_no_failure_of_ours_keeps_what_was_written(browser: Client, status: int) -> None:
    assert browser.post(f"/admin-like/?then={status}").status_code == status
    assert was_written()


@pytest.mark.parametrize(("then", "status"), [("raise", 500), ("refuse", 403), ("miss", 404), ("500", 500), ("503", 503)])
def test_exception_or_server_error_rolls_back(browser: Client, then: str, status: int) -> None:
    assert browser.post(f"/admin-like/?then={then}").status_code == status
    assert not was_written()
    assert not connection.in_atomic_block


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_reading_takes_no_transaction(browser: Client, method: str) -> None:
    assert getattr(browser, method)("/admin-like/").content in (b"False", b"")


def test_api_says_for_itself_what_belongs_together(browser: Client) -> None:
    assert browser.post("/api/v1/written/").content == b"False"
    assert browser.get("/admin-like/?then=raise").status_code == 500
    assert was_written()


def test_rollback_of_a_request_leaves_an_outer_transaction_usable(browser: Client) -> None:
    with transaction.atomic():
        factories.user("before")
        browser.post("/admin-like/?then=raise")
        assert not was_written()
        assert factories.user("before").pk


@pytest.mark.parametrize(("then", "sent"), [("200", 1), ("raise", 0), ("503", 0)])
def test_mail_of_a_request_leaves_only_with_what_it_wrote(
    browser: Client, mailoutbox: list[Any], settings: Any, then: str, sent: int
) -> None:
    settings.EMAIL_BACKEND = "cms.mail.AfterCommit"
    settings.EMAIL_DELIVERY_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    browser.post(f"/admin-like/?then={then}")
    assert len(mailoutbox) == sent
