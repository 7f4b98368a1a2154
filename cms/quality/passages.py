"""One segment as the checks read it: its tags, its links, its contacts, and its text folded for comparison.

Every pattern is of linear time: a text that somebody pastes may be long, and may be anything.
"""

import html
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import cached_property

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,15})([^<>]*)>")
_ATTRIBUTE = re.compile(r"""([a-z-]{1,20})=["']([^"'<>]*)["']""")
_ENTITY = re.compile(r"&(?:#[0-9]{1,6}|#x[0-9a-fA-F]{1,5}|[a-zA-Z][a-zA-Z0-9]{1,30});")
_BLOCKS = {"p", "ul", "ol", "li", "h3", "br"}
_SAME_TAG = {"strong": "b", "em": "i"}
_MARKS = re.compile("[\u064b-\u065f\u0670\u0640\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
#: Where a sentence ends, in every script; a clause after a colon or semicolon counts as one.
_SENTENCE_END = re.compile(r"(?<=[.!?؟])\s+|(?<=。)|(?<=[!?])(?=[\u3400-\u9fff])|[;؛]|(?<=:)\s")
_EMAIL = re.compile(r"(?<![\w.+-])[a-z0-9._%+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8}", re.IGNORECASE | re.ASCII)
_URL = re.compile(
    r"(?:https?://|(?<![a-z0-9])www\.)[a-z0-9\-._~:/?#@!$&'*+,;=%]{1,2000}"
    r"|(?<![a-z0-9@.-])[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,4}\.(?:org|com|net|gov|edu|int|info|uk|eu)(?![a-z0-9.-]*@|[a-z0-9-])(?:/[a-z0-9\-._~:/?#@!$&'*+,;=%]{0,2000})?",
    re.IGNORECASE | re.ASCII,
)
LETTER = r"[^\W\d_]"


@dataclass(frozen=True, kw_only=True)
class Passage:
    """A segment's text in one language. What is derived from it is derived once."""

    key: str
    language: str
    text: str

    @cached_property
    def tags(self) -> list[tuple[str, str, dict[str, str]]]:
        """The tags in order: `/` or nothing, the name, the attributes; `strong` counts as `b`, `em` as `i`."""
        found = []
        for slash, name, rest in _TAG.findall(self.text):
            name = name.lower()
            found.append((slash, _SAME_TAG.get(name, name), dict(_ATTRIBUTE.findall(rest))))
        return found

    @cached_property
    def links(self) -> Counter[str]:
        """What it links to, and how often: `page:ID` for a page of the library, else the address."""
        found: Counter[str] = Counter()
        for slash, name, attributes in self.tags:
            if name == "a" and not slash:
                kind, target = attributes.get("linktype"), attributes.get("id", "")
                found[f"{kind}:{target}" if kind else html.unescape(attributes.get("href") or attributes.get("data-article") or "")] += 1
        return found

    @cached_property
    def paragraphs(self) -> list[str]:
        """What a reader reads, a paragraph or list item each, in order; none is empty."""
        marked = _TAG.sub(_block_break, self.text.replace("\n", " "))
        return [part.strip() for part in _entities(marked).split("\n") if part.strip()]

    @cached_property
    def plain(self) -> str:
        return "\n".join(self.paragraphs)

    @cached_property
    def contacts(self) -> Counter[str]:
        """E-mail addresses and web addresses in the text, literally."""
        return Counter(address.rstrip(".,;:!?'") for address in self._contacts_and_rest[0])

    @cached_property
    def _contacts_and_rest(self) -> tuple[list[str], str]:
        plain = unicodedata.normalize("NFKC", self.plain)
        emails, rest = _EMAIL.findall(plain), _EMAIL.sub(" ", plain)
        return [*emails, *_URL.findall(rest)], _URL.sub(" ", rest)

    @cached_property
    def letters(self) -> str:
        """The text without contacts, as it is written: for the check of scripts."""
        return _MARKS.sub("", self._contacts_and_rest[1])

    @cached_property
    def folded(self) -> str:
        """The text without contacts, to compare words and numbers in: small letters, ASCII digits, no vowel marks."""
        return fold(self._contacts_and_rest[1])

    @cached_property
    def sentences(self) -> list[list[str]]:
        """The folded sentences of each paragraph."""
        return [[part for part in _SENTENCE_END.split(fold(paragraph)) if part.strip()] for paragraph in self.paragraphs]


def fold(text: str) -> str:
    """A text to compare: compatibility forms, small letters, ASCII digits, one apostrophe, no vowel marks."""
    text = unicodedata.normalize("NFKC", text).lower().replace("’", "'").replace("ʼ", "'")
    return _MARKS.sub("", text).translate(_DIGITS)


class _Digits(dict[int, str]):
    """Every decimal digit of Unicode as ASCII (٣ and ３ are 3), other characters as they are."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        digit = unicodedata.decimal(character, None) if code > 127 else None
        self[code] = character if digit is None else str(digit)
        return self[code]


_DIGITS = _Digits()


def _block_break(match: re.Match[str]) -> str:
    return "\n" if match.group(2).lower() in _BLOCKS else ""


def _entities(text: str) -> str:
    return _ENTITY.sub(lambda match: html.unescape(match.group()), text)
