"""The HTML that a document may hold: an allow-list (nh3), and the same text without markup.

`clean()` is applied once, on the way into a document; the contract refuses HTML that it would still change.
"""

import re
from html.parser import HTMLParser
from urllib.parse import urlsplit
from uuid import UUID

import nh3

TAGS = frozenset(
    "p ul ol li b strong i em a h2 h3 h4 bdi br blockquote figure figcaption img section div aside".split()  # noqa: SIM905 - reads as a list
)
ATTRIBUTES = {
    "*": {"lang", "dir"},
    "a": {"href", "data-article"},
    "img": {"src", "alt", "width", "height"},
    "section": {"id", "class"},
    **{tag: {"id"} for tag in ("h2", "h3", "h4")},
    **{tag: {"class"} for tag in ("div", "aside", "p", "ul", "ol", "figure")},
}
CLASSES = frozenset({"sample", "notice", "advice", "warning", "steps", "symptoms", "paragraph", "image"})
_LINK_SCHEMES = {"http", "https", "mailto", "tel"}
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")
_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}")


def clean(html: str) -> str:
    """The HTML with everything outside the allow-list taken away. Cleaning twice changes nothing more.

    Links are absolute: http and https with a host, mailto, tel. Images are http or https. `class` keeps the
    names of CLASSES, `data-article` only a UUID; scripts and styles go with what is inside them.
    """
    cleaned = _CLEANER.clean(html)
    # A parser may still rearrange what it has just written (a block inside a paragraph): go on until it does not.
    for _ in range(5):
        again = _CLEANER.clean(cleaned)
        if again == cleaned:
            break
        cleaned = again
    return cleaned


def plain_text(html: str) -> str:
    """The text of the HTML: each paragraph, heading and list item on its own line, items after "- ", images as their alt text."""
    reader = _TextReader()
    reader.feed(html)
    reader.close()
    return reader.text()


def _attribute(tag: str, name: str, value: str) -> str | None:
    match name:
        case "href":
            return value if is_absolute(value) else None
        case "src":
            return value if is_absolute(value) and value.lower().startswith("http") else None
        case "class":
            return " ".join(word for word in value.split() if word in CLASSES) or None
        case "dir":
            return value if value in ("ltr", "rtl", "auto") else None
        case "lang":
            return value if _LANGUAGE_TAG.fullmatch(value) else None
        case "id":
            return value if _ID.fullmatch(value) else None
        case "data-article":
            return value if _is_uuid(value) else None
        case "width" | "height":
            return value if value.isascii() and value.isdigit() else None
        case _:
            return value


def is_absolute(url: str) -> bool:
    """Whether an address is whole, and of a kind that a text may link to."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    if parts.scheme in ("mailto", "tel"):
        return bool(parts.path)
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _is_uuid(value: str) -> bool:
    try:
        return str(UUID(value)) == value
    except ValueError:
        return False


_CLEANER = nh3.Cleaner(
    tags=set(TAGS),
    attributes=ATTRIBUTES,
    attribute_filter=_attribute,
    url_schemes=_LINK_SCHEMES,
    link_rel=None,
)


class _TextReader(HTMLParser):
    """Collects lines; whitespace is folded as a browser folds it."""

    LINE_TAGS = TAGS - {"b", "strong", "i", "em", "a", "bdi", "img"}

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = []
        self.line: list[str] = []
        self.prefix = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self.LINE_TAGS:
            self._end_line()
        if tag == "li":
            self.prefix = "- "
        if tag == "img":
            self.line.append(dict(attrs).get("alt") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in self.LINE_TAGS:
            self._end_line()
        if tag == "li":
            self.prefix = ""

    def handle_data(self, data: str) -> None:
        self.line.append(data)

    def text(self) -> str:
        self._end_line()
        return "\n".join(self.lines)

    def _end_line(self) -> None:
        words = re.sub(r"[ \t\n\r\f]+", " ", "".join(self.line)).strip(" ")
        self.line = []
        if words:
            self.lines.append(self.prefix + words)
            self.prefix = ""
