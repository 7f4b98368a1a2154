"""The numbers of a text, read: "2", "two", "dos", "٢", "二" and an Arabic dual are one number; a phone number is none."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from cms.quality import lexicon
from cms.quality.lexicon import Lexicon

_RUN = re.compile(r"(?<![0-9+])\+?[0-9(][0-9 ().\-/]{1,30}[0-9]|(?<![0-9])[0-9]+")
#: Looks like a phone number and is none: 2019-2020, 2024-08-15, 15.08.2024, 1.000.000.
_NO_PHONE = re.compile(
    r"(?:19|20)\d\d\s?-\s?(?:19|20)\d\d|\d{4}-\d\d-\d\d|\d\d?[./-]\d\d?[./-]\d{4}|\d{1,3}(?:[.,]\d{3})+|0[.,]\d+", re.ASCII
)
_CLOCK = re.compile(
    r"(?<![0-9:.,])(?P<hour>[01]?[0-9]|2[0-4])(?: ?(?::|h|giờ|点|时) ?(?P<minute>[0-5][0-9])(?![0-9:])(?:分| ?min\b)?|(?P<half>点半))?",
    re.ASCII,
)
_DATE = re.compile(r"(?<![0-9])([0-9]{4})-([0-9]{2})-([0-9]{2})(?![0-9])")
_DIGITS = re.compile(r"(?<![0-9])[0-9]{1,3}(?: [0-9]{3})+(?![0-9])|[0-9]{1,18}(?:[.,٫٬][0-9]{1,18}){0,6}")
_THOUSANDS = re.compile(r"[0-9]{1,3}(?:([.,٬ ])[0-9]{3})(?:\1[0-9]{3})*")


@dataclass(frozen=True, kw_only=True)
class Quantity:
    """A number as somebody wrote it: what it may mean, its unit or "", and where it stands in the folded text."""

    values: frozenset[str]
    unit: str
    said: str
    in_digits: bool
    start: int
    end: int

    def agrees(self, other: "Quantity") -> bool:
        return bool(self.values & other.values)


@dataclass(frozen=True, kw_only=True)
class Numbers:
    """Everything with a number in one passage. `clocks` in minutes of the day; a range is two neighbours of `quantities`."""

    phones: dict[str, str]
    runs: frozenset[str]
    clocks: dict[int, str]
    quantities: tuple[Quantity, ...]
    ranges: tuple[tuple[Quantity, Quantity], ...]


@lru_cache(maxsize=256)
def read(text: str, language: str) -> Numbers:
    """The numbers of a folded text."""
    lex = lexicon.of(language)
    phones, runs, text = _phones(text)
    text = _DATE.sub(lambda match: f"{match[1]}    {match[3]}", text)
    clocks, text = _clocks(text, lex)
    found = _with_units(sorted(_quantities(text, lex), key=lambda quantity: (quantity.start, -quantity.end)), text, lex)
    ranges = _ranges(found, text, lex)
    units = {id(first): second.unit for first, second in ranges if not first.unit}
    found = tuple(replace(quantity, unit=units.get(id(quantity), quantity.unit)) for quantity in found)
    return Numbers(phones=phones, runs=runs, clocks=clocks, quantities=found, ranges=ranges)


def _phones(text: str) -> tuple[dict[str, str], frozenset[str], str]:
    """Phone numbers as written, by their digits; every run of digits; and the text without the phone numbers."""
    phones, runs, kept, position = {}, set(), [], 0
    for match in _RUN.finditer(text):
        said = match.group().strip(" ().-/")
        digits = re.sub(r"[^0-9]", "", said)
        runs.add(digits)
        separators = set(re.sub(r"[0-9]", "", said))
        looks_so = said.startswith("+") or digits.startswith("0") or len(digits) >= 7 or separators == {" "}
        if looks_so and len(digits) >= 3 and not _NO_PHONE.fullmatch(said):
            phones[digits] = said
            kept += [text[position : match.start()], " " * len(match.group())]
            position = match.end()
    return phones, frozenset(runs), "".join([*kept, text[position:]])


def _clocks(text: str, lex: Lexicon) -> tuple[dict[int, str], str]:
    found: dict[int, str] = {}
    kept, position = [], 0
    for match in _CLOCK.finditer(text):
        end = match.end()
        before, after = lex.forenoon.match(text, end), lex.afternoon.match(text, end)
        if match["minute"] is None and not match["half"] and not before and not after:
            continue
        hour, minute = int(match["hour"]), 30 if match["half"] else int(match["minute"] or 0)
        if after and hour < 12:
            hour += 12
        if before and hour == 12:
            hour = 0
        end = (before or after or match).end()
        found[hour * 60 + minute] = text[match.start() : end].strip()
        kept += [text[position : match.start()], " " * (end - match.start())]
        position = end
    return found, "".join([*kept, text[position:]])


def _quantities(text: str, lex: Lexicon) -> Iterator[Quantity]:
    for match in _DIGITS.finditer(text):
        yield Quantity(values=_values(match.group()), unit="", said=match.group(), in_digits=True, start=match.start(), end=match.end())
    for match in lex.numbers.finditer(text):
        if match.lastgroup:
            value = match.lastgroup.removeprefix("n")
            yield Quantity(values=frozenset({value}), unit="", said=match.group(), in_digits=False, start=match.start(), end=match.end())
    for unit, pattern in lex.duals.items():
        for match in pattern.finditer(text):
            yield Quantity(values=frozenset({"2"}), unit=unit, said=match.group(), in_digits=False, start=match.start(), end=match.end())
    if lex.digits:
        for match in re.finditer(f"[{''.join([*lex.digits, *lex.places])}]{{1,12}}", text):
            value = str(_from_characters(match.group(), lex))
            yield Quantity(values=frozenset({value}), unit="", said=match.group(), in_digits=False, start=match.start(), end=match.end())


def _values(digits: str) -> frozenset[str]:
    """What a numeral may mean: "1.000" is one or a thousand, "2,5" is two and a half."""
    found = set()
    if _THOUSANDS.fullmatch(digits):
        found.add(re.sub(r"[^0-9]", "", digits).lstrip("0") or "0")
    whole, _separator, part = re.sub(r"[,٫]", ".", digits.replace("٬", "")).replace(" ", "").partition(".")
    part = part.rstrip("0")
    found.add((whole.lstrip("0") or "0") + (f".{part}" if part else ""))
    return frozenset(found)


def _from_characters(characters: str, lex: Lexicon) -> int:
    """二十三 is 23."""
    total = digit = 0
    for character in characters:
        if character in lex.digits:
            digit = lex.digits[character]
        else:
            total += (digit or 1) * lex.places[character]
            digit = 0
    return total + digit


def _with_units(quantities: list[Quantity], text: str, lex: Lexicon) -> tuple[Quantity, ...]:
    found: list[Quantity] = []
    for quantity in quantities:
        if found and quantity.start < found[-1].end:
            continue
        unit = quantity.unit or next((unit for unit, pattern in lex.measures.items() if pattern.match(text, quantity.end)), "")
        found.append(replace(quantity, unit=unit))
    return tuple(found)


def _ranges(quantities: tuple[Quantity, ...], text: str, lex: Lexicon) -> tuple[tuple[Quantity, Quantity], ...]:
    return tuple(
        (first, second)
        for first, second in pairwise(quantities)
        if second.start - first.end < 40 and lex.range.fullmatch(text[_end_of_unit(first, text, lex) : second.start])
    )


def _end_of_unit(quantity: Quantity, text: str, lex: Lexicon) -> int:
    match = lex.measures[quantity.unit].match(text, quantity.end) if quantity.unit else None
    return match.end() if match else quantity.end
