"""Mistakes in the texts of an article, as a partner reports them."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from rest_framework.request import Request

from api import addresses, answers, bodies, canonical, detail, languages, parameters, reports, responses
from api.models import Kind, Report, Scope
from api.parameters import Parameter
from api.problems import Problem
from api.reading import Read

LANG = Parameter(
    name="lang",
    description="The language of the text, as its `lang` says.",
    parse=parameters.tag,
    schema={"type": "string", "enum": list(languages.TAGS)},
    example="es",
    required=True,
)
VERSION = Parameter(
    name="version",
    description="The `version` of the text.",
    parse=parameters.whole_number(1, 999_999_999),
    schema={"type": "integer", "minimum": 1},
    example="3",
    required=True,
)
WHAT = Parameter(
    name="what",
    description="What is wrong, and where, in your own words. Nothing about a reader: no name, no address.",
    parse=parameters.within(reports.MOST_CHARACTERS),
    schema={"type": "string", "pattern": r"\S", "maxLength": reports.MOST_CHARACTERS},
    example="Section “Course” says 7 weeks where the source says 7 days.",
    required=True,
)
SEVERITY = Parameter(
    name="severity",
    description="`safety`: somebody could come to harm; `substantive`: the meaning is wrong; `minor`: spelling, style, a broken link.",
    parse=parameters.choice(reports.Harm.values),
    schema={"type": "string", "enum": reports.Harm.values},
    example="safety",
    required=True,
)


class ArticleReports(Read):
    """List the mistakes you reported in an article

    Your own reports, the newest first, each with our answer once it is closed.
    """

    scope = Scope.REPORT
    needs_key = True
    http_method_names = ["get", "head", "post", "options"]
    by_status = {200: answers.Reports, 400: answers.Problem, 404: answers.Problem}
    members = (LANG, VERSION, WHAT, SEVERITY)
    by_status_of_post = {200: answers.Report, 201: answers.Report, 400: answers.Problem, 404: answers.Problem}

    def get(self, request: Request, reference: str) -> HttpResponse:
        found = reports.of(self.key_in_use, self.subject(reference))
        return responses.private(canonical.dumps({"results": [_written(report) for report in found]}))

    def post(self, request: Request, reference: str) -> HttpResponse:
        """Report a mistake in an article

        A person reads it; `safety` is told at once to whoever can take the text down. The same words about the same version are
        the same report: sent again it is answered 200.
        """
        subject_id = self.subject(reference)
        asked = bodies.read(request._request, self.members)
        about = reports.version(subject_id=subject_id, language=asked["lang"], number=asked["version"])
        if about is None:
            raise parameters.invalid("version", f"There never was a version {asked['version']} of this article in `{asked['lang']}`.")
        report, is_new = reports.file(caller=self.key_in_use, about=about, what=asked["what"], severity=asked["severity"])
        response = responses.private(canonical.dumps(_written(report)), status=201 if is_new else 200)
        response["Location"] = addresses.absolute(f"articles/{subject_id}/reports/")
        return response

    def subject(self, reference: str) -> UUID:
        """The article that the address names."""
        row = detail.subject(kind=Kind.ARTICLE, reference=reference).values_list("subject_id", flat=True).first()
        if row is None:
            raise Problem("not-found", "There is no article of this id or slug, and there never was.")
        return row


def _written(report: Report) -> dict[str, Any]:
    return {
        "id": report.pk,
        "article": str(report.subject_id),
        "lang": report.language,
        "version": report.version,
        "what": report.what,
        "severity": report.severity,
        "reported_at": canonical.moment(report.reported_at),
        "state": "open" if report.is_open else "closed",
        "closed_at": canonical.moment(report.closed_at) if report.closed_at else None,
        "answer": "" if report.is_open else report.answer,
    }
