"""Mail: sent after the commit, never for what was rolled back, and never the cause of a failure."""

from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
from django.core import mail
from django.db import transaction

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def deferred(settings: Any) -> None:
    settings.EMAIL_BACKEND = "cms.mail.AfterCommit"
    settings.EMAIL_DELIVERY_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def send() -> int:
    return mail.send_mail("Signed off", "Read it.", "from@example.org", ["to@example.org"])


def test_mail_waits_for_the_commit(mailoutbox: list[Any]) -> None:
    with transaction.atomic():
        assert send() == 1
        assert mailoutbox == []
    assert [message.subject for message in mailoutbox] == ["Signed off"]


def test_mail_of_what_was_rolled_back_is_never_sent(mailoutbox: list[Any]) -> None:
    with transaction.atomic():
        send()
        transaction.set_rollback(True)
    assert mailoutbox == []


def test_mail_outside_a_transaction_leaves_at_once(mailoutbox: list[Any]) -> None:
    send()
    assert len(mailoutbox) == 1


def test_mail_server_that_is_down_undoes_nothing(settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    settings.EMAIL_DELIVERY_BACKEND = "tests.operations.test_mail.Down"
    with transaction.atomic():
        send()
    assert "no mail server" in caplog.text


def test_one_connection_carries_several_messages(mailoutbox: list[Any]) -> None:
    with mail.get_connection() as connection, transaction.atomic():
        messages = [mail.EmailMessage("One", "", None, ["a@example.org"]), mail.EmailMessage("Two", "", None, ["b@example.org"])]
        assert connection.send_messages(messages) == 2
        messages.clear()
    assert [message.subject for message in mailoutbox] == ["One", "Two"]


class Down:
    """A mail server that cannot be reached."""

    def __init__(self, **kwargs: Any) -> None:
        pass

    def send_messages(self, messages: Any) -> int:
        raise ConnectionRefusedError("no mail server")


def test_addresses_that_a_server_refuses_stay_out_of_the_logs(settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    settings.EMAIL_DELIVERY_BACKEND = "tests.operations.test_mail.Refusing"
    with transaction.atomic():
        send()
    assert "refused 1 recipients" in caplog.text
    assert "to@example.org" not in caplog.text


class Refusing(Down):
    """A mail server that knows none of the addresses."""

    def send_messages(self, messages: Any) -> int:
        raise SMTPRecipientsRefused({"to@example.org": (550, b"no such user: to@example.org")})
