"""The checks of a translation before its sign-off: what is wrong in it, segment by segment, that a machine can see.

    quality.findings(source, target, language="es", words=glossary.words_for("es"))

Pure: no database, no request, no clock. Errors block an approval until a second person overrides them with a reason.
"""

from collections.abc import Callable, Iterator

from cms import languages
from cms.quality import form, meaning, numbers, vocabulary
from cms.quality.findings import Finding, Level
from cms.quality.passages import Passage
from cms.quality.vocabulary import Term, Words, in_source
from cms.segments import Texts

__all__ = ["Finding", "Level", "Term", "Words", "findings", "in_source"]

_OF_TEXT: tuple[Callable[[Passage, Passage], Iterator[Finding]], ...] = (
    form.markup,
    form.links,
    form.addresses,
    numbers.phone_numbers,
    numbers.clock_times,
    numbers.numbers,
    numbers.ranges,
    numbers.durations,
    meaning.negations,
    meaning.conditions,
    form.length,
)
_OF_WORDS: tuple[Callable[[Passage, Passage, Words], Iterator[Finding]], ...] = (
    form.copied,
    form.script,
    vocabulary.medicines,
    vocabulary.organisations,
    vocabulary.substances,
    vocabulary.forced,
    vocabulary.forbidden,
)


def findings(source: Texts, target: Texts, *, language: str, words: Words) -> list[Finding]:
    """What is wrong, or looks so, in the segments that have a text in both: in the source's order, errors first in each."""
    found: list[Finding] = []
    for key, text in source.items():
        theirs = Passage(key=key, language=languages.SOURCE, text=text)
        ours = Passage(key=key, language=language, text=target.get(key, ""))
        if theirs.plain and ours.plain:
            found += sorted(_of_segment(theirs, ours, words), key=lambda finding: finding.level != "error")
    return found


def _of_segment(source: Passage, target: Passage, words: Words) -> Iterator[Finding]:
    for check in _OF_TEXT:
        yield from check(source, target)
    for check_with_words in _OF_WORDS:
        yield from check_with_words(source, target, words)
