"""High risk takes two people beside the writer; what the checks find blocks until somebody else lets it pass."""

import pytest

from cms import closing, desk, overriding, reference, sign_off, submitting
from cms.models import Approval, Article, Profile
from cms.overriding import Checked
from cms.sign_off import NotApprovable
from tests.cms import factories

pytestmark = pytest.mark.django_db
LANGUAGE, CLINICAL = Approval.Check.LANGUAGE, Approval.Check.CLINICAL


@pytest.fixture
def shelf():
    return factories.shelf(targets=["es"])


@pytest.fixture
def risky(shelf):
    """Of high risk, live in English, translated into Spanish by the translator."""
    article = factories.go_live(factories.article(shelf, risk=Article.Risk.HIGH))
    return factories.translate(article, "es")


def third_reviewer():
    return factories.user("rana", factories.roles.LANGUAGE_REVIEWER)


def test_the_first_check_puts_nothing_live_and_the_second_does(risky):
    first = factories.approve_target(risky, "es", check=LANGUAGE)
    assert (first.is_complete, first.effective_at, factories.stored(risky, "es")) == (False, None, None)
    second = factories.approve_target(risky, "es", by=factories.second_reviewer(), check=CLINICAL)
    assert second.first_check == first
    told = factories.content(risky, "es")["translation"]
    assert told["language_check"]["by_role"] == told["clinical_check"]["by_role"] == "Clinical reviewers, Language reviewers"


@pytest.mark.parametrize(("one", "two", "goes_live"), [(LANGUAGE, LANGUAGE, True), (CLINICAL, LANGUAGE, True), (CLINICAL, CLINICAL, False)])
def test_two_checks_count_when_one_of_them_is_of_the_language(risky, one, two, goes_live):
    factories.approve_target(risky, "es", check=one)
    if goes_live:
        assert factories.approve_target(risky, "es", by=factories.second_reviewer(), check=two).is_complete
    else:
        with pytest.raises(NotApprovable, match="language check"):
            factories.approve_target(risky, "es", by=factories.second_reviewer(), check=two)


def test_one_person_is_not_two(risky):
    factories.approve_target(risky, "es")
    with pytest.raises(NotApprovable, match="somebody else"):
        factories.approve_target(risky, "es", check=CLINICAL)


def test_who_wrote_it_is_not_the_second_after_a_first_check(risky):
    writer = factories.second_reviewer()
    factories.translate(risky, "es", words=" mine", by=writer)
    factories.approve_target(risky, "es")
    with pytest.raises(NotApprovable, match="You wrote some of this text"):
        factories.approve_target(risky, "es", by=writer)


def test_a_change_after_the_first_check_asks_for_both_again(risky):
    factories.approve_target(risky, "es")
    factories.translate(risky, "es", words=" changed")
    assert not factories.approve_target(risky, "es", by=factories.second_reviewer()).is_complete
    assert factories.stored(risky, "es") is None


def test_a_pause_after_the_first_check_asks_for_both_again(risky):
    factories.approve_target(risky, "es")
    factories.approve_target(risky, "es", by=factories.second_reviewer())
    factories.translate(risky, "es", words=" changed")
    factories.approve_target(risky, "es")
    closing.pause(risky, "es", by=factories.safety_lead(), reason="Danger.")
    assert not factories.approve_target(risky, "es", by=factories.second_reviewer()).is_complete
    assert factories.stored(risky, "es").state == "held"


def test_taking_the_first_check_back_takes_the_text_from_readers(risky):
    first = factories.approve_target(risky, "es")
    factories.approve_target(risky, "es", by=factories.second_reviewer())
    sign_off.revoke(risky, first, by=factories.safety_lead(), reason="Not careful.")
    assert factories.stored(risky, "es").state == "held"


def test_a_risk_that_was_raised_in_a_draft_counts_at_once(shelf):
    article = factories.translate(factories.go_live(factories.article(shelf)), "es")
    factories.edit(article, risk=Article.Risk.HIGH)
    assert not factories.approve_target(article, "es").is_complete


def test_a_risk_that_an_editor_alone_lowered_still_counts(risky, settings):
    settings.CLINICAL_SIGN_OFF = "required"
    factories.edit(risky, risk=Article.Risk.STANDARD)
    factories.publish(risky, severity="substantive")
    factories.translate(risky, "es", words=" again")
    assert not factories.approve_target(risky, "es").is_complete


def test_a_recall_after_the_first_check_asks_for_both_again(risky):
    factories.approve_target(risky, "es")
    factories.approve_target(risky, "es", by=factories.second_reviewer())
    factories.translate(risky, "es", words=" changed")
    factories.approve_target(risky, "es")
    closing.recall(risky, "es", by=factories.safety_lead(), reason="Wrong.")
    assert not factories.approve_target(risky, "es", by=factories.second_reviewer()).is_complete


def test_nobody_approves_in_a_language_that_they_do_not_hold(risky):
    Profile.objects.filter(user=factories.administrator()).update(languages=["en", "fr"])
    with pytest.raises(NotApprovable, match="You do not work in Español"):
        factories.approve_target(risky, "es", by=factories.administrator())


# -- alone, in an emergency ------------------------------------------------------------------------------------------


def test_alone_skips_the_second_person_and_nothing_else_and_waits_to_be_confirmed(risky):
    approval = factories.approve_target(risky, "es", alone_because="Contaminated supply tonight.")
    assert factories.stored(risky, "es").state == "published"
    with pytest.raises(NotApprovable):
        sign_off.confirm_alone(risky, approval, by=factories.reviewer())
    sign_off.confirm_alone(risky, approval, by=factories.safety_lead())
    approval.refresh_from_db()
    assert approval.confirmed_by_name == "sven"


def test_alone_does_not_approve_what_moved_or_is_not_whole(risky):
    _source, digest = desk.source(risky)
    given = sign_off.Given(alone_because="Now.")
    with pytest.raises(NotApprovable, match="has changed"):
        sign_off.approve(risky, "es", by=factories.reviewer(), shown="another", source_shown=digest, given=given)
    factories.translate(risky, "es", texts={"headline": "Solo esto"})
    with pytest.raises(NotApprovable, match="not translated yet"):
        factories.approve_target(risky, "es", alone_because="Now.")


# -- what the checks find --------------------------------------------------------------------------------------------


@pytest.fixture
def wrong(shelf):
    """A Spanish text in which a number changed."""
    article = factories.go_live(factories.article(shelf))
    source, _digest = desk.source(article)
    texts = dict.fromkeys(source, "Texto en español que dice lo mismo")
    key = list(source)[-1]
    texts[key] = "<p>Dura de 5 a 70 días.</p>"
    return factories.translate(article, "es", texts=texts)


def checked(article):
    source, _digest = desk.source(article)
    return Checked(subject=article, language="es", texts=factories.fresh(article).texts_in("es"), source=source)


def approve(article, by):
    _source, digest = desk.source(article)
    shown = reference.shown_digest(factories.fresh(article), "es")
    return sign_off.approve(article, "es", by=by, shown=shown, source_shown=digest)


def test_an_error_blocks_until_somebody_else_lets_it_pass(wrong):
    with pytest.raises(NotApprovable, match="that the checks found"):
        approve(wrong, factories.reviewer())
    for finding in checked(wrong).errors:
        overriding.request(checked(wrong), key=finding.key, check=finding.check, reason="The source is wrong.", by=factories.translator())
    approval = approve(wrong, factories.reviewer())
    assert {(kept["reason"], kept["by"]) for kept in approval.overrides} == {("The source is wrong.", "tariq")}


def test_who_asked_to_let_it_pass_is_not_the_one_who_approves(wrong):
    for finding in checked(wrong).errors:
        overriding.request(checked(wrong), key=finding.key, check=finding.check, reason="It is right.", by=factories.reviewer())
    with pytest.raises(NotApprovable, match="that the checks found"):
        approve(wrong, factories.reviewer())


def test_a_changed_text_is_not_let_pass_any_more(wrong):
    for finding in checked(wrong).errors:
        overriding.request(checked(wrong), key=finding.key, check=finding.check, reason="It is right.", by=factories.second_translator())
    texts = factories.fresh(wrong).texts_in("es")
    key = list(texts)[-1]
    factories.translate(wrong, "es", texts=texts | {key: "<p>Dura de 5 a 700 días.</p>"})
    with pytest.raises(NotApprovable, match="that the checks found"):
        approve(wrong, factories.reviewer())


@pytest.mark.parametrize(("reason", "check"), [("", None), ("Because.", "nonsense")])
def test_letting_pass_takes_a_reason_and_something_found(wrong, reason, check):
    finding = checked(wrong).errors[0]
    with pytest.raises(overriding.NotOverridable):
        overriding.request(checked(wrong), key=finding.key, check=check or finding.check, reason=reason, by=factories.translator())


def test_a_correction_of_what_readers_have_says_how_much_it_changes(shelf):
    article = factories.translated(factories.go_live(factories.article(shelf)), "es")
    factories.translate(article, "es", words=" better")
    with pytest.raises(NotApprovable, match="how much this changes"):
        factories.approve_target(article, "es", severity="")
    factories.approve_target(article, "es", severity="safety", note="A wrong number.")
    document = factories.stored(article, "es")
    assert (document.update_type, document.change_note) == ("safety", "A wrong number.")


# -- handing over ----------------------------------------------------------------------------------------------------


def submit(article, by=None, note="Please look."):
    shown = reference.shown_digest(factories.fresh(article), "es")
    return submitting.submit(article, "es", by=by or factories.translator(), shown=shown, note=note)


def test_a_submission_waits_and_comes_back_with_a_reason(risky):
    submit(risky)
    assert submitting.open_submission(risky, "es").note == "Please look."
    submitting.give_back(risky, "es", by=factories.reviewer(), reason="The second sentence.")
    assert submitting.open_submission(risky, "es") is None
    with pytest.raises(submitting.NotSubmittable, match="Nothing is submitted"):
        submitting.give_back(risky, "es", by=factories.reviewer(), reason="Again.")


def test_what_is_not_whole_or_is_submitted_already_is_not_submitted(risky):
    submit(risky)
    with pytest.raises(submitting.NotSubmittable, match="submitted already"):
        submit(risky)
    factories.translate(risky, "es", texts={"headline": "Solo esto"})
    with pytest.raises(submitting.NotSubmittable, match="not translated yet"):
        submit(risky)


def test_a_return_takes_a_reason(risky):
    submit(risky)
    with pytest.raises(submitting.NotSubmittable, match="Say what to correct"):
        submitting.give_back(risky, "es", by=factories.reviewer(), reason=" ")
