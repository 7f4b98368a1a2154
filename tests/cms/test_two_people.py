"""One person alone changes nothing that is public (row 26)."""

from datetime import date

import pytest
from wagtail.log_actions import LogContext

from cms import sign_off
from cms.models import HelpContact, Notice, SafetyAdvice, Term
from tests.cms import factories

pytestmark = pytest.mark.django_db

LOOK_ALIKES = [("Naloxone", "Naltrexone"), ("5 mg", "50 mg"), ("0.4", "4.0"), ("do not", "do"), ("112", "113")]
TEXT = "Naloxone 5 mg, 0.4 of it, do not wait, call 112."


@pytest.fixture
def library(settings):
    settings.CLINICAL_SIGN_OFF = "required"
    shelf = factories.shelf(targets=["es"])
    article = factories.translated(factories.go_live(factories.article(shelf)), "es")
    rows = {
        Term: factories.term("naloxone", vocabulary="medicine", label=TEXT, targets=["es"]),
        SafetyAdvice: shelf.advice,
        Notice: shelf.outdated,
        HelpContact: factories.contact(number="112", targets=["es"]),
    }
    return article, rows


def wrong(row, right: str, mistaken: str) -> None:
    """The mistake, in the source and the number of a row."""
    field = {"term": "label_en", "advice": "text_en", "notice": "text_en", "help_contact": "name_en"}[row.kind]
    words = TEXT.replace(right, mistaken)
    setattr(row, field, words if field != "text_en" else f"<p>{words}</p>")
    if isinstance(row, HelpContact):
        row.number = "113"


@pytest.mark.figure(26)
def test_one_person_alone_changes_no_public_byte(library, figure):
    _article, rows = library
    person = factories.user("solo", "Editors", "Clinical reviewers", superuser=True)
    before = factories.public()
    tries = changed = 0
    for right, mistaken in LOOK_ALIKES:
        for model, made in rows.items():
            row = model.objects.get(pk=made.pk)
            with LogContext(user=person):
                wrong(row, right, mistaken)
                row.save()
            with pytest.raises(sign_off.NotApprovable, match="You wrote"):
                factories.approve_source(row, by=person)
            texts = {key: text.replace("[es]", mistaken) for key, text in factories.fresh(row).texts_in("es").items()}
            factories.translate(row, "es", by=person, texts=texts)
            with pytest.raises(sign_off.NotApprovable, match="You wrote"):
                factories.approve_target(row, "es", by=person)
            tries += 3
            changed += factories.public() != before
    assert tries >= 50
    figure(row=26, name=f"public changes by one person in {tries} tries", value=changed, limit=0)


def test_a_contact_verified_by_one_person_is_not_served(library):
    _article, rows = library
    person = factories.user("solo", "Editors", "Clinical reviewers")
    row = factories.fresh(rows[HelpContact])
    before = factories.public()
    with LogContext(user=person):
        row.verified_on, row.verify_by = date(2026, 6, 1), date(2027, 6, 1)
        row.save()
    with pytest.raises(sign_off.NotApprovable, match="You wrote"):
        factories.approve_source(row, by=person)
    assert factories.public() == before
