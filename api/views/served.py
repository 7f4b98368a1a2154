"""What was served when."""

from datetime import datetime, timedelta

from django.http import HttpResponse
from rest_framework.request import Request

from api import answers, canonical, languages, parameters, representations, responses, served
from api.models import Document, Scope
from api.parameters import Parameter
from api.problems import Problem
from api.reading import Read

ID = Parameter(
    name="id",
    description="The `id` of an article, a term or a help contact.",
    parse=parameters.identity,
    schema={"type": "string", "format": "uuid"},
    example="6f9619ff-8b86-4d01-b42d-00cf4fc964ff",
    required=True,
)
LANG = Parameter(
    name="lang",
    description="The language, as `/languages/` lists it. Absent: the source language.",
    parse=parameters.tag,
    schema={"type": "string", "enum": list(languages.TAGS)},
    example="es",
)
ON = Parameter(
    name="on",
    description="A moment (RFC 3339), or a date for all that was served at some time of that day in UTC.",
    parse=parameters.day_or_moment,
    schema=parameters.DAY_OR_MOMENT,
    example="2026-05-03",
    required=True,
)
_MOMENT = timedelta(microseconds=1)


class Served(Read):
    """Read what was served when

    What the library gave readers of one text in one language at a moment, or in the course of a day: each version with its
    document, and what stood in its place. It was so for everybody; what a cache or your copy showed meanwhile only you know.
    """

    scope = Scope.PARTNER
    needs_key = True
    parameters = (ID, LANG, ON)
    by_status = {200: answers.Served, 400: answers.Problem, 404: answers.Problem}

    def get(self, request: Request) -> HttpResponse:
        subject_id, language = self.values["id"], self.values.get("lang", languages.SOURCE)
        first, last = _span(self.values["on"])
        if not served.known(subject_id):
            raise Problem("not-found", "There is nothing of this id, and there never was.")
        rows = served.between(subject_id=subject_id, language=language, first=first, last=last)
        head = canonical.dumps({"id": str(subject_id), "lang": language, "first": canonical.moment(first), "last": canonical.moment(last)})
        return responses.private(
            representations.with_member(head, "results", f"[{','.join(_written(row, vars(row)['until']) for row in rows)}]")
        )


def _span(on: tuple[datetime, bool]) -> tuple[datetime, datetime]:
    """The first and the last moment that are asked for."""
    at, is_day = on
    return (at, at + timedelta(days=1) - _MOMENT) if is_day else (at, at)


def _written(row: Document, until: datetime | None) -> str:
    members = {
        "number": row.number,
        "kind": row.kind,
        "version": row.version,
        "state": row.state,
        "reason": row.reason,
        "etag": row.quoted_etag,
        "from": canonical.moment(row.modified_at),
        "until": canonical.moment(until) if until else None,
    }
    return representations.with_member(canonical.dumps(members), "document", row.body or "null")
