"""How a stored document is written: as it is, as one piece of HTML, as text. Each begins with what must be read first."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from api import canonical, contract, html
from api.models import Document

_NOT_IN_LISTS = ("sections", "references", "images")


@dataclass(frozen=True, kw_only=True)
class Representation:
    """The content of an answer, and the ETag that it alone has."""

    content: bytes
    etag: str
    encoding: str = ""


def represent(document: Document, *, body: str = "sections", fields: tuple[str, ...] = (), requested: str) -> Representation:
    """A document with its text as `sections` (the stored bytes), `html` or `text`; names the language requested when it is another.

    `fields` are all that it holds beside what it always holds; none: everything. `sections` means the text, in the form of `body`.
    """
    text, etag = document.body, document.etag
    if body != "sections" or fields:
        content = json.loads(text)
        if body != "sections":
            content[body] = as_html(content) if body == "html" else as_text(content)
            del content["sections"]
            etag = f"{etag}-{body}"
        if fields:
            content = _narrowed(content, (*fields, body) if "sections" in fields else fields)
            etag = f"{etag}-f{canonical.digest(','.join(sorted(fields)))[:8]}"
        text = canonical.dumps(content)
    if requested != document.language:
        text, etag = with_member(text, "requested_lang", canonical.dumps(requested)), f"{etag}-for-{requested}"
    return Representation(content=text.encode(), etag=etag)


def compressed(document: Document) -> Representation:
    """A document as it is stored compressed."""
    return Representation(content=bytes(document.compressed or b""), etag=document.etag, encoding="gzip")


def with_member(text: str, name: str, value: str) -> str:
    """The JSON object with one more member, both written already: a stored document is not parsed to be sent."""
    return f'{text[:-1]},"{name}":{value}}}'


def entry(content: Mapping[str, Any]) -> str:
    """A content as it stands in lists, without its long parts: written once, when the document is."""
    return canonical.dumps({name: value for name, value in content.items() if name not in _NOT_IN_LISTS})


def names_long_parts(fields: Iterable[str]) -> bool:
    """Whether one of the fields is not in the stored entry."""
    return any(name in _NOT_IN_LISTS for name in fields)


def list_item(document: Document, *, requested: str, fields: tuple[str, ...] = ()) -> str:
    """A document in a list, as JSON text: its stored entry, or what `fields` name, long parts too."""
    text = document.entry
    if fields:
        text = canonical.dumps(_narrowed(json.loads(document.body if names_long_parts(fields) else text), fields))
    return text if requested == document.language else with_member(text, "requested_lang", canonical.dumps(requested))


def _narrowed(content: Mapping[str, Any], fields: tuple[str, ...]) -> dict[str, Any]:
    return {name: value for name, value in content.items() if name in fields or name in contract.ALWAYS}


def as_html(content: Mapping[str, Any]) -> str:
    """The sample's sentence, the notice, the advice, then the sections under their headings, in one `div` with language and direction."""
    leading = "".join(block["html"] for block in contract.leading_blocks(content))
    sections = "".join(
        f'<section id="{escape(section["id"])}"><h2>{escape(section["heading"])}</h2>{_own_html(section)}</section>'
        for section in content["sections"]
    )
    return f'<div lang="{content["lang"]}" dir="{content["direction"]}">{leading}{sections}</div>'


def as_text(content: Mapping[str, Any]) -> str:
    """The same without markup, a blank line between its parts."""
    parts = [html.plain_text(block["html"]) for block in contract.leading_blocks(content)]
    for section in content["sections"]:
        parts += [section["heading"], html.plain_text(_own_html(section))]
    return "\n\n".join(part for part in parts if part)


def _own_html(section: Mapping[str, Any]) -> str:
    return "".join(block["html"] for block in section["blocks"] if block["type"] not in contract.LEADING)
