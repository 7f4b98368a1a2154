"""A partner who reads the API, with nothing but the standard library between."""

import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back: the status, the headers, the bytes."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def etag(self) -> str:
        return self.headers["etag"]

    @property
    def code(self) -> str:
        """The code of the problem."""
        return str(self.json["code"])


class Partner:
    """Reads the API of one service."""

    def __init__(self, address: str) -> None:
        self.address = address

    def get(self, path: str, **headers: str) -> Answer:
        """GET a path under the API, or an absolute link that the API gave; headers by name, with `_` for `-`."""
        split = urlsplit(path)
        target = f"{split.path}?{split.query}" if split.scheme else f"/api/v1/{path}"
        request = urllib.request.Request(self.address + target, headers={name.replace("_", "-"): value for name, value in headers.items()})
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return _answer(response)
        except urllib.error.HTTPError as response:
            return _answer(response)

    def article(self, slug: str, lang: str = "", **headers: str) -> Answer:
        return self.get(f"articles/{slug}/" + (f"?lang={lang}" if lang else ""), **headers)

    def changes(self) -> tuple[list[dict[str, Any]], str]:
        """Everything in the feed, and where to go on."""
        return self.changes_after("")

    def changes_after(self, link: str) -> tuple[list[dict[str, Any]], str]:
        items: list[dict[str, Any]] = []
        while True:
            page = self.get(link or "changes/?limit=100").json
            items, link = items + page["items"], page["next"]
            if not page["has_more"]:
                return items, link


def _answer(response: Any) -> Answer:
    return Answer(status=response.status, headers={name.lower(): value for name, value in response.headers.items()}, body=response.read())
