"""Numbers, ranges, units, times and phone numbers: what the source says, the translation says too, and nothing else.

Errors, all of them.
"""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from cms.quality import lexicon, numerals
from cms.quality.findings import Finding, error
from cms.quality.numerals import Numbers, Quantity
from cms.quality.passages import LETTER, Passage

#: Any Arabic dual, for "two medicines" where no numeral stands.
_ANY_DUAL = re.compile(rf"{LETTER}{{3,30}}(?:ان|ين|تا|تي|ا|ي)(?!{LETTER})")


def phone_numbers(source: Passage, target: Passage) -> Iterator[Finding]:
    """Every phone number digit by digit: spaces and hyphens between them may differ."""
    theirs, ours = _both(source, target)
    for digits, said in theirs.phones.items():
        if digits not in ours.runs:
            yield error(
                source.key, "phone", _("The source gives the phone number %(number)s; the translation does not.") % {"number": said}
            )
    known = set(theirs.runs).union(*(quantity.values for quantity in theirs.quantities))
    for digits, said in ours.phones.items():
        if digits not in known:
            yield error(
                source.key, "phone", _("The translation gives the phone number %(number)s, which is not in the source.") % {"number": said}
            )


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
            (first.agrees(a) and second.agrees(b)) or (target.language == "ar" and first.agrees(b) and second.agrees(a))
            for a, b in ours.ranges
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
    return numerals.read(source.folded, source.language), numerals.read(target.folded, target.language)


def _sought(quantities: tuple[Quantity, ...]) -> Iterator[Quantity]:
    """ "One" is mostly no number ("one of them", "one day"): its unit is looked for by itself."""
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
