"""Answers: validators, caching, conditional requests. A plain HttpResponse each: the text is ready, nothing is to be rendered."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils.http import http_date, parse_etags, parse_http_date_safe

from api import canonical

CACHE_CONTROL = "public, max-age=60, stale-while-revalidate=30"
VARY = "Accept, Accept-Encoding"
_MOST_CHARACTERS = 8000


def answer(
    request: HttpRequest,
    content: str | bytes,
    *,
    etag: str = "",
    encoding: str = "",
    modified_at: datetime | None = None,
    languages: Iterable[str] = (),
    surrogate_keys: Iterable[str] = (),
    negotiated: bool = False,
    links: Mapping[str, str | None] | None = None,
    content_type: str = "application/json",
) -> HttpResponse:
    """The content with its headers, or 304 without a body when the client has it.

    `etag` is without quotes; left out, it is the digest of the text. `encoding` is `gzip` when the content is compressed already:
    its ETag is its own, and who has the plain one has it too. `negotiated`: Accept-Language was read.
    """
    content = content if isinstance(content, bytes) else content.encode()
    plain = f'"{etag or canonical.digest(content.decode())}"'
    headers = {
        "ETag": f'{plain[:-1]}-gz"' if encoding else plain,
        "Cache-Control": CACHE_CONTROL,
        "Vary": f"{VARY}, Accept-Language" if negotiated else VARY,
    }
    if modified_at:
        headers["Last-Modified"] = http_date(modified_at.timestamp())
    if languages:
        headers["Content-Language"] = ", ".join(languages)
    if surrogate_keys:
        headers["Surrogate-Key"] = " ".join(surrogate_keys)
    link = ", ".join(f'<{url}>; rel="{name}"' for name, url in (links or {}).items() if url)
    if link:
        headers["Link"] = link
    for known in (headers["ETag"], plain):
        if _has_it_already(request, etag=known, modified_at=modified_at):
            response = HttpResponse(status=304, headers={**headers, "ETag": known})
            del response["Content-Type"]
            return response
    if encoding:
        headers["Content-Encoding"] = encoding
    return HttpResponse(content, content_type=content_type, headers=headers)


def moved(path: str, request: HttpRequest, *, surrogate_keys: Iterable[str] = ()) -> HttpResponse:
    """301 to another path, with the query as it came."""
    query = request.META.get("QUERY_STRING", "")
    response = HttpResponse(status=301, headers={"Cache-Control": CACHE_CONTROL, "Vary": VARY})
    response["Location"] = path + (f"?{query}" if query else "")
    if surrogate_keys:
        response["Surrogate-Key"] = " ".join(surrogate_keys)
    del response["Content-Type"]
    return response


def keep_private(response: HttpResponse, *, exclusive: bool) -> None:
    """An answer to a key: a cache tells keys apart; what not everybody would be given, a shared cache does not keep."""
    response["Vary"] = f"{response.get('Vary', VARY)}, Authorization"
    if exclusive and response.get("Cache-Control") == CACHE_CONTROL:
        response["Cache-Control"] = CACHE_CONTROL.replace("public", "private")


def without_body(response: HttpResponse) -> HttpResponse:
    """The answer to HEAD: the same headers, the length of what is not sent."""
    response["Content-Length"] = str(len(response.content))
    response.content = b""
    return response


def _has_it_already(request: HttpRequest, *, etag: str, modified_at: datetime | None) -> bool:
    """RFC 9110, 13.2.2: If-None-Match wins, compared weakly; If-Modified-Since only without it."""
    wanted = request.META.get("HTTP_IF_NONE_MATCH")
    if wanted is not None and len(wanted) > _MOST_CHARACTERS:
        return False
    if wanted is not None:
        return wanted.strip() == "*" or etag in (candidate.removeprefix("W/") for candidate in parse_etags(wanted))
    since = parse_http_date_safe(request.META.get("HTTP_IF_MODIFIED_SINCE", ""))
    return modified_at is not None and since is not None and int(modified_at.timestamp()) <= since
