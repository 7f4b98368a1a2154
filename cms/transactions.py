"""One transaction for each request that may write: all of it happened, or nothing.

`ATOMIC_REQUESTS` would do it for reading too, and on SQLite, whose transactions begin IMMEDIATE, each page that somebody
looks at would then take the one write lock. The API's own writes say for themselves what belongs together.
"""

from collections.abc import Callable

from django.db import transaction
from django.http import HttpRequest, HttpResponseBase

SAFE_METHODS = ("GET", "HEAD", "OPTIONS", "TRACE")


class WritesInTransaction:
    """Runs unsafe methods outside the API in a transaction; an exception, or an answer of 500 and above, rolls it back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not _may_write(request):
            return self.get_response(request)
        with transaction.atomic():
            response = self.get_response(request)
            if response.status_code >= 500:
                transaction.set_rollback(True)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Django makes an answer of it, a refusal of 403 or 404 among others, which does not show that something was raised."""
        if _may_write(request):
            transaction.set_rollback(True)


def _may_write(request: HttpRequest) -> bool:
    return request.method not in SAFE_METHODS and not request.path_info.startswith("/api/")
