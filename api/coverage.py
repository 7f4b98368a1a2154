"""How much there is: articles in each language, articles for each term."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q

from api import filters, languages
from api.models import Document, Kind, State
from api.parts import TranslationStatus


@dataclass(kw_only=True)
class Counts:
    """Articles of one language."""

    published: int = 0
    outdated: int = 0
    held: int = 0
    missing: int = 0


def of_languages(*, sample: filters.Samples) -> dict[str, Counts]:
    """Counts by tag, in one query. An article is missing where its source is published and nothing ever was."""
    articles = Document.objects.current().filter(filters.samples(sample), kind=Kind.ARTICLE)
    source = Document.objects.published().filter(kind=Kind.ARTICLE, subject_id=OuterRef("subject_id"), language=languages.SOURCE)
    groups = (
        articles.annotate(wanted=Exists(source))
        .values_list("language", "state", "translation_status", "wanted")
        .annotate(articles=Count("number"))
    )
    counts = {tag: Counts() for tag in languages.TAGS}
    present: Counter[str] = Counter()
    for language, state, status, wanted, number in groups:
        present[language] += number if wanted else 0
        of_language = counts.get(language, Counts())
        if state == State.PUBLISHED:
            of_language.published += number
            of_language.outdated += number if status == TranslationStatus.OUTDATED else 0
        elif state == State.HELD:
            of_language.held += number
    for tag, of_language in counts.items():
        of_language.missing = present[languages.SOURCE] - present[tag]
    return counts


def of_terms(vocabulary: str, *, language: str, sample: filters.Samples) -> Counter[str]:
    """How many published articles of a language name each code of a vocabulary."""
    named = f"{vocabulary}:"
    facets = (
        Document.objects.published()
        .filter(filters.samples(sample), Q(facets__contains=f"|{named}"), kind=Kind.ARTICLE, language=language)
        .values_list("facets", flat=True)
    )
    counts: Counter[str] = Counter()
    for line in facets.iterator():
        counts.update({entry.removeprefix(named) for entry in line.split("|") if entry.startswith(named)})
    return counts
