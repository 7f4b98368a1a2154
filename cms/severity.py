"""Whether a change of a source text may be called minor: only when nothing that a reader acts on has moved.

Pure functions over two versions of the segments. What counts as moved: a new segment, a warning, a step, a number or unit,
a time, a negation, a medicine, a phone number, an address or a link.
"""

import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext_lazy as _

from cms import segments


def _words(alternatives: str) -> str:
    """A pattern of whole words."""
    return rf"\b(?:{alternatives})\b"


_NUMBER = re.compile(r"[\d¼½¾⅓⅔]+(?:[.,:/-]\d+)*\s*(?:%|‰|°|[a-zµμ]{1,3}\b)?", re.IGNORECASE)
_UNIT = re.compile(
    _words(
        "(?:micro|milli|centi|kilo)?(?:gram(?:me)?|lit(?:re|er)|met(?:re|er))s?|(?:mg|mcg|µg|μg|kg|ml|iu)|units?|per ?cent|degrees?|"
        "(?:drop|tablet|capsule|pill|puff|spray|dose|patche?|ampoule|vial|injection|glasse?|cup|spoon|teaspoon|tablespoon|drink)s?"
    ),
    re.IGNORECASE,
)
_TIME = re.compile(
    _words(
        "(?:second|minute|hour|day|week|weekend|fortnight|month|year|night|morning|afternoon|evening|noon|midnight)s?|today|tonight|tomorrow|"
        "(?:hour|dai|week|month|year)ly|once|twice|immediately|at once|now|soon|later|always|often|every|each|"
        "(?:mon|tues|wednes|thurs|fri|satur|sun)days?"
    ),
    re.IGNORECASE,
)
_COUNT = re.compile(
    _words(
        "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen|"
        "(?:twen|thir|for|fif|six|seven|eigh|nine)ty|hundreds?|thousands?|dozens?|half|halves|double|triple|quarters?|"
        "first|second|third|fourth|fifth|more|less|most|least|fewer|over|under|above|below|up to|several|single"
    ),
    re.IGNORECASE,
)
_NEGATION = re.compile(
    _words(
        "not|never|no|none|nothing|nobody|neither|nor|without|unless|except|only|until|before|after|stop|hold|avoid|cannot|if|whether|when|"
        "must|may|might|should|can|could|safe|unsafe|safely|dangerous|harmless|allowed|forbidden"
    )
    + r"|n[’']t\b",
    re.IGNORECASE,
)
_LINK = re.compile(r"<a\s[^>]*>|https?://\S+|\S+@\S+\.\S+", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_SPACE = re.compile(r"\s+")
Kinds = set[tuple[str, str]]

#: What moved, as a reason why a change is not minor.
REASONS = {
    "segment": _("a passage is new, moved or removed"),
    "warning": _("a warning changed"),
    "step": _("a step changed"),
    "number": _("a number or unit changed"),
    "time": _("a time changed"),
    "negation": _("a negation or condition changed"),
    "medicine": _("the name of a medicine changed"),
    "link": _("a link, address or contact changed"),
}


def against_minor(before: segments.Texts, after: segments.Texts, structure: segments.RawBody, medicines: Iterable[str] = ()) -> list[str]:
    """The keys of REASONS that forbid to call this change minor; none when it may be."""
    kinds = _block_kinds(structure)
    names = re.compile("|".join(re.escape(name) for name in medicines if name) or r"(?!)", re.IGNORECASE)
    found = {reason for key in {*before, *after} for reason in _moved(key, before.get(key), after.get(key), kinds, names)}
    if list(before) != list(after):
        found.add("segment")
    return [reason for reason in REASONS if reason in found]


def _moved(key: str, before: str | None, after: str | None, kinds: Kinds, medicines: re.Pattern[str]) -> Iterator[str]:
    if before is None or after is None:
        yield "segment"
        return
    if segments.canonical(before) == segments.canonical(after):
        return
    found = {kind for prefix, kind in kinds if key == prefix or key.startswith(f"{prefix}.")}
    if "warning" in found:
        yield "warning"
    if "steps" in found:
        yield "step"
    if _differ(_LINK, before, after):
        yield "link"
    old, new = html.unescape(_TAG.sub(" ", before)), html.unescape(_TAG.sub(" ", after))
    if any(_differ(pattern, old, new) for pattern in (_NUMBER, _UNIT, _COUNT)):
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
    return Counter(_SPACE.sub("", match.group().lower()) for match in pattern.finditer(text))


def _block_kinds(structure: segments.RawBody) -> Kinds:
    """What each block is: both, when it was a warning and is a paragraph now, as `structure` may hold the sections of two versions."""
    return {(f"{section['id']}.{block['id']}", block["type"]) for section in structure for block in section["value"]["blocks"]}
