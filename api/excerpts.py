"""The place of a text where the words asked for stand, as HTML that holds nothing but text and `<mark>`."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
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


def excerpt(found: Passages, terms: Sequence[Term]) -> str:
    """What must be read first, then about 240 characters around the words, in `<mark>`; the beginning where none of them is."""
    patterns = [_pattern(term) for term in terms]
    line, folded = _best_line(found, patterns)
    places = _places(line)
    spans = _merged((places[start], _end(line, places[end - 1] + 1)) for start, end in _spans(patterns, folded))
    first = [escape(before) for before in found.first.split("\n") if before and before != line]
    return " ".join([*first, _cut(line, spans)])


def _best_line(found: Passages, patterns: list[re.Pattern[str]]) -> tuple[str, str]:
    """Of the lines where a word stands for the first time, the one with most of the words; else the first line."""
    shown, folded = found.shown.split("\n"), found.folded.split("\n")
    numbers = sorted({found.folded.count("\n", 0, match.start()) for pattern in patterns if (match := pattern.search(found.folded))})
    number = max(numbers, key=lambda at: sum(1 for pattern in patterns if pattern.search(folded[at])), default=0)
    return shown[number], folded[number]


def _pattern(term: Term) -> re.Pattern[str]:
    """Where a term stands in folded text. It looks ahead, so that pairs may overlap."""
    if term.exact:
        forms = [_side_by_side(tokens) for tokens in (term.tokens, *((other,) for other in term.others))]
    else:
        forms = [_in_its_forms(word) for word in (*term.tokens, *term.others)]
    return re.compile(f"(?=({'|'.join(forms)}))")


def _in_its_forms(word: str) -> str:
    more = 6 if words.has_forms(word) else 1
    return rf"(?<!\w){words.ARABIC_ARTICLE}{re.escape(words.root(word))}\w{{0,{more}}}(?!\w)"


def _side_by_side(tokens: tuple[str, ...]) -> str:
    units: list[str] = []
    for token in tokens:
        parts = words.units(token)
        units += parts[1:] if len(parts) > 1 and units[-1:] == parts[:1] else parts
    written = [re.escape(unit) if words.is_han(unit) else rf"(?<!\w){words.ARABIC_ARTICLE}{re.escape(unit)}(?!\w)" for unit in units]
    return r"\W{0,3}".join(written)


def _spans(patterns: Iterable[re.Pattern[str]], folded: str) -> Iterator[tuple[int, int]]:
    for pattern in patterns:
        for match in pattern.finditer(folded):
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
