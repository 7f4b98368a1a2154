"""The words that the checks know in each language, from the files in `words/`: numbers, units, negations, conditions.

Each word is a piece of a regular expression over folded text (passages.fold). A file a language: who adds a language
writes one, and no code.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from cms.quality.passages import LETTER

FILES = Path(__file__).parent / "words"
#: Written without spaces between words: no borders to look for.
UNSPACED = {"zh-Hans"}
#: What is written together with an Arabic word: before it and, so, by, for, like, the; after it a pronoun.
_ARABIC_BEFORE = r"(?:[وف]?(?:[بك]?(?:ال)?|لل?))"
_ARABIC_AFTER = r"(?:ا|ك|كم|كن|ه|ها|هم)?"
#: Signs of units that every language writes.
_SYMBOLS = {
    "mg": ["mg"],
    "mcg": ["mcg", "[µμ]g"],
    "g": ["g"],
    "kg": ["kg"],
    "ml": ["ml"],
    "l": ["l"],
    "%": ["%", "٪"],
    "°C": ["° ?c"],
    "°F": ["° ?f"],
    "mm": ["mm"],
    "cm": ["cm"],
    "m": ["m"],
    "km": ["km"],
}


@dataclass(frozen=True, kw_only=True)
class Lexicon:
    """One language's words: each mapping goes from a meaning to the patterns that say it, whole words all of them."""

    tag: str
    #: Number words, each value a group of its name (`n24`), the longest first: "twenty-four" is not twenty.
    numbers: re.Pattern[str]
    digits: dict[str, int]
    places: dict[str, int]
    #: Stretches of time, with a number or without ("weeks or months").
    times: dict[str, re.Pattern[str]]
    #: A dual is a number and its unit in one word.
    duals: dict[str, re.Pattern[str]]
    #: Units as they follow a number, times among them; the pattern of each matches at the number's end.
    measures: dict[str, re.Pattern[str]]
    range: re.Pattern[str]
    forenoon: re.Pattern[str]
    afternoon: re.Pattern[str]
    negations: re.Pattern[str]
    #: Neither, nor: together one negation, and often beside another one ("no … ni").
    correlatives: re.Pattern[str]
    conditions: dict[str, re.Pattern[str]]
    #: By the code of a term: source words that make a word forbidden for that term the right one ("drugs").
    excuse: dict[str, re.Pattern[str]]

    def excuses(self, code: str, folded: str) -> bool:
        return code in self.excuse and bool(self.excuse[code].search(folded))


@cache
def of(language: str) -> Lexicon:
    """The lexicon of a language; FileNotFoundError when nobody wrote one."""
    data: dict[str, Any] = yaml.safe_load((FILES / f"{language}.yaml").read_text(encoding="utf-8"))
    measures = {unit: list(signs) for unit, signs in _SYMBOLS.items()}
    for unit, found in [*data["measures"].items(), *data["times"].items()]:
        measures.setdefault(unit, []).extend(found)
    return Lexicon(
        tag=language,
        numbers=re.compile(whole(language, [f"(?P<n{value}>{found})" for value, found in _number_words(data).items()])),
        digits=data.get("digits", {}),
        places=data.get("places", {}),
        times={unit: re.compile(whole(language, found)) for unit, found in data["times"].items()},
        duals={unit: re.compile(whole(language, found)) for unit, found in data.get("duals", {}).items()},
        measures={unit: re.compile(_after_a_number(language, found)) for unit, found in measures.items()},
        range=re.compile(
            rf"\s*(?:[-–—‑~～]|\b(?:{'|'.join(data['range'])})\b|{'|'.join(data['range']) if language in UNSPACED else '(?!)'})\s*(?:ال)?"
        ),
        forenoon=re.compile(rf"\s*(?:{'|'.join(data['forenoon']) or '(?!)'})"),
        afternoon=re.compile(rf"\s*(?:{'|'.join(data['afternoon']) or '(?!)'})"),
        negations=re.compile(whole(language, data["negations"])),
        correlatives=re.compile(whole(language, data["correlatives"])),
        conditions={name: re.compile(whole(language, found)) for name, found in data["conditions"].items()},
        excuse={code: re.compile(whole(language, found)) for code, found in data.get("excuse", {}).items()},
    )


def whole(language: str, alternatives: Iterable[str]) -> str:
    """A pattern that finds any of these words, whole, as this language writes them together."""
    joined = "|".join(alternatives) or "(?!)"
    if language in UNSPACED:
        return f"(?:{joined})"
    if language == "ar":
        return f"(?<!{LETTER}){_ARABIC_BEFORE}(?:{joined}){_ARABIC_AFTER}(?!{LETTER})"
    return f"(?<!{LETTER})(?:{joined})(?!{LETTER})"


def _after_a_number(language: str, alternatives: list[str]) -> str:
    end = "" if language in UNSPACED else f"(?!{LETTER})"
    return rf"[\s-]*(?:个|full |whole |pleins? |полных |de )?(?:{'|'.join(alternatives)}){end}"


def _number_words(data: dict[str, Any]) -> dict[int, str]:
    simple: dict[int, str] = {value: f"(?:{'|'.join(found)})" for value, found in data["numbers"].items()}
    found: dict[int, list[str]] = {}
    for ten in range(20, 100, 10):
        for one in range(1, 10):
            if "tens_then_ones" in data:
                found.setdefault(ten + one, []).append(f"{simple[ten]}{data['tens_then_ones']}{simple[one]}")
            if "ones_then_tens" in data:
                found.setdefault(ten + one, []).append(f"{simple[one]}{data['ones_then_tens']}{simple[ten]}")
    for value in sorted(simple, reverse=True):
        found.setdefault(value, []).append(simple[value])
    return {value: "|".join(patterns) for value, patterns in found.items()}
