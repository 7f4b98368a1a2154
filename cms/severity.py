"""Whether a change of a source text may be called minor: only when nothing that a reader acts on has moved.

Pure functions over two versions of the segments. What counts as moved: a new segment, a warning, a step, a number or unit,
a time, a negation, a medicine, a phone number, an address or a link.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from cms import segments

_NUMBER = re.compile(r"\d+(?:[.,:/-]\d+)*\s*(?:%|[a-zµ]{1,3}\b)?", re.IGNORECASE)
_TIME = re.compile(
    r"\b(?:second|minute|hour|day|week|month|year|night|morning|evening|today|tomorrow|once|twice|immediately|at once|now)s?\b", re.IGNORECASE
)
_COUNT = re.compile(r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|half|double|first|second|third)\b", re.IGNORECASE)
_NEGATION = re.compile(r"\b(?:not|never|no|none|nothing|nobody|without|unless|except|only|until|before|after|stop|hold|avoid|cannot)\b|n[’']t\b", re.IGNORECASE)
_LINK = re.compile(r"<a\s[^>]*>|https?://\S+|\S+@\S+\.\S+", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")

#: What moved, as a reason why a change is not minor.
REASONS = {
    "segment": _("there is a new or removed passage"),
    "warning": _("a warning changed"),
    "step": _("a step changed"),
    "number": _("a number or unit changed"),
    "time": _("a time changed"),
    "negation": _("a negation or condition changed"),
    "medicine": _("the name of a medicine changed"),
    "link": _("a link, address or contact changed"),
}


def against_minor(
    before: segments.Texts, after: segments.Texts, structure: segments.RawBody, medicines: Iterable[str] = ()
) -> list[str]:
    """The keys of REASONS that forbid to call this change minor; none when it may be."""
    kinds = _block_kinds(structure)
    names = re.compile("|".join(re.escape(name) for name in medicines if name) or r"(?!)", re.IGNORECASE)
    found = {reason for key in {*before, *after} for reason in _moved(key, before.get(key), after.get(key), kinds, names)}
    return [reason for reason in REASONS if reason in found]


def _moved(key: str, before: str | None, after: str | None, kinds: dict[str, str], medicines: re.Pattern[str]) -> Iterator[str]:
    if before is None or after is None:
        yield "segment"
        return
    if segments.canonical(before) == segments.canonical(after):
        return
    kind = next((kind for prefix, kind in kinds.items() if key == prefix or key.startswith(f"{prefix}.")), "")
    if kind == "warning":
        yield "warning"
    if kind == "steps":
        yield "step"
    if _differ(_LINK, before, after):
        yield "link"
    old, new = _TAG.sub(" ", before), _TAG.sub(" ", after)
    if _differ(_NUMBER, old, new) or _differ(_COUNT, old, new):
        yield "number"
    if _differ(_TIME, old, new):
        yield "time"
    if _differ(_NEGATION, old, new):
        yield "negation"
    if _differ(medicines, old, new):
        yield "medicine"


def _differ(pattern: re.Pattern[str], before: str, after: str) -> bool:
    return _found(pattern, before) != _found(pattern, after)


def _found(pattern: re.Pattern[str], text: str) -> Counter[str]:
    return Counter(match.group().lower().strip() for match in pattern.finditer(text))


def _block_kinds(structure: segments.RawBody) -> dict[str, str]:
    kinds: dict[str, Any] = {}
    for section in structure:
        for block in section["value"]["blocks"]:
            kinds[f"{section['id']}.{block['id']}"] = block["type"]
    return kinds
