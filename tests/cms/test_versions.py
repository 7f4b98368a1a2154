"""A version a sitting; what moved in the source is to do again until it is translated anew or confirmed."""

from datetime import timedelta

import pytest

from cms import desk, languages, people, versions
from cms.models import Confirmation, Contribution, Origin, Profile, Version
from cms.versions import State
from tests import scenes
from tests.cms import factories

pytestmark = pytest.mark.django_db

WARNING = f"{factories.block_id('help')}.{factories.block_id('help.warning')}"


@pytest.fixture
@scenes.built_once
def article():
    """Live in English, with a warning and steps."""
    return factories.go_live(factories.article(factories.shelf(targets=["es"]), body=factories.full_body()))


def states(article, language="es"):
    source, _digest = desk.source(factories.fresh(article))
    return versions.states(factories.fresh(article).texts_in(language), versions.current_parts(article.public_id, language), source)


def changed_warning(article):
    """A new source whose warning alone moved."""
    body = factories.full_body()
    body[1]["value"]["blocks"][0]["value"] = "<p>Never stop <b>alone</b>, and never at once.</p>"
    factories.edit(article, body=body)
    return factories.go_live(article, severity="substantive")


def test_a_person_who_goes_on_saving_goes_on_with_one_version(article):
    factories.translate(article, "es")
    factories.translate(article, "es", words=" again")
    (version,) = versions.of(article.public_id, "es")
    assert versions.parts(version)["headline"].text.endswith("[es again]")


def test_another_person_a_submission_or_half_an_hour_begins_a_new_version(article):
    factories.translate(article, "es")
    factories.translate(article, "es", words=" two", by=factories.second_translator())
    Version.objects.update(at=versions.latest(article.public_id, "es").at - timedelta(minutes=31))
    factories.translate(article, "es", words=" three", by=factories.second_translator())
    factories.approve_target(article, "es")
    factories.translate(article, "es", words=" four", by=factories.second_translator())
    assert [version.by_name for version in versions.of(article.public_id, "es")] == ["tina", "tina", "tina", "tariq"]


def test_only_what_moved_in_the_source_is_to_do_again(article):
    factories.translated(article, "es")
    assert set(states(article).values()) == {State.DONE}
    changed_warning(article)
    assert {key for key, state in states(article).items() if state == State.MOVED} == {WARNING}


def test_a_moved_segment_is_done_when_it_is_translated_anew(article):
    factories.translated(article, "es")
    changed_warning(article)
    source, _digest = desk.source(article)
    text = factories.in_language(source, "es", " anew")[WARNING]
    began = {WARNING: versions.digest(factories.fresh(article).texts_in("es")[WARNING])}
    assert desk.save_segments(article, "es", {WARNING: text}, started_from=began, by=factories.translator())
    assert states(article)[WARNING] == State.DONE


def test_still_correct_is_recorded_and_is_no_change_of_the_text(article):
    factories.translated(article, "es")
    changed_warning(article)
    before, written = factories.fresh(article).texts_in("es"), Contribution.objects.count()
    shown = versions.digest(before[WARNING])
    desk.confirm(article, "es", WARNING, of=Confirmation.Of.STILL_CORRECT, shown=shown, by=factories.translator())
    assert states(article)[WARNING] == State.DONE
    assert (factories.fresh(article).texts_in("es"), Contribution.objects.count()) == (before, written)
    assert Confirmation.objects.get().by_name == "tariq"


def test_a_text_that_moved_is_not_confirmed(article):
    factories.translated(article, "es")
    with pytest.raises(desk.TextMoved):
        desk.confirm(article, "es", WARNING, of=Confirmation.Of.STILL_CORRECT, shown="another", by=factories.translator())
    assert not Confirmation.objects.exists()


def test_a_new_segment_is_empty_and_a_removed_one_leaves(article):
    factories.translated(article, "es")
    body = factories.full_body()
    del body[1]["value"]["blocks"][0]
    body[0]["value"]["blocks"].append(factories.block("what.more", "paragraph", "<p>More.</p>"))
    factories.edit(article, body=body)
    factories.go_live(article, severity="substantive")
    found = states(article)
    assert WARNING not in found
    assert [state for state in found.values() if state != State.DONE] == [State.EMPTY]


def test_a_machines_segment_is_read_or_changed_by_a_person_before_it_counts(article):
    source, _digest = desk.source(article)
    desk.save(article, "es", factories.in_language(source, "es"), started_from="", by=factories.translator(), origin=Origin.MACHINE)
    assert versions.unread_machine(article.public_id, "es", source) == list(source)
    stored = factories.fresh(article).texts_in("es")
    desk.confirm(article, "es", "headline", of="machine-read", shown=versions.digest(stored["headline"]), by=factories.translator())
    began = {"summary": versions.digest(stored["summary"])}
    desk.save_segments(article, "es", {"summary": "Otro resumen"}, started_from=began, by=factories.translator())
    assert versions.unread_machine(article.public_id, "es", source) == [key for key in source if key not in ("headline", "summary")]
    assert versions.parts(versions.latest(article.public_id, "es"))["summary"].origin == Origin.MACHINE_EDITED
    assert versions.origin(article.public_id, "es", source) == Origin.MACHINE_EDITED


def test_two_people_in_two_segments_lose_nothing_and_in_one_the_second_gets_both(article):
    factories.translate(article, "es")
    began = {key: versions.digest(text) for key, text in factories.fresh(article).texts_in("es").items()}
    desk.save_segments(article, "es", {"headline": "Uno"}, started_from=began, by=factories.translator())
    desk.save_segments(article, "es", {"summary": "Dos"}, started_from=began, by=factories.second_translator())
    with pytest.raises(desk.TextMoved) as moved:
        desk.save_segments(article, "es", {"headline": "Tres"}, started_from=began, by=factories.second_translator())
    assert moved.value.theirs == {"headline": "Uno"}
    stored = factories.fresh(article).texts_in("es")
    assert (stored["headline"], stored["summary"]) == ("Uno", "Dos")


def test_a_segment_that_the_source_has_not_is_refused(article):
    with pytest.raises(desk.UnknownSegment):
        desk.save_segments(article, "es", {"elsewhere": "x"}, started_from={"elsewhere": ""}, by=factories.translator())


def test_a_version_is_restored_by_a_save_like_any_other(article):
    factories.translate(article, "es")
    first = versions.latest(article.public_id, "es")
    factories.translate(article, "es", words=" two", by=factories.second_translator())
    began = factories.reference.shown_digest(factories.fresh(article), "es")
    desk.restore(article, first, started_from=began, by=factories.second_translator())
    assert factories.fresh(article).texts_in("es")["headline"].endswith("[es]")
    assert Contribution.objects.filter(language="es", by_name="tina", subject_id=article.public_id).count() == 2


@pytest.mark.parametrize("person", [factories.translator, factories.administrator])
def test_nobody_writes_a_language_that_they_do_not_hold(article, person):
    Profile.objects.filter(user=person()).update(languages=[tag for tag in languages.TAGS if tag != "es"])
    with pytest.raises(people.LanguageNotHeld):
        factories.translate(article, "es", by=person())
    assert not versions.of(article.public_id, "es")
