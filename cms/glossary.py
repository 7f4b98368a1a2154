"""The vocabulary of a language pair as the desk uses it: for the checks, and for the column beside the text."""

from cms import languages, quality
from cms.models import Term
from cms.resolving import Resolver


def words_for(language: str) -> quality.Words:
    """Every term with its labels in the source and in `language`: the approved one where there is one, else the row's."""
    rows = list(Term.objects.order_by("vocabulary", "sort_order", "pk"))
    resolver = Resolver()
    resolver.decisions(row.public_id for row in rows)
    return quality.Words(language=language, terms=tuple(_term(row, language, resolver) for row in rows))


def for_segment(text: str, words: quality.Words) -> list[quality.Term]:
    """The terms that occur in a segment of the source, in the order of the vocabulary."""
    return quality.in_source(text, words)


def _term(row: Term, language: str, resolver: Resolver) -> quality.Term:
    return quality.Term(
        code=row.code,
        vocabulary=row.vocabulary,
        source_label=_label(row, languages.SOURCE, resolver),
        target_label=_label(row, language, resolver),
        source_preferred=_lines(row, "preferred_terms", languages.SOURCE),
        target_preferred=_lines(row, "preferred_terms", language),
        source_forbidden=_lines(row, "forbidden_terms", languages.SOURCE),
        target_forbidden=_lines(row, "forbidden_terms", language),
    )


def _label(row: Term, language: str, resolver: Resolver) -> str:
    approved = resolver.served(row.public_id, language)
    return approved.texts["label"] if approved else languages.read(row, "label", language) or ""


def _lines(row: Term, field: str, language: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in (languages.read(row, field, language) or "").splitlines() if line.strip())
