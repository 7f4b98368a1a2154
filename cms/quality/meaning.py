"""Negations and conditions: "not", "never", "unless", "only after", "stop". Compared sentence by sentence; warnings only.

A sentence of the source is laid beside the sentence in the same place of the same paragraph; where their number differs,
the whole paragraph is compared.
"""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from cms.quality import lexicon
from cms.quality.findings import Finding, warning
from cms.quality.passages import Passage


def negations(source: Passage, target: Passage) -> Iterator[Finding]:
    """As many negations as in the source, or more: a language may need two where English has one."""
    theirs, ours = lexicon.of(source.language).negations, lexicon.of(target.language).negations
    for sentence, translated in _pairs(source, target):
        found = theirs.findall(sentence)
        here = len(ours.findall(translated))
        if here < len(found):
            names = {"word": found[-1] if not here else ", ".join(found), "sentence": _shortened(sentence)}
            few, none = _("A negation may be missing (%(word)s): “%(sentence)s”"), _("There is no negation (%(word)s) in: “%(sentence)s”")
            message = few if here else none
            yield warning(source.key, "negation", message % names)


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
        else:
            yield " ".join(theirs), " ".join(ours)


def _shortened(sentence: str) -> str:
    return sentence if len(sentence) <= 80 else f"{sentence[:79].rstrip()}…"
