"""The vocabulary of a language pair, read from the database."""

import pytest

from cms import glossary
from cms.models import Term
from tests.cms import factories

pytestmark = pytest.mark.django_db


def naloxone(**fields: str) -> Term:
    row = factories.term("naloxone", vocabulary=Term.Vocabulary.MEDICINE, label="Naloxone")
    factories.translate(row, "es", texts={"label": "Naloxona"})
    Term.objects.filter(pk=row.pk).update(**fields)
    return factories.fresh(row)


def only_term(language: str = "es"):
    (term,) = glossary.words_for(language).terms
    return term


def test_labels_of_the_row_until_one_is_approved():
    naloxone()
    assert (only_term().source_label, only_term().target_label) == ("Naloxone", "Naloxona")


def test_the_approved_label_counts_not_what_somebody_saved_since():
    row = naloxone()
    factories.approve_target(row, "es")
    factories.translate(row, "es", texts={"label": "Naltrexona"})
    assert only_term().target_label == "Naloxona"


def test_a_language_without_a_label_has_none():
    naloxone()
    assert only_term("ar").target_label == ""


def test_words_to_use_and_to_avoid_are_lines():
    naloxone(preferred_terms_en="naloxone\n", preferred_terms_es="naloxona\n naloxonas\n", forbidden_terms_es="antídoto")
    term = only_term()
    assert (term.source_preferred, term.target_preferred, term.target_forbidden) == (
        ("naloxone",),
        ("naloxona", "naloxonas"),
        ("antídoto",),
    )


def test_terms_of_a_segment():
    naloxone()
    words = glossary.words_for("es")
    assert [term.code for term in glossary.for_segment("<p>Keep <b>naloxone</b> at hand.</p>", words)] == ["naloxone"]
    assert glossary.for_segment("Keep water at hand.", words) == []


def test_reading_the_vocabulary_takes_a_handful_of_queries(django_assert_max_num_queries):
    for number in range(20):
        factories.term(f"term-{number}")
    with django_assert_max_num_queries(6):
        glossary.words_for("es")
