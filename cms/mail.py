"""Mail that leaves only when what it tells of has been committed.

Wagtail mails from inside a request: a slow mail server would then hold row locks, and a rollback would have announced what
never happened.
"""

import logging
from collections.abc import Sequence
from smtplib import SMTPRecipientsRefused
from typing import Any

from django.conf import settings
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

logger = logging.getLogger(__name__)


class AfterCommit(BaseEmailBackend):
    """Hands messages to `EMAIL_DELIVERY_BACKEND` after the transaction; what then fails is logged, and undoes nothing."""

    def __init__(self, fail_silently: bool = False, **delivery: Any) -> None:
        super().__init__(fail_silently=fail_silently)
        self._delivery = delivery

    def send_messages(self, email_messages: Sequence[Any]) -> int:
        """How many messages will be sent."""
        messages = list(email_messages)
        transaction.on_commit(lambda: self._deliver(messages), robust=True)  # its name is logged, which a partial has not
        return len(messages)

    def _deliver(self, messages: list[Any]) -> None:
        delivery = mail.get_connection(settings.EMAIL_DELIVERY_BACKEND, fail_silently=self.fail_silently, **self._delivery)
        try:
            delivery.send_messages(messages)
        except SMTPRecipientsRefused as refused:  # its own words are the addresses, and those stay out of logs
            codes = sorted({code for code, _words in refused.recipients.values()})
            logger.error("The mail server refused %d recipients of a message: %s", len(refused.recipients), codes)
