"""The element `<recovery-article>`, for pages without developers: one script, served where the API is, so that the two fit."""

from functools import cache
from pathlib import Path

from django.http import HttpResponse
from rest_framework.request import Request

from api import canonical, gzipped, media, responses
from api.reading import Read

#: Long enough to be kept between pages, short enough for a corrected word of safety to reach every page the same hour.
CACHE_CONTROL = "public, max-age=3600"
CONTENT_TYPE = "text/javascript; charset=utf-8"


class Script(Read):
    """The script that pages of partners load."""

    schema = None  # not data
    scope = None

    def get(self, request: Request) -> HttpResponse:
        text = script()
        takes_gzip = media.takes_gzip(request.headers.get("Accept-Encoding", ""))
        response = responses.answer(
            request,
            compressed() if takes_gzip else text,
            etag=canonical.digest(text),
            encoding="gzip" if takes_gzip else "",
            content_type=CONTENT_TYPE,
        )
        response["Cache-Control"] = CACHE_CONTROL
        response["Vary"] = "Accept-Encoding"
        response["Cross-Origin-Resource-Policy"] = "cross-origin"  # pages that isolate themselves may load it too
        return response


@cache
def script() -> str:
    """The script as it lies beside this module."""
    return Path(__file__).with_suffix(".js").read_text(encoding="utf-8")


@cache
def compressed() -> bytes:
    """The same as gzip."""
    return gzipped.compress(script().encode())
