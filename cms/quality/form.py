"""The form of a translation: markup, links, addresses, length, script, and whether it was translated at all."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from django.utils.translation import gettext as _

from cms.quality.findings import Finding, error, warning
from cms.quality.passages import LETTER, Passage
from cms.quality.vocabulary import Words

#: The tags that make blocks keep their order; those inside a line may change places with the words.
_IN_LINE = {"a", "b", "i"}
#: Characters of a translation for each of the source, by language: measured on the sample library, with room to both sides.
_LENGTHS = {
    "es": (0.75, 1.75),
    "fr": (0.8, 1.9),
    "pt-BR": (0.7, 1.7),
    "ar": (0.55, 1.5),
    "ru": (0.75, 2.0),
    "vi": (0.7, 1.8),
    "zh-Hans": (0.18, 0.62),
}
#: Below this many characters a length says nothing.
_SHORT = 40
_SCRIPTS = {
    "Latin": "a-zA-Zªºà-öø-ÿÀ-ÖØ-ßĀ-ʯḀ-ỿ",
    "Cyrillic": "\u0400-\u052f",
    "Arabic": "\u0620-\u064a\u066e-\u06d3\u0750-\u077f",
    "Chinese": "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff",
}
_SCRIPT_OF = {"ar": "Arabic", "ru": "Cyrillic", "zh-Hans": "Chinese"}
#: Letters that a language's alphabet does not have, though its script does.
_STRANGE = {"ru": "іїєґўІЇЄҐЎ", "zh-Hans": "這說藥醫療為過們沒關開時間應該會對還讓與後個體無從來當點問題幫緊診針種"}
_WORD = re.compile(rf"{LETTER}+")
_COPIED_RUN = 7


def markup(source: Passage, target: Passage) -> Iterator[Finding]:
    """The same paragraphs, lists and items in the same order; in each, as many bold, italic and linked words."""
    theirs, ours = _in_blocks(source), _in_blocks(target)
    if [block for block, _inside in theirs] != [block for block, _inside in ours]:
        counts = Counter(block for block, _inside in ours)
        counts.subtract(block for block, _inside in theirs)
        for tag, extra in counts.items():
            if extra and not tag.startswith("/"):
                there = sum(block == tag for block, _inside in theirs)
                numbers = {"tag": tag, "source": there, "translation": there + extra}
                yield error(
                    source.key,
                    "markup",
                    _("The markup differs: the source has %(source)d × <%(tag)s>, the translation %(translation)d.") % numbers,
                )
                return
        yield error(source.key, "markup", _("The markup differs: paragraphs and lists do not stand in the order of the source."))
        return
    for (_block, inside), (_same, other) in zip(theirs, ours, strict=True):
        for tag in inside.keys() | other.keys():
            if tag != "a" and inside[tag] != other[tag]:
                numbers = {"tag": tag, "source": inside[tag], "translation": other[tag]}
                yield error(
                    source.key,
                    "markup",
                    _("The markup differs: the source has %(source)d × <%(tag)s>, the translation %(translation)d.") % numbers,
                )
                return


def links(source: Passage, target: Passage) -> Iterator[Finding]:
    """Every link goes where the source's goes, and as often."""
    for link in source.links - target.links:
        yield error(source.key, "link", _("The source links to %(link)s; the translation does not.") % {"link": link or "?"})
    for link in target.links - source.links:
        yield error(source.key, "link", _("The translation links to %(link)s, which is not in the source.") % {"link": link or "?"})


def addresses(source: Passage, target: Passage) -> Iterator[Finding]:
    """E-mail and web addresses in the text, letter by letter."""
    for address in source.contacts - target.contacts:
        yield error(source.key, "address", _("The source gives the address %(address)s; the translation does not.") % {"address": address})
    for address in target.contacts - source.contacts:
        yield error(
            source.key, "address", _("The translation gives the address %(address)s, which is not in the source.") % {"address": address}
        )


def length(source: Passage, target: Passage) -> Iterator[Finding]:
    """A passage left out, or another one put in, shows in the length."""
    low, high = _LENGTHS.get(target.language, (0.3, 3.0))
    if len(source.plain) < _SHORT:
        return
    share = len(target.plain) / len(source.plain)
    if share < low:
        yield warning(source.key, "length", _("The translation is very short beside the source. Is something missing?"))
    elif share > high:
        yield warning(source.key, "length", _("The translation is very long beside the source. Was something added?"))


def copied(source: Passage, target: Passage, words: Words) -> Iterator[Finding]:
    """The source left as it is, all of it or a run of words. Names and numbers stay the same in every language."""
    theirs, ours = (_WORD.findall(passage.folded) for passage in (source, target))
    if not theirs or _is_name(source, words):
        return
    if theirs == ours:
        message = _("This is the source text, not a translation.")
        yield error(source.key, "copy", message) if len(theirs) > 2 else warning(source.key, "copy", message)
        return
    runs = set(zip(*(theirs[start:] for start in range(_COPIED_RUN)), strict=False))
    names = words.latin_words()
    for run in zip(*(ours[start:] for start in range(_COPIED_RUN)), strict=False):
        if run in runs and not set(run) <= names:
            yield warning(source.key, "copy", _("This part is still in the source language: “%(words)s”.") % {"words": " ".join(run)})
            return


def script(source: Passage, target: Passage, words: Words) -> Iterator[Finding]:
    """The letters of the language. Latin names may stand in any text when the source or the vocabulary has them."""
    expected = _SCRIPT_OF.get(target.language, "Latin")
    strange = _strange(expected, target.language).findall(target.letters)
    if expected != "Latin":
        allowed = words.latin_words() | set(_WORD.findall(source.folded))
        strange = [word for word in strange if not all(part in allowed for part in _LATIN_WORD.findall(word.lower()) or [word])]
    if strange:
        shown = ", ".join(dict.fromkeys(strange[:3]))
        yield error(source.key, "script", _("These letters do not belong to the language: %(words)s") % {"words": shown})
    elif expected != "Latin" and not _is_name(source, words):
        own = len(re.findall(f"[{_SCRIPTS[expected]}]", target.letters))
        latin = len(re.findall(f"[{_SCRIPTS['Latin']}]", target.letters))
        if latin > 20 and latin > own * 8:
            yield error(source.key, "script", _("Most of this text is not in the letters of the language."))


_LATIN_WORD = re.compile(f"[{_SCRIPTS['Latin']}]+")


def _in_blocks(passage: Passage) -> list[tuple[str, Counter[str]]]:
    """The tags that make blocks in order, each with the tags inside a line that follow it."""
    found: list[tuple[str, Counter[str]]] = [("", Counter())]
    for slash, name, _attributes in passage.tags:
        if name in _IN_LINE:
            found[-1][1][f"{slash}{name}"] += 1
        else:
            found.append((f"{slash}{name}", Counter()))
    return found


def _is_name(passage: Passage, words: Words) -> bool:
    """Names of organisations and medicines, and what is written like a name: every word with a capital."""
    plain = passage.plain
    for name in words.names():
        plain = plain.replace(name, " ")
    found = _WORD.findall(plain)
    return all(word[0].isupper() for word in found) and (len(found) != 1 or not passage.plain.islower())


@lru_cache(maxsize=16)
def _strange(expected: str, language: str) -> re.Pattern[str]:
    """Words with a letter of another script, or with one that the language's alphabet does not have."""
    others = "".join(letters for name, letters in _SCRIPTS.items() if name != expected) + _STRANGE.get(language, "")
    wrong = f"[{others}\u0590-\u05ff\u0900-\u0dff\u0e00-\u0e7f\u3040-\u30ff\uac00-\ud7af]"
    return re.compile(f"{wrong}+" if expected in ("Arabic", "Chinese") else rf"(?<!{LETTER})(?:(?!{wrong}){LETTER})*+{wrong}{LETTER}*")
