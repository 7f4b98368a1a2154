"""The vocabulary of one language pair, and the checks that read it: medicines, organisations, words to use and to avoid."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import permutations

from django.utils.translation import gettext as _

from cms import languages
from cms.quality import lexicon
from cms.quality.findings import Finding, error, warning
from cms.quality.passages import Passage, fold

MEDICINE, ORGANISATION, SUBSTANCE, GLOSSARY = "medicine", "organisation", "substance", "glossary"
_LATIN = re.compile(r"[a-zà-öø-ÿ]+")
_IN_BRACKETS = re.compile(r"\s*[(（][^()（）]*[)）]")
_RUSSIAN_ENDING = re.compile(r"[аяоеёыиьйую]{1,2}$")
_ARABIC_ALIKE = {"ا": "[اأإآ]", "أ": "[اأ]", "إ": "[اإ]", "آ": "[اآ]", "ة": "[ةهت]", "ى": "[ىي]", "ي": "[يى]"}


@dataclass(frozen=True, kw_only=True)
class Term:
    """A term as its two languages say it: labels, the words to use (any form of them), and the words to avoid."""

    code: str
    vocabulary: str
    source_label: str
    target_label: str
    source_preferred: tuple[str, ...] = ()
    target_preferred: tuple[str, ...] = ()
    source_forbidden: tuple[str, ...] = ()
    target_forbidden: tuple[str, ...] = ()

    @property
    def source_words(self) -> tuple[str, ...]:
        return self.source_preferred or (self.source_label,)

    @property
    def target_words(self) -> tuple[str, ...]:
        return (self.target_label, *self.target_preferred) if self.target_label else self.target_preferred


@dataclass(frozen=True, kw_only=True)
class Words:
    """The vocabulary, resolved for a target language."""

    language: str
    terms: tuple[Term, ...] = field(default=())

    def of(self, vocabulary: str) -> list[Term]:
        """The terms of a vocabulary that have a label in both languages."""
        return [term for term in self.terms if term.vocabulary == vocabulary and term.source_label and term.target_words]

    def names(self) -> list[str]:
        """The labels that are the same in both languages, the longest first."""
        return sorted(
            {term.source_label for term in self.terms if term.source_label and term.source_label == term.target_label},
            key=len,
            reverse=True,
        )

    def speaks_of(self, term: Term, source: Passage) -> bool:
        """Whether a source text uses a term by itself, not within the name of an organisation (SMART Recovery)."""
        return bool(pattern(source.language, term.source_words).search(_without(source.folded, tuple(self.names()))))

    def latin_words(self) -> set[str]:
        """The words in Latin letters that the vocabulary has in either language, in small letters."""
        return set(_words_of(tuple(word for term in self.terms for word in (term.source_label, *term.target_words))))


@lru_cache(maxsize=256)
def _without(folded: str, names: tuple[str, ...]) -> str:
    for name in names:
        if " " in name:
            folded = folded.replace(fold(name), " ")
    return folded


@cache
def _words_of(labels: tuple[str, ...]) -> frozenset[str]:
    return frozenset(word for label in labels for word in _LATIN.findall(fold(label)))


@cache
def pattern(language: str, words: tuple[str, ...]) -> re.Pattern[str]:
    """Finds any of these words in folded text, inflected as the language does: налоксона, وبالنالوكسون, l’héroïne."""
    return re.compile(lexicon.whole(language, [_inflected(language, word) for word in words if word.strip()]))


def _inflected(language: str, word: str) -> str:
    folded = fold(_IN_BRACKETS.sub("", word) or word).strip()
    parts = folded.split()
    if folded.isascii() and language in ("ar", "ru"):
        return re.escape(folded)
    match language:
        case "ru":
            return r"\s+".join(_russian(part, alone=len(parts) == 1) for part in parts)
        case "ar":
            return r"\s+".join("(?:ال)?" * (index > 0) + _arabic(part) for index, part in enumerate(parts))
        case "en" | "es" | "fr" | "pt-BR":
            return r"\s+".join(re.escape(part) + "(?:e?s)?" for part in parts)
    return re.escape(folded)


def _russian(word: str, *, alone: bool) -> str:
    """Any case of a name; in an expression the verb of the same root as well (возвращение, возвращаются)."""
    if not alone and len(word) > 8:
        return re.escape(word[:7]) + r"[а-яё]{0,12}"
    return re.escape(_RUSSIAN_ENDING.sub("", word) if len(word) > 4 else word) + r"[а-яё]{0,3}"


def _arabic(word: str) -> str:
    return "".join(_ARABIC_ALIKE.get(letter, re.escape(letter)) for letter in word.removeprefix("ال")) + "(?:ان|ين|ات)?"


# -- the checks --------------------------------------------------------------------------------------------------------


def medicines(source: Passage, target: Passage, words: Words) -> Iterator[Finding]:
    """Each medicine of the source, and no other. Two that look alike may not change places."""
    terms = words.of(MEDICINE)
    there = {term: _mentions(source, term.source_words) for term in terms}
    here = {term: _mentions(target, term.target_words) for term in terms}
    reported = False
    for term in terms:
        names = {"source": term.source_label.lower(), "translation": term.target_label}
        if there[term] and not here[term]:
            reported = True
            yield error(source.key, "medicine", _("The source names %(source)s; the translation does not say “%(translation)s”.") % names)
        elif here[term] and not there[term]:
            reported = True
            yield error(
                source.key, "medicine", _("The translation names “%(translation)s” (%(source)s), which is not in the source.") % names
            )
    if reported:
        return
    for missing, added in permutations(terms, 2):
        if len(here[missing]) < len(there[missing]) and len(here[added]) > len(there[added]):
            names = {"missing": missing.source_label.lower(), "added": added.source_label.lower()}
            yield error(source.key, "medicine", _("One %(missing)s of the source seems to be %(added)s in the translation.") % names)
            return
    if _order(there) != _order(here) and {term: len(found) for term, found in there.items()} == {
        term: len(found) for term, found in here.items()
    }:
        yield warning(source.key, "medicine", _("The medicines stand in another order than in the source. Were two of them exchanged?"))


def organisations(source: Passage, target: Passage, words: Words) -> Iterator[Finding]:
    """The names of organisations as the vocabulary writes them."""
    for term in words.of(ORGANISATION):
        if _mentions(source, term.source_words) and not _mentions(target, term.target_words):
            names = {"source": term.source_label, "translation": term.target_label}
            yield error(
                source.key, "organisation", _("The source names %(source)s; the translation does not say “%(translation)s”.") % names
            )


def substances(source: Passage, target: Passage, words: Words) -> Iterator[Finding]:
    """Heroin stays heroin. What takes several words, a class for instance, may be said in several ways."""
    for term in words.of(SUBSTANCE):
        if " " not in term.target_label and words.speaks_of(term, source) and not _mentions(target, term.target_words):
            names = {"source": term.source_label.lower(), "translation": term.target_label}
            yield warning(
                source.key, "substance", _("The source names %(source)s; the translation does not say “%(translation)s”.") % names
            )


def forced(source: Passage, target: Passage, words: Words) -> Iterator[Finding]:
    """The words that the glossary asks for."""
    for term in words.of(GLOSSARY):
        if term.target_preferred and words.speaks_of(term, source) and not _mentions(target, term.target_words):
            names = {"source": term.source_label.lower(), "translation": term.target_label}
            yield warning(source.key, "forced-term", _("For “%(source)s” the glossary has “%(translation)s”.") % names)


def forbidden(source: Passage, target: Passage, words: Words) -> Iterator[Finding]:
    """The words that the glossary refuses: an error where the source speaks of that term, else a warning."""
    for term in words.terms:
        found = _mentions(target, term.target_forbidden) if term.target_forbidden else []
        if not found:
            continue
        names = {"word": found[0].group(), "translation": term.target_label}
        message = _("The glossary refuses “%(word)s”; it has “%(translation)s”.") % names
        if words.speaks_of(term, source):
            yield error(source.key, "forbidden-term", message)
        elif not lexicon.of(source.language).excuses(term.code, source.folded):
            yield warning(source.key, "forbidden-term", message)


def in_source(text: str, words: Words) -> list[Term]:
    """The terms that a source text uses, in the order of the vocabulary; each organisation by its whole name."""
    passage = Passage(key="", language=languages.SOURCE, text=text)
    return [
        term
        for term in words.terms
        if term.source_label
        and (words.speaks_of(term, passage) if term.vocabulary != ORGANISATION else _mentions(passage, term.source_words))
    ]


def _mentions(passage: Passage, words: tuple[str, ...]) -> list[re.Match[str]]:
    return list(pattern(passage.language, words).finditer(passage.folded))


def _order(mentions: dict[Term, list[re.Match[str]]]) -> list[Term]:
    return [
        term
        for _start, term in sorted(((match.start(), term) for term, found in mentions.items() for match in found), key=lambda pair: pair[0])
    ]
