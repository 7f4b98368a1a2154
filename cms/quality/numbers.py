"""Numbers, ranges, units, times and phone numbers: what the source says, the translation says too, and nothing else.

"2", "two", "dos", "٢", "二" and "two" inside a dual are one number. Errors, all of them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from django.utils.translation import gettext as _

from cms.quality import lexicon
from cms.quality.findings import Finding, error
from cms.quality.lexicon import Lexicon
from cms.quality.passages import LETTER, Passage

_RUN = re.compile(r"(?<![0-9+])\+?[0-9(][0-9 ().\-/]{1,30}[0-9]|(?<![0-9])[0-9]+")
#: Looks like a phone number and is none: 2019-2020, 2024-08-15, 15.08.2024, 1.000.000.
_NO_PHONE = re.compile(r"(?:19|20)\d\d\s?-\s?(?:19|20)\d\d|\d{4}-\d\d-\d\d|\d\d?[./-]\d\d?[./-]\d{4}|\d{1,3}(?:[.,]\d{3})+|0[.,]\d+", re.ASCII)
_CLOCK = re.compile(
    r"(?<![0-9:.,])(?P<hour>[01]?[0-9]|2[0-4])(?: ?(?::|h|giờ|点|时) ?(?P<minute>[0-5][0-9])(?![0-9:])(?:分| ?min\b)?|(?P<half>点半))?", re.ASCII
)
_DATE = re.compile(r"(?<![0-9])([0-9]{4})-([0-9]{2})-([0-9]{2})(?![0-9])")
_DIGITS = re.compile(r"(?<![0-9])[0-9]{1,3}(?: [0-9]{3})+(?![0-9])|[0-9]{1,18}(?:[.,٫٬][0-9]{1,18}){0,6}")
_THOUSANDS = re.compile(r"[0-9]{1,3}(?:([.,٬ ])[0-9]{3})(?:\1[0-9]{3})*")
#: Any Arabic dual, for "two medicines" where no numeral stands.
_ANY_DUAL = re.compile(rf"{LETTER}{{3,30}}(?:ان|ين|تا|تي|ا|ي)(?!{LETTER})")


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
        for first, second in zip(quantities, quantities[1:], strict=False)
        if second.start - first.end < 40 and lex.range.fullmatch(text[_end_of_unit(first, text, lex) : second.start])
    )


def _end_of_unit(quantity: Quantity, text: str, lex: Lexicon) -> int:
    match = lex.measures[quantity.unit].match(text, quantity.end) if quantity.unit else None
    return match.end() if match else quantity.end


# -- the checks --------------------------------------------------------------------------------------------------------


def phone_numbers(source: Passage, target: Passage) -> Iterator[Finding]:
    """Every phone number digit by digit: spaces and hyphens between them may differ."""
    theirs, ours = _both(source, target)
    for digits, said in theirs.phones.items():
        if digits not in ours.runs:
            yield error(source.key, "phone", _("The source gives the phone number %(number)s; the translation does not.") % {"number": said})
    known = set(theirs.runs).union(*(quantity.values for quantity in theirs.quantities))
    for digits, said in ours.phones.items():
        if digits not in known:
            yield error(source.key, "phone", _("The translation gives the phone number %(number)s, which is not in the source.") % {"number": said})


def clock_times(source: Passage, target: Passage) -> Iterator[Finding]:
    """Times of day: 8 pm may be 20:00 or 20 h."""
    theirs, ours = _both(source, target)
    for minutes, said in theirs.clocks.items():
        if minutes not in ours.clocks and not _is_hour(ours, minutes):
            yield error(source.key, "time", _("The source says %(time)s; the translation does not.") % {"time": said})
    for minutes, said in ours.clocks.items():
        if minutes not in theirs.clocks and not _is_hour(theirs, minutes):
            yield error(source.key, "time", _("The translation says %(time)s, which is not in the source.") % {"time": said})


def numbers(source: Passage, target: Passage) -> Iterator[Finding]:
    """Numbers with their units, in digits or words."""
    theirs, ours = _both(source, target)
    for quantity in _sought(theirs.quantities):
        same = [other for other in ours.quantities if quantity.agrees(other)]
        if not same and not quantity.values & ours.runs and not _is_dual(quantity, target):
            said = _with_unit(quantity, source)
            yield error(
                source.key,
                "number",
                _("The source says %(quantity)s; the translation has no %(number)s.") % {"quantity": said, "number": quantity.said},
            )
        elif same and quantity.unit and not any(other.unit in ("", quantity.unit) for other in same):
            names = {"source": _with_unit(quantity, source), "translation": _with_unit(same[0], target)}
            yield error(source.key, "unit", _("The source says %(source)s; the translation says %(translation)s.") % names)
    for quantity in ours.quantities:
        if _stands_out(quantity, theirs) or _has_another_unit(quantity, theirs):
            said = _with_unit(quantity, target)
            yield error(source.key, "number", _("The translation says %(quantity)s, which is not in the source.") % {"quantity": said})


def ranges(source: Passage, target: Passage) -> Iterator[Finding]:
    """From five to seven stays from five to seven; Arabic may be written either way round."""
    theirs, ours = _both(source, target)
    for first, second in theirs.ranges:
        both_there = all(any(end.agrees(other) for other in ours.quantities) for end in (first, second))
        if not both_there or not (first.in_digits and second.in_digits):
            continue
        kept = any(
            (first.agrees(a) and second.agrees(b)) or (target.language == "ar" and first.agrees(b) and second.agrees(a)) for a, b in ours.ranges
        )
        if not kept:
            said = f"{first.said}–{second.said}"
            yield error(source.key, "range", _("The source gives the range %(range)s; the translation does not.") % {"range": said})


def durations(source: Passage, target: Passage) -> Iterator[Finding]:
    """Stretches of time without a number too: days stay days, "weeks or months" stay weeks or months."""
    theirs, ours = lexicon.of(source.language).times, lexicon.of(target.language).times
    count = {unit: (len(theirs[unit].findall(source.folded)), len(ours[unit].findall(target.folded))) for unit in theirs}
    grown = any(there < here for there, here in count.values())
    for unit, (there, here) in count.items():
        if there and (not here or (here < there and grown)):
            found = theirs[unit].search(source.folded)
            yield error(
                source.key,
                "duration",
                _("The source says “%(word)s” %(count)d times, the translation %(found)d times.")
                % {"word": found.group() if found else unit, "count": there, "found": here}
                if here
                else _("The source speaks of “%(word)s”; the translation does not.") % {"word": found.group() if found else unit},
            )


def _both(source: Passage, target: Passage) -> tuple[Numbers, Numbers]:
    return read(source.folded, source.language), read(target.folded, target.language)


def _sought(quantities: tuple[Quantity, ...]) -> Iterator[Quantity]:
    """"One" is mostly no number ("one of them", "one day"): its unit is looked for by itself."""
    for quantity in quantities:
        if quantity.in_digits or quantity.values != {"1"}:
            yield quantity


def _stands_out(quantity: Quantity, source: Numbers) -> bool:
    """Whether a number of the translation is not the source's. A number word without a unit may be an idiom."""
    if any(quantity.agrees(other) for other in source.quantities) or quantity.values & source.runs:
        return False
    if quantity.unit == "hour" and any(int(value) * 60 in source.clocks for value in quantity.values if value.isdigit() and len(value) < 3):
        return False
    return quantity.in_digits or (bool(quantity.unit) and quantity.values != {"1"})


def _has_another_unit(quantity: Quantity, source: Numbers) -> bool:
    """Two weeks, where the source has two only in "the second day"."""
    units = {other.unit for other in source.quantities if quantity.agrees(other)}
    return bool(quantity.unit and units and quantity.values != {"1"} and not units & {"", quantity.unit})


def _is_hour(numbers: Numbers, minutes: int) -> bool:
    hour, minute = divmod(minutes, 60)
    return not minute and any(quantity.unit == "hour" and str(hour) in quantity.values for quantity in numbers.quantities)


def _is_dual(quantity: Quantity, target: Passage) -> bool:
    """Arabic says "two medicines" and "both" in one word."""
    return target.language == "ar" and "2" in quantity.values and not quantity.unit and bool(_ANY_DUAL.search(target.folded))


def _with_unit(quantity: Quantity, passage: Passage) -> str:
    if not quantity.unit or quantity.start >= len(passage.folded):
        return quantity.said
    match = lexicon.of(passage.language).measures[quantity.unit].match(passage.folded, quantity.end)
    return f"{quantity.said}{match.group()}" if match else quantity.said
