"""A text as its segments: what is translated, digested, approved and put together again.

A segment has a key that is the same in every language (`headline`, or a path of block ids such as
`3f….heading`) and a text: plain, or HTML where the editor is rich. Digests are SHA-256 over canonical
text, so that what a reader cannot see (block keys, white space, Unicode composition) changes none.
"""

import copy
import hashlib
import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any

import nh3

RICH_TAGS = {"p", "ul", "ol", "li", "b", "i", "a", "h3", "br", "strong", "em"}
RICH_ATTRIBUTES = {"a": {"href", "linktype", "id", "data-article"}}
_SPACE = re.compile(r"\s+")
#: White space beside a block's tag is not seen, and the rich text editor drops it.
_AROUND_BLOCKS = re.compile(r" ?(</?(?:p|ul|ol|li|h3|br)\b[^>]*>) ?")
#: Rich text begins with a block. Any other text is plain, and a "<" in it is a character that readers see.
_RICH = re.compile(r"\s*<(?:p|ul|ol|h3)[\s>]", re.IGNORECASE)
_MARKUP = re.compile(r"<[^>]*>|&nbsp;")
_LINK = re.compile(r"""<a((?:\s+[a-z-]+="[^"]*")*)\s*>""")
_ATTRIBUTE = re.compile(r"""([a-z-]+)="([^"]*)\"""")

#: In a section: what its author tells translators. No text, no fact, in no digest.
NOTE = "note"

Texts = Mapping[str, str]
RawBody = list[dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Segment:
    """One unit of text: its key, its text, whether it is HTML, and where it stands, in words."""

    key: str
    text: str
    rich: bool = False


def is_rich(text: str) -> bool:
    """Whether a text is HTML; in any other a "<" is a character."""
    return _RICH.match(text) is not None


def canonical(text: str) -> str:
    """A text without what no reader sees: NFC, allow-listed markup, white space folded; "" when nothing is left to see."""
    rich = is_rich(text)
    folded = _SPACE.sub(" ", unicodedata.normalize("NFC", _clean(text) if rich else text)).strip()
    if rich:
        folded = _AROUND_BLOCKS.sub(r"\1", folded)
    seen = _MARKUP.sub("", folded) if rich else folded
    return folded if any(not character.isspace() and unicodedata.category(character) != "Cf" for character in seen) else ""


def _clean(markup: str) -> str:
    """Allow-listed markup in one spelling: names in lower case, values quoted, attributes in order."""
    cleaned = nh3.clean(markup, tags=RICH_TAGS, attributes=RICH_ATTRIBUTES, link_rel=None)
    return _LINK.sub(
        lambda link: "<a" + "".join(f' {name}="{value}"' for name, value in sorted(_ATTRIBUTE.findall(link[1]))) + ">", cleaned
    )


def well_formed(markup: str) -> str:
    """Rich text as the editor can open it: allow-listed, every tag closed. The editor fails on anything else."""
    return _clean(markup).replace("<br>", "<br/>")


def digest(value: Any) -> str:
    """SHA-256, in hexadecimal, of a value's canonical JSON."""
    serialized = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(serialized.encode()).hexdigest()


def text_digest(texts: Texts) -> str:
    """The digest of ordered segments; empty segments do not count. No text at all has the digest ''."""
    pairs = [[key, canonical(text)] for key, text in texts.items() if canonical(text)]
    return digest(pairs) if pairs else ""


def body_segments(body: RawBody) -> Iterator[Segment]:
    """The text leaves of a stored body, in reading order."""
    for section in body:
        yield Segment(key=f"{section['id']}.heading", text=section["value"].get("heading") or "")
        for block in section["value"].get("blocks") or []:
            yield from _block_segments(f"{section['id']}.{block['id']}", block)


def _block_segments(key: str, block: Mapping[str, Any]) -> Iterator[Segment]:
    match block["type"]:
        case "paragraph" | "warning":
            yield Segment(key=key, text=block["value"] or "", rich=True)
        case "steps":
            for item in block["value"]:
                yield Segment(key=f"{key}.{item['id']}", text=item["value"] or "")
        case "image":
            yield Segment(key=f"{key}.alt", text=block["value"].get("alt") or "")
            yield Segment(key=f"{key}.caption", text=block["value"].get("caption") or "")


def with_texts(body: RawBody, texts: Texts) -> RawBody:
    """The same structure and ids with every text leaf replaced; a leaf without a text becomes empty."""
    return _replace(body, lambda key: texts.get(key, ""))


def well_formed_body(body: RawBody) -> RawBody:
    """The same body, its rich texts as the editor can open them."""
    texts = {segment.key: well_formed(segment.text) if segment.rich else segment.text for segment in body_segments(body)}
    return with_texts(body, texts)


def structure(body: RawBody) -> RawBody:
    """A body without its texts: the facts that it carries (aspects, kinds of block, images). A note for translators is no fact."""
    bare = _replace(body, lambda key: "")
    for section in bare:
        section["value"].pop(NOTE, None)
    return bare


def notes(body: RawBody) -> dict[str, str]:
    """What the author of a body tells its translators, by the key of each segment that it is about: all of a section."""
    return {
        segment.key: section["value"][NOTE].strip()
        for section in body
        if (section["value"].get(NOTE) or "").strip()
        for segment in body_segments([section])
    }


def _replace(body: RawBody, text: Callable[[str], str]) -> RawBody:
    replaced = copy.deepcopy(body)
    for section in replaced:
        value = section["value"]
        value["heading"] = text(f"{section['id']}.heading")
        for block in value.get("blocks") or []:
            key = f"{section['id']}.{block['id']}"
            match block["type"]:
                case "paragraph" | "warning":
                    block["value"] = text(key)
                case "steps":
                    for item in block["value"]:
                        item["value"] = text(f"{key}.{item['id']}")
                case "image":
                    block["value"]["alt"] = text(f"{key}.alt")
                    block["value"]["caption"] = text(f"{key}.caption")
    return replaced


def links(text: str) -> set[str]:
    """What a rich text links to: addresses, and `page:ID` for pages of the library."""
    found = set()
    for tag in _LINK.findall(_clean(text)):
        attributes = dict(_ATTRIBUTE.findall(tag))
        found.add(f"page:{attributes.get('id')}" if attributes.get("linktype") == "page" else attributes.get("href", ""))
    return found


def has_words(text: str) -> bool:
    """Whether there is anything to read in a text, rich or plain."""
    words = unescape(_MARKUP.sub(" ", text)) if _RICH.match(text) else text
    return any(character.isalnum() for character in words)


def page_ids(text: str) -> set[str]:
    """The ids of the library's pages that a rich text links to."""
    return {link.removeprefix("page:") for link in links(text) if link.startswith("page:") and link.removeprefix("page:").isdigit()}
