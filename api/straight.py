"""The short way of a read of the API: it needs no session, no user, no messages, and no path of the editors' side is tried for it.

First of all middleware. What the API keeps of the others is in `KEPT`; everything else goes on as it came.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import get_resolver
from django.utils.module_loading import import_string

from api import addresses

Handler = Callable[[HttpRequest], HttpResponseBase]
KEPT = (
    "django.middleware.security.SecurityMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
)
_PREFIX = f"{addresses.PREFIX}/"


class ShortWay:
    """Middleware that answers reads of the API by itself."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self.read: Handler = _read
        for name in reversed([name for name in settings.MIDDLEWARE if name in KEPT]):
            self.read = import_string(name)(self.read)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method in ("GET", "HEAD") and request.path_info.startswith(_PREFIX):
            request.get_host()  # DisallowedHost becomes a problem of 400
            return _for_every_origin(self.read(request))
        return self.get_response(request)


def _for_every_origin(response: HttpResponseBase) -> HttpResponseBase:
    """Every site may read and gets the same bytes, so that a cache has no reason to keep a copy for each of them."""
    if response.has_header("Vary") and response.get("Access-Control-Allow-Origin", "*") == "*":
        response["Vary"] = response["Vary"].removesuffix(", origin")
    return response


def _read(request: HttpRequest) -> HttpResponseBase:
    """The view's answer. The last path of the API takes whatever no other takes, and a view makes a problem of every error."""
    match = get_resolver("api.urls").resolve(request.path_info.removeprefix(addresses.PREFIX))
    match.route = f"{_PREFIX[1:]}{match.route}"
    request.resolver_match = match
    response: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
    if not response.streaming and not response.has_header("Content-Length"):
        response["Content-Length"] = str(len(response.content))  # type: ignore[attr-defined] # it does not stream
    return response
