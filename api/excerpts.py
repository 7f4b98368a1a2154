"""The place of a text where the words asked for stand, as HTML that holds nothing but text and `<mark>`."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Any

from api import contract, html, words
from api.queries import Term

LONGEST = 240
_BEFORE = 80
_LONGEST_LINE = 4_000


@dataclass(frozen=True, kw_only=True)
class Passages:
    """What an article shows, line by line, and the same folded. The lines of `first` must be read before any other."""

    first: str
    shown: str
    folded: str


def passages(content: Mapping[str, Any]) -> Passages:
    """Summary, headings and text of an article's content; its sample's sentence and its notice are `first`."""
    first = [html.plain_text(block["html"]) for block in contract.leading_blocks(content) if block["type"] in ("sample", "notice")]
    lines = [content["summary"]]
    for section in content["sections"]:
        lines += [section["heading"], *html.plain_text(section["html"]).split("\n")]
    shown = "\n".join(line for line in map(_one_line, lines) if line)[: words.MOST_CHARACTERS]
    return Passages(first="\n".join(_one_line(line) for text in first for line in text.split("\n")), shown=shown, folded=words.fold(shown))


@dataclass(frozen=True, kw_only=True)
class _Sought:
    """A term in folded text: where it stands, and texts of which one is part of it wherever it does."""

    pattern: re.Pattern[str]
    parts: tuple[str, ...]

    def first_line(self, folded: str) -> int | None:
        """The number of the first line where it stands. A text is looked for first, which is far quicker than a pattern."""
        found = [number for part in self.parts if (number := self._first_line_with(part, folded)) is not None]
        return min(found, default=None)

    def _first_line_with(self, part: str, folded: str) -> int | None:
        at = folded.find(part)
        while at >= 0:
            start, end = folded.rfind("\n", 0, at) + 1, folded.find("\n", at)
            end = end if end >= 0 else len(folded)
            if self.pattern.search(folded, start, end):
                return folded.count("\n", 0, start)
            at = folded.find(part, end + 1)
        return None


def excerpt(found: Passages, terms: Sequence[Term]) -> str:
    """What must be read first, then about 240 characters around the words, in `<mark>`; the beginning where none of them is."""
    sought = [_sought(term) for term in terms]
    line, folded = _best_line(found, sought)
    places = _places(line)
    spans = _merged((places[start], _end(line, places[end - 1] + 1)) for start, end in _spans(sought, folded))
    first = [escape(before) for before in found.first.split("\n") if before and before != line]
    return " ".join([*first, _cut(line, spans)])


def _best_line(found: Passages, sought: list[_Sought]) -> tuple[str, str]:
    """Of the lines where a word stands for the first time, the one with most of the words; else the first line."""
    shown, folded = found.shown.split("\n"), found.folded.split("\n")
    numbers = sorted({number for term in sought if (number := term.first_line(found.folded)) is not None})
    number = max(numbers, key=lambda at: sum(1 for term in sought if term.pattern.search(folded[at])), default=0)
    return shown[number], folded[number]


@lru_cache(maxsize=2_000)
def _sought(term: Term) -> _Sought:
    """Where a term stands in folded text. The pattern looks ahead, so that pairs may overlap."""
    if term.exact:
        written = [_side_by_side(tokens) for tokens in (term.tokens, *((other,) for other in term.others))]
        forms, parts = [form for form, _ in written], [unit for _, unit in written]
    else:
        words_of_it = (*term.tokens, *term.others)
        forms, parts = [_in_its_forms(word) for word in words_of_it], [words.root(word) for word in words_of_it]
    return _Sought(pattern=re.compile(f"(?=({'|'.join(forms)}))"), parts=tuple(parts))


def _in_its_forms(word: str) -> str:
    more = 6 if words.has_forms(word) else 1
    return rf"(?<!\w){words.ARABIC_ARTICLE}{re.escape(words.root(word))}\w{{0,{more}}}(?!\w)"


def _side_by_side(tokens: tuple[str, ...]) -> tuple[str, str]:
    """The pattern of units side by side, and the longest of them."""
    units: list[str] = []
    for token in tokens:
        parts = words.units(token)
        units += parts[1:] if len(parts) > 1 and units[-1:] == parts[:1] else parts
    written = [re.escape(unit) if words.is_han(unit) else rf"(?<!\w){words.ARABIC_ARTICLE}{re.escape(unit)}(?!\w)" for unit in units]
    return r"\W{0,3}".join(written), max(units, key=len, default="")


def _spans(sought: Iterable[_Sought], folded: str) -> Iterator[tuple[int, int]]:
    for term in sought:
        for match in term.pattern.finditer(folded):
            yield match.span(1)


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """In order, with those that touch made one."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _places(line: str) -> list[int]:
    """For each character of the folded line the place of the one that it comes from."""
    return [at for at, character in enumerate(line) for _ in words.fold_character(character)]


def _end(line: str, end: int) -> int:
    """Marks that folding leaves out belong to the letter before them."""
    while end < len(line) and not words.fold_character(line[end]):
        end += 1
    return end


def _cut(line: str, spans: list[tuple[int, int]]) -> str:
    start = max(0, spans[0][0] - _BEFORE) if spans else 0
    start = start and (line.find(" ", start, spans[0][0]) + 1 or start)
    end = min(len(line), start + LONGEST)
    end = end if end == len(line) else max(line.rfind(" ", start + LONGEST - 30, end), end - 30)
    parts, at = ["… " if start else ""], start
    for left, right in spans:
        if right > end:
            break
        parts += [escape(line[at:left]), "<mark>", escape(line[left:right]), "</mark>"]
        at = right
    return "".join([*parts, escape(line[at:end]), " …" if end < len(line) else ""])


def _one_line(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())[:_LONGEST_LINE]
