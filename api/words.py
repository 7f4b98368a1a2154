"""How text is cut into what is searched: small letters without accents, then words, or pairs where spaces do not part words.

The same for what is indexed and for what is asked, on every database. Chinese is written without spaces, and most Vietnamese
words are two syllables with a space between them: there neighbouring characters or syllables go in as pairs (戒断症状 →
戒断 断症 症状 状), which finds a word without a dictionary. The last one stands alone, so that each begins some token.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

MOST_CHARACTERS = 80_000  # of one text: a tsvector holds one megabyte
_LONGEST_WORD = 64
_SHORTEST_TOLERATED = 5
JOINT = "þ"  # between the syllables of a pair: a letter for every tokenizer, and in no folded text
_SYLLABIC = frozenset({"vi"})

_HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WORD = re.compile(f"[{_HAN}]+|[^\\W_{_HAN}]+")
_PAUSE = re.compile(r"[^\s\w'’-]")
_HAN_RUN = re.compile(f"[{_HAN}]+")
ARABIC_ARTICLE = "(?:[وبكف]?ال|لل)?"  # with what is written together with it
_BEFORE_ARABIC_WORD = re.compile(rf"^{ARABIC_ARTICLE}(?=\w{{3}})")
# Letters that Unicode does not take apart, or, й, whose mark makes another letter.
_LETTERS = {
    "æ": "ae", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ł": "l", "ø": "o", "œ": "oe", "þ": "th",
    "й": "й", "ى": "ي", "ی": "ي", "ک": "ك", "ـ": "",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Run:
    """A word, or characters or syllables that are indexed in pairs."""

    units: tuple[str, ...]
    joint: str = ""
    paired: bool = False

    @property
    def pairs(self) -> tuple[str, ...]:
        """Neighbours, joined as they stand in the index."""
        return tuple(f"{left}{self.joint}{right}" for left, right in zip(self.units, self.units[1:], strict=False))

    def start(self, unit: str) -> str:
        """What every token begins with that begins with this unit."""
        return f"{unit}{self.joint}"

    @property
    def tokens(self) -> tuple[str, ...]:
        """As the run stands in the index."""
        return (*self.pairs, self.start(self.units[-1])) if self.paired else self.units


@lru_cache(maxsize=20_000)
def fold_character(character: str) -> str:
    """One character as it is compared: small, without marks, digits as 0 to 9; nothing for marks and invisible signs."""
    folded: list[str] = []
    for part in unicodedata.normalize("NFKD", "".join(_LETTERS.get(letter, letter) for letter in character.casefold())):
        category = unicodedata.category(part)
        if part == "\u0306" and folded == ["и"]:
            folded = ["й"]
        elif category in ("Mn", "Cf"):
            continue
        elif category in ("Cc", "Cs"):
            folded.append(" ")
        else:
            digit = unicodedata.decimal(part, None)
            folded.append(_LETTERS.get(part, part) if digit is None else str(digit))
    return "".join(folded)


def fold(text: str) -> str:
    """The text as it is compared. Lines stay lines."""
    return "\n".join("".join(map(fold_character, unicodedata.normalize("NFC", line))) for line in text.split("\n"))


def runs(folded: str, language: str) -> Iterator[Run]:
    """Words and runs of a folded text, in order."""
    syllables: list[str] = []
    end = 0
    for match in _WORD.finditer(folded):
        word, between = match[0], folded[end : match.start()]
        end = match.end()
        if syllables and (is_han(word) or _PAUSE.search(between)):
            yield Run(units=tuple(syllables), joint=JOINT, paired=True)
            syllables = []
        if is_han(word):
            yield Run(units=tuple(word), paired=True)
        elif language in _SYLLABIC:
            syllables.append(word[:_LONGEST_WORD])
        else:
            yield Run(units=(_bare(word, language)[:_LONGEST_WORD],))
    if syllables:
        yield Run(units=tuple(syllables), joint=JOINT, paired=True)


def tokens(text: str, language: str) -> list[str]:
    """What a text is indexed by, in order. Pairs do not go over the end of a line."""
    folded = fold(text[:MOST_CHARACTERS])
    return [token for line in folded.split("\n") for run in runs(line, language) for token in run.tokens]


def is_han(word: str) -> bool:
    """Whether it is written in Chinese characters."""
    return bool(_HAN_RUN.match(word))


def units(token: str) -> list[str]:
    """The words, syllables or characters that a token was made of."""
    return list(token) if is_han(token) else [unit for unit in token.split(JOINT) if unit]


def is_vocabulary(token: str) -> bool:
    """Whether a token is a word or a pair: neither a number, nor one that only ends a run."""
    return len(token) > 1 and not token.isdigit() and not token.endswith(JOINT)


def root(word: str) -> str:
    """The beginning of a word that its forms share, roughly: what stands in for a stemmer where there is none."""
    length = len(word)
    return word[: length - (0 if length < 5 else 1 if length < 7 else 2 if length < 9 else 3)]


def has_forms(word: str) -> bool:
    """Whether a word is long enough for its root to tell its forms from other words."""
    return len(word) > 3


def halves(word: str) -> tuple[str, str]:
    """The halves of a word, each with the word's length: whatever one typing error does, it leaves one of them as it was."""
    length, half = len(word), len(word) // 2
    return f"{length}<{word[:half]}", f"{length}>{word[half:]}"


def halves_nearby(word: str) -> tuple[set[str], set[str]]:
    """The halves of the words that are one typing error away."""
    starts, ends = set(), set()
    for length in (len(word) - 1, len(word), len(word) + 1):
        half = length // 2
        starts.add(f"{length}<{word[:half]}")
        ends.add(f"{length}>{word[-(length - half) :]}")
    return starts, ends


def swapped_at_half(word: str) -> str:
    """The one word at a distance of one typing error that shares no half: letters swapped where the halves meet."""
    half = len(word) // 2
    return word[: half - 1] + word[half] + word[half - 1] + word[half + 1 :]


def tolerates(word: str) -> bool:
    """Whether a word is long enough to be taken for another."""
    return len(word) >= _SHORTEST_TOLERATED and not any(character.isdigit() for character in word)


def is_one_error_away(left: str, right: str) -> bool:
    """One letter left out, put in, replaced, or swapped with the next (Damerau)."""
    if abs(len(left) - len(right)) > 1 or left == right:
        return False
    start = next((at for at, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), min(len(left), len(right)))
    left, right = left[start:], right[start:]
    if len(left) == len(right):
        return left[1:] == right[1:] or (left[:2] == right[1::-1] and left[2:] == right[2:])
    return left[1:] == right if len(left) > len(right) else left == right[1:]


def _bare(word: str, language: str) -> str:
    """An Arabic word without its article and what is written together with it."""
    return _BEFORE_ARABIC_WORD.sub("", word) if language == "ar" else word
