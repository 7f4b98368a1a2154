"""Negations and conditions: "not", "never", "unless", "only after", "stop". Compared sentence by sentence; warnings only.

A sentence of the source is laid beside the sentence in the same place of the same paragraph; where their number differs,
they are laid beside each other by length.
"""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from cms.quality import lexicon
from cms.quality.findings import Finding, warning
from cms.quality.passages import Passage

#: Paragraphs with more pairs of sentences than this are compared whole.
_MOST_PAIRS = 400
#: What it costs to lay one sentence beside two or none, in characters.
_UNEVEN = 10


def negations(source: Passage, target: Passage) -> Iterator[Finding]:
    """As many negations as in the source, or more: a language may need two where English has one."""
    theirs, ours = lexicon.of(source.language), lexicon.of(target.language)
    for sentence, translated in _pairs(source, target):
        there, here = theirs.negations.findall(sentence), len(ours.negations.findall(translated))
        paired = theirs.correlatives.findall(sentence)
        here += bool((paired or len(there) > 1) and ours.correlatives.search(translated))
        if len(there) + bool(paired) > here:
            names = {"words": ", ".join([*there, *paired]), "sentence": _shortened(sentence)}
            few, none = _("A negation may be missing (%(words)s): “%(sentence)s”"), _("There is no negation (%(words)s) in: “%(sentence)s”")
            yield warning(source.key, "negation", (few if here else none) % names)


def conditions(source: Passage, target: Passage) -> Iterator[Finding]:
    """Words of stopping and of conditions."""
    theirs, ours = lexicon.of(source.language).conditions, lexicon.of(target.language).conditions
    for sentence, translated in _pairs(source, target):
        for name, words in theirs.items():
            found = words.search(sentence)
            if found and not ours[name].search(translated):
                names = {"word": found.group(), "sentence": _shortened(sentence)}
                yield warning(source.key, name, _("The translation seems to lack “%(word)s” in: “%(sentence)s”") % names)


def _pairs(source: Passage, target: Passage) -> Iterator[tuple[str, str]]:
    if len(source.sentences) != len(target.sentences):
        yield source.folded, target.folded
        return
    for theirs, ours in zip(source.sentences, target.sentences, strict=True):
        if len(theirs) == len(ours):
            yield from zip(theirs, ours, strict=True)
        elif len(theirs) * len(ours) > _MOST_PAIRS:
            yield " ".join(theirs), " ".join(ours)
        else:
            yield from _aligned(theirs, ours)


def _aligned(theirs: list[str], ours: list[str]) -> list[tuple[str, str]]:
    """Sentences laid beside each other by their lengths (after Gale and Church, 1993): one or two to one, or one to none."""
    share = sum(map(len, ours)) / max(sum(map(len, theirs)), 1)
    best: dict[tuple[int, int], tuple[float, list[tuple[str, str]]]] = {(0, 0): (0.0, [])}
    for i in range(len(theirs) + 1):
        for j in range(len(ours) + 1):
            for a, b in ((1, 1), (1, 2), (2, 1), (0, 1), (1, 0)):
                if (i - a, j - b) not in best:
                    continue
                cost, pairs = best[i - a, j - b]
                source, target = " ".join(theirs[i - a : i]), " ".join(ours[j - b : j])
                cost += abs(len(target) - share * len(source)) + (0 if a == b else _UNEVEN)
                if (i, j) not in best or cost < best[i, j][0]:
                    best[i, j] = (cost, [*pairs, (source, target)])
    return best[len(theirs), len(ours)][1]


def _shortened(sentence: str) -> str:
    return sentence if len(sentence) <= 80 else f"{sentence[:79].rstrip()}…"
