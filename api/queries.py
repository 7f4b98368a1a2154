"""What somebody searches for: words, "phrases" and -exclusions, as terms of one language. Any text can be read."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from api import words
from api.words import Run

MOST_CHARACTERS = 500
MOST_WORDS = 40
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»「」『』＂", '"'))
_PIECE = re.compile(r'(?P<minus>(?<!\S)-)?(?:"(?P<phrase>[^"]*)"|(?P<plain>[^\s"]+))')
_MOST_NEARBY = 20


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A part of what was written: a phrase, or plain words."""

    folded: str
    phrase: bool
    excluded: bool


@dataclass(frozen=True, kw_only=True)
class Term:
    """One thing to look for: tokens side by side, the last of which may be only a beginning; or one of `others` in its place.

    An `exact` one stands as it was written; a word that is not may stand in another form.
    """

    tokens: tuple[str, ...]
    exact: bool = False
    beginning: bool = False
    others: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Terms:
    """All of `wanted`, and none of `unwanted`."""

    wanted: tuple[Term, ...] = ()
    unwanted: tuple[Term, ...] = ()


def pieces(text: str) -> list[Piece]:
    """The parts of a query. Plain words that stand together are one part."""
    found: list[Piece] = []
    for match in _PIECE.finditer(text.translate(_QUOTES)):
        piece = Piece(
            folded=words.fold(match["plain"] if match["phrase"] is None else match["phrase"]),
            phrase=match["phrase"] is not None,
            excluded=bool(match["minus"]),
        )
        if found and not (piece.phrase or piece.excluded or found[-1].phrase or found[-1].excluded):
            found[-1] = Piece(folded=f"{found[-1].folded} {piece.folded}", phrase=False, excluded=False)
        else:
            found.append(piece)
    return found


def count(asked: Sequence[Piece]) -> int:
    """How many words, of Chinese characters, are looked for."""
    return sum(len(run.units) for piece in asked for run in words.runs(piece.folded, ""))


def looked_up(asked: Sequence[Piece], language: str) -> set[str]:
    """The tokens of which must be known whether the index has them."""
    plain = (piece for piece in asked if not piece.phrase and not piece.excluded)
    return {token for piece in plain for run in words.runs(piece.folded, language) for token in (run.pairs if run.paired else run.units)}


def terms(asked: Sequence[Piece], language: str, vocabulary: set[str]) -> Terms:
    """The terms of a language. `vocabulary` holds those of its words that were looked up, and those nearby."""
    wanted: list[Term] = []
    unwanted: list[Term] = []
    for piece in asked:
        found = list(words.runs(piece.folded, language))
        if piece.phrase or piece.excluded:
            (unwanted if piece.excluded else wanted).extend(_phrase(found, exact=piece.phrase))
        else:
            for run in found:
                wanted.extend(_pairs(run, vocabulary) if run.paired else [_word(run.units[0], vocabulary)])
    return Terms(wanted=tuple(dict.fromkeys(wanted)), unwanted=tuple(dict.fromkeys(unwanted)))


def _phrase(found: list[Run], *, exact: bool) -> Iterator[Term]:
    """The runs side by side. Of the last one nothing is known of what follows, so its last unit is only a beginning, or left out."""
    if not found:
        return
    last = found[-1]
    if not last.paired:
        tokens = tuple(token for run in found for token in run.tokens)
        yield Term(tokens=tokens, exact=exact or len(tokens) > 1)
        return
    tokens = tuple(token for run in found[:-1] for token in run.tokens)
    if last.pairs:
        yield Term(tokens=tokens + last.pairs, exact=True)
    else:
        yield Term(tokens=(*tokens, last.start(last.units[0])), exact=True, beginning=True)


def _word(word: str, vocabulary: set[str]) -> Term:
    return Term(tokens=(word,), others=_nearby(word, vocabulary))


def _pairs(run: Run, vocabulary: set[str]) -> Iterator[Term]:
    """The pairs that the index has. One that it has not most likely goes over the border of two words: no reason to find nothing."""
    covered: set[int] = set()
    for at, pair in enumerate(run.pairs):
        others = _nearby(pair, vocabulary)
        if pair in vocabulary or others:
            covered |= {at, at + 1}
            yield Term(tokens=(pair,), exact=True, others=others)
    for at, unit in enumerate(run.units):
        # Where nothing parts words, what nobody wrote in any article need not be there; where spaces do, each one is meant.
        if at not in covered and (run.joint or not covered):
            yield Term(tokens=(run.start(unit),), exact=True, beginning=True)


def _nearby(word: str, vocabulary: set[str]) -> tuple[str, ...]:
    if word in vocabulary or not words.tolerates(word):
        return ()
    return tuple(sorted(other for other in vocabulary if words.is_one_error_away(word, other))[:_MOST_NEARBY])
