"""Answers: validators, caching, conditional requests. A plain HttpResponse each: the text is ready, nothing is to be rendered."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils.http import http_date, parse_etags, parse_http_date_safe

from api import canonical, gzipped

CACHE_CONTROL = "public, max-age=60, stale-while-revalidate=30"
VARY = "Accept, Accept-Encoding"
_MOST_CHARACTERS = 8000
_WORTH_PACKING = 1_400
_OF_CONTENT = frozenset({"Content-Type", "Content-Encoding"})


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What is sent, to whoever asks the same: the content with its headers. `etags` are those of a client that has it, its own first."""

    content: bytes
    headers: Mapping[str, str]
    etags: tuple[str, ...]
    modified_at: datetime | None = None

    def packed(self) -> "Answer":
        """The same as gzip, where it is neither that already nor so short that it is one packet in any case."""
        if "Content-Encoding" in self.headers or len(self.content) < _WORTH_PACKING:
            return self
        plain = self.etags[0]
        headers = {**self.headers, "ETag": of_gzip(plain), "Content-Encoding": "gzip"}
        return replace(self, content=gzipped.compress(self.content), headers=headers, etags=(of_gzip(plain), plain))

    def to(self, request: HttpRequest) -> HttpResponse:
        """The answer to one request: 304 without a body when the client has it."""
        for known in self.etags:
            if _has_it_already(request, etag=known, modified_at=self.modified_at):
                headers = {name: value for name, value in self.headers.items() if name not in _OF_CONTENT}
                response = Sent(status=304, headers={**headers, "ETag": known})
                del response["Content-Type"]
                break
        else:
            response = Sent(self.content, headers=self.headers)
        response.answer = self
        return response


class Sent(HttpResponse):
    """An answer on its way to a client."""

    answer: Answer | None = None


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
    its ETag is its own. Who has either form has what is asked for. `negotiated`: Accept-Language was read.
    """
    content = content if isinstance(content, bytes) else content.encode()
    plain = f'"{etag or canonical.digest(content.decode())}"'
    etags = (of_gzip(plain), plain) if encoding else (plain, of_gzip(plain))
    headers = {
        "ETag": etags[0],
        "Cache-Control": CACHE_CONTROL,
        "Vary": f"{VARY}, Accept-Language" if negotiated else VARY,
        "Content-Type": content_type,
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
    if encoding:
        headers["Content-Encoding"] = encoding
    return Answer(content=content, headers=headers, etags=etags, modified_at=modified_at).to(request)


def of_gzip(plain: str) -> str:
    """The ETag of the gzip of what has this one."""
    return f'{plain[:-1]}-gz"'


def moved(path: str, request: HttpRequest, *, surrogate_keys: Iterable[str] = ()) -> HttpResponse:
    """301 to another path, with the query as it came."""
    query = request.META.get("QUERY_STRING", "")
    response = HttpResponse(status=301, headers={"Cache-Control": CACHE_CONTROL, "Vary": VARY})
    response["Location"] = path + (f"?{query}" if query else "")
    if surrogate_keys:
        response["Surrogate-Key"] = " ".join(surrogate_keys)
    del response["Content-Type"]
    return response


def private(content: str, *, status: int = 200) -> HttpResponse:
    """The content for the caller alone: no cache keeps it."""
    return HttpResponse(content, status=status, content_type="application/json", headers={"Cache-Control": "no-store", "Vary": VARY})


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
    if modified_at is None or "HTTP_IF_MODIFIED_SINCE" not in request.META:
        return False
    since = parse_http_date_safe(request.META["HTTP_IF_MODIFIED_SINCE"])
    return since is not None and int(modified_at.timestamp()) <= since
