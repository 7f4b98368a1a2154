"""Sessions for the admin alone: what somebody reads is health data, so no public answer sets or reads a cookie."""

from typing import Any

from django.conf import settings
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse


class AdminSessionMiddleware(SessionMiddleware):
    """Django's sessions, whose answers outside the admin carry no cookie, not even to take a stray one away."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> Any:
        if not request.path.startswith(settings.SESSION_COOKIE_PATH):
            return response
        return super().process_response(request, response)
