"""What the API says of itself: the service document, its description, the page to try it, its problems, and nothing."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from rest_framework.request import Request

from api import addresses, answers, canonical, languages, openapi, problems, responses, standing
from api.problems import Problem
from api.reading import Read

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class Service(Read):
    """Read the service document

    What the library is, what a partner must show, and how soon it must act.
    """

    by_status = {200: answers.ServiceDocument, 304: None, 400: answers.Problem}

    def get(self, request: Request) -> HttpResponse:
        paths = ("languages", "articles", "changes", "help-contacts", *addresses.VOCABULARY_PATHS.values(), "docs")
        members = {
            "name": settings.LIBRARY_NAME,
            "url": settings.LIBRARY_URL,
            "languages": languages.TAGS,
            "source_lang": languages.SOURCE,
            "licence": getattr(settings, "LIBRARY_LICENCE", "https://creativecommons.org/licenses/by/4.0/"),
            "attribution": settings.LIBRARY_NAME,
            "must_show": ["sample", "notice", "safety", "attribution", "review", "lang", "direction"],
            "poll_changes_every_s": standing.POLL_EVERY_S,
            "remove_within_h": standing.REMOVE_WITHIN_H,
            "corrections": settings.LIBRARY_CONTACT,
            "links": {
                **{path.replace("-", "_"): addresses.absolute(f"{path}/") for path in paths},
                "openapi": addresses.absolute("openapi.json"),
            },
        }
        return responses.answer(request, canonical.dumps(members))


class ProblemType(Read):
    """Read what a problem means

    The address that a problem's `type` names.
    """

    scope = None
    by_status = {200: answers.ProblemType, 304: None, 400: answers.Problem, 404: answers.Problem}

    def get(self, request: Request, code: str) -> HttpResponse:
        if code not in problems.TYPES:
            raise Problem("not-found", "There is no such problem.")
        kind = problems.TYPES[code]
        members = {"type": problems.BASE + code, "code": code, "title": kind.title, "status": kind.status, "meaning": kind.meaning}
        return responses.answer(request, canonical.dumps(members))


class Description(Read):
    """The OpenAPI 3.1 description of this API."""

    schema = None  # it does not describe itself
    scope = None

    def get(self, request: Request, suffix: str) -> HttpResponse:
        return responses.answer(request, openapi.text(suffix), content_type=openapi.CONTENT_TYPES[suffix])


class Documentation(Read):
    """The page to read and try this API. Everything on it comes from this host."""

    schema = None  # a page for people
    scope = None

    def get(self, request: Request) -> HttpResponse:
        response = responses.answer(request, render_to_string("api/docs.html", _page()), content_type="text/html; charset=utf-8")
        response["Content-Security-Policy"] = PAGE_POLICY
        return response


class Anything(Read):
    """The last path: nothing is here. An address that only lacks its slash is sent on."""

    schema = None
    scope = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if request.method in ("GET", "HEAD"):
            self.admit(request)
            if _resolves(f"{request.path}/"):
                return
        raise Problem("not-found", "There is nothing at this address.")

    def get(self, request: Request, rest: str) -> HttpResponse:
        return responses.moved(f"{request.path}/", request)


def _page() -> dict[str, str]:
    description = {suffix: f"{addresses.PREFIX}/openapi.{suffix}" for suffix in ("json", "yaml")}
    return {"name": settings.LIBRARY_NAME, "description": description["json"], "yaml": description["yaml"]}


def _resolves(path: str) -> bool:
    try:
        return getattr(resolve(path).func, "cls", None) is not Anything
    except Resolver404:
        return False
