"""Every error of the API as RFC 9457 `application/problem+json`: a stable `code`, never HTML, never a stack trace."""

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from rest_framework import exceptions

logger = logging.getLogger(__name__)

BASE = "/api/v1/problems/"
CONTENT_TYPE = "application/problem+json"


@dataclass(frozen=True, kw_only=True)
class Type:
    """A kind of problem: its HTTP status, its title, and what to do about it."""

    status: int
    title: str
    meaning: str


TYPES: dict[str, Type] = {
    "translation-unavailable": Type(
        status=404,
        title="Not available in this language",
        meaning="The document exists, but has never been published in this language. `available_languages` lists where it has.",
    ),
    "held": Type(
        status=404,
        title="Held back for now",
        meaning="Stop showing this document in this language. It will come back; follow the change feed.",
    ),
    "gone": Type(status=410, title="Gone", meaning="The document has been retired. Remove your copy."),
    "recalled": Type(
        status=410,
        title="Recalled",
        meaning="The document was wrong in a way that could harm. Remove your copy now, do as `instruction` says, and confirm.",
    ),
    "unknown-parameter": Type(
        status=400,
        title="Unknown parameter",
        meaning="A parameter that this operation does not have. `nearest` is what was probably meant.",
    ),
    "invalid-parameter": Type(
        status=400,
        title="Invalid parameter",
        meaning="A parameter is missing, repeated, or has a value that it cannot have. `errors` says which.",
    ),
    "invalid-cursor": Type(
        status=400,
        title="Invalid cursor",
        meaning="The cursor was changed, or belongs to another filter. Follow the links that you are given, as they are.",
    ),
    "sync-token-expired": Type(
        status=410,
        title="Start the copy again",
        meaning="The service was restored from a backup after it gave this cursor. Follow `restart`; delete what the full copy lacks.",
    ),
    "bad-request": Type(status=400, title="Bad request", meaning="The request could not be read."),
    "not-authenticated": Type(status=401, title="Not authenticated", meaning="The key is wrong, revoked or expired."),
    "forbidden": Type(status=403, title="Forbidden", meaning="The key may not do this."),
    "not-found": Type(status=404, title="Not found", meaning="There is nothing here, and there never was."),
    "method-not-allowed": Type(status=405, title="Method not allowed", meaning="`Allow` lists the methods of this address."),
    "quota-exceeded": Type(status=429, title="Too many requests", meaning="Wait for `Retry-After` seconds."),
    "internal-error": Type(status=500, title="Our mistake", meaning="The service failed. It has been logged; try again later."),
    "unavailable": Type(status=503, title="Unavailable for a moment", meaning="Wait for `Retry-After` seconds."),
}


class Problem(Exception):
    """Raise it anywhere below a view. `members` are extra members of the answer, `errors` say which input was wrong."""

    def __init__(
        self,
        code: str,
        detail: str,
        *,
        errors: list[dict[str, Any]] | None = None,
        members: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail
        self.errors = errors or []
        self.members = dict(members or {})
        self.headers = dict(headers or {})

    def body(self) -> dict[str, Any]:
        """The members of the answer; those of the standard cannot be overwritten."""
        kind = TYPES[self.code]
        standard = {"type": BASE + self.code, "title": kind.title, "status": kind.status, "detail": self.detail, "code": self.code}
        return {**standard, **{key: value for key, value in self.members.items() if key not in standard}, "errors": self.errors}

    def response(self) -> HttpResponse:
        """The answer: never stored by a cache, so that nobody is told of a closure that has ended, or misses one that has begun."""
        # Input with lone surrogates may be quoted in an error: written as JSON escapes they are still valid JSON.
        content = json.dumps(self.body(), ensure_ascii=False).encode(errors="backslashreplace")
        headers = {"Cache-Control": "no-store", "Vary": "Accept, Accept-Encoding", **self.headers}
        return HttpResponse(content, status=TYPES[self.code].status, content_type=CONTENT_TYPE, headers=headers)


def exception_handler(error: Exception, context: Mapping[str, Any]) -> HttpResponse:
    """Whatever a view raised, as a problem."""
    return _problem(error, context["view"].allowed_methods).response()


def _problem(error: Exception, methods: Sequence[str]) -> Problem:
    match error:
        case Problem():
            return error
        case Http404() | exceptions.NotFound():
            return Problem("not-found", "There is nothing at this address.")
        case exceptions.MethodNotAllowed():
            allowed = ", ".join(methods)
            return Problem("method-not-allowed", f"This address takes {allowed}.", headers={"Allow": allowed})
        case exceptions.NotAuthenticated() | exceptions.AuthenticationFailed():
            return Problem("not-authenticated", "Send a valid key as `Authorization: Bearer <key>`.")
        case exceptions.PermissionDenied() | PermissionDenied():
            return Problem("forbidden", "The key may not do this.")
        case exceptions.Throttled():
            return Problem("quota-exceeded", "Too many requests.", headers={"Retry-After": str(int(getattr(error, "wait", None) or 1))})
        case SuspiciousOperation() | BadRequest() | exceptions.ParseError():
            return Problem("bad-request", "The request could not be read.")
        case OperationalError() | InterfaceError():
            logger.error("The database did not answer", exc_info=error)
            return Problem("unavailable", "The database did not answer.", headers={"Retry-After": "5"})
        case _:
            logger.error("A view failed", exc_info=error)
            return Problem("internal-error", "The service failed.")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """`handler400` of a site that serves the API."""
    return Problem("bad-request", "The request could not be read.").response()


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """`handler404`, and the last path of the API."""
    return Problem("not-found", "There is nothing at this address.").response()


def server_error(request: HttpRequest) -> HttpResponse:
    """`handler500` of a site that serves the API."""
    return Problem("internal-error", "The service failed.").response()
