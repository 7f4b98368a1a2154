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
    for quantity in theirs.distinct():
        if not quantity.in_digits and quantity.values == {"1"}:
            continue  # "one of them", "one day": the day is looked for by itself
        same = ours.like(quantity)
        if not same and not quantity.values & ours.runs and not _is_dual(quantity, target):
            names = {"quantity": _with_unit(quantity, source), "number": quantity.said}
            yield error(source.key, "number", _("The source says %(quantity)s; the translation has no %(number)s.") % names)
        elif same and quantity.unit and not same.keys() & {"", quantity.unit}:
            names = {"source": _with_unit(quantity, source), "translation": _with_unit(next(iter(same.values())), target)}
            yield error(source.key, "unit", _("The source says %(source)s; the translation says %(translation)s.") % names)
    for quantity in ours.distinct():
        if _stands_out(quantity, theirs):
            names = {"quantity": _with_unit(quantity, target)}
            yield error(source.key, "number", _("The translation says %(quantity)s, which is not in the source.") % names)


def ranges(source: Passage, target: Passage) -> Iterator[Finding]:
    """From five to seven stays from five to seven; Arabic may be written either way round."""
    theirs, ours = _both(source, target)
    kept = {(a, b) for first, second in ours.ranges for a in first.values for b in second.values}
    if target.language == "ar":
        kept |= {(b, a) for a, b in kept}
    for first, second in theirs.ranges:
        both_there = first.in_digits and second.in_digits and ours.like(first) and ours.like(second)
        if both_there and not any((a, b) in kept for a in first.values for b in second.values):
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


def _stands_out(quantity: Quantity, source: Numbers) -> bool:
    """Whether a number of the translation is not the source's; nor is "two weeks" where two is only "the second day".

    A number word without a unit may be an idiom.
    """
    units = source.like(quantity).keys()
    if units:
        return bool(quantity.unit) and quantity.values != {"1"} and not units & {"", quantity.unit}
    if quantity.values & source.runs:
        return False
    if quantity.unit == "hour" and any(int(value) * 60 in source.clocks for value in quantity.values if value.isdigit() and len(value) < 3):
        return False
    return quantity.in_digits or (bool(quantity.unit) and quantity.values != {"1"})


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
