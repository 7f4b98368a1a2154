"""Signing off takes two people, the text that was shown, and everything that it needs."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cms import closing, desk, reference, sign_off
from cms.models import Approval, Contribution, Release, SourceChange
from tests.cms import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _required(settings):
    settings.CLINICAL_SIGN_OFF = "required"


@pytest.fixture
def shelf():
    return factories.shelf(targets=("es",))


def refusal(act, *arguments, **named) -> str:
    with pytest.raises(sign_off.NotApprovable) as refused:
        act(*arguments, **named)
    return str(refused.value)


def test_the_writer_of_a_source_cannot_sign_it_off(shelf):
    article = factories.article(shelf)
    assert "You wrote" in refusal(factories.approve_source, article, by=factories.editor())


def test_who_changed_only_a_fact_cannot_sign_it_off(shelf):
    article = factories.go_live(factories.article(shelf))
    factories.edit(article, by=factories.second_reviewer(), audience="families")
    assert "You wrote" in refusal(factories.approve_source, article, by=factories.second_reviewer())
    factories.approve_source(article, by=factories.reviewer())


def test_who_wrote_before_the_last_approval_may_approve_the_next(shelf):
    article = factories.article(shelf, by=factories.second_reviewer())
    factories.approve_source(article, by=factories.reviewer())
    factories.edit(article, by=factories.editor(), summary_en="Another.")
    factories.approve_source(article, by=factories.second_reviewer())


def test_a_revoked_approval_does_not_count_as_the_last_one(shelf):
    article = factories.article(shelf, by=factories.second_reviewer())
    approval = factories.approve_source(article, by=factories.reviewer())
    sign_off.revoke(article, approval, by=factories.safety_lead(), reason="Wrong.")
    assert "You wrote" in refusal(factories.approve_source, article, by=factories.second_reviewer())


def test_a_clock_that_steps_back_excuses_no_writer(shelf):
    article = factories.article(shelf)
    approval = factories.approve_source(article)
    Approval.objects.filter(pk=approval.pk).update(at=timezone.now() + timedelta(hours=1))
    factories.edit(article, by=factories.second_reviewer(), summary_en="Another.")
    assert "You wrote" in refusal(factories.approve_source, article, by=factories.second_reviewer())


def test_the_translator_cannot_approve_the_translation(shelf):
    article = factories.translate(factories.go_live(factories.article(shelf)), "es")
    assert "You wrote" in refusal(factories.approve_target, article, "es", by=factories.translator())
    assert factories.stored(article, "es") is None


def test_an_administrator_is_not_exempt(shelf):
    article = factories.go_live(factories.article(shelf))
    factories.translate(article, "es", by=factories.administrator())
    assert "You wrote" in refusal(factories.approve_target, article, "es", by=factories.administrator())


def test_who_paused_cannot_lift_it_by_approving(shelf):
    article = factories.translated(factories.go_live(factories.article(shelf)), "es")
    closing.pause(article, "es", by=factories.second_reviewer(), reason="Danger.")
    assert "You paused" in refusal(factories.approve_target, article, "es", by=factories.second_reviewer())
    factories.approve_target(article, "es", by=factories.reviewer())
    assert factories.stored(article, "es").state == "published"


def test_who_paused_cannot_lift_it_after_others_closed_it_too(shelf):
    article = factories.translated(factories.go_live(factories.article(shelf)), "es")
    closing.pause(article, "es", by=factories.second_reviewer(), reason="Danger.")
    closing.pause(article, closing.ALL, by=factories.safety_lead(), reason="Danger.")
    approval = Approval.objects.get(subject_id=article.public_id, language="es")
    sign_off.revoke(article, approval, by=factories.safety_lead(), reason="Wrong.")
    assert "You paused" in refusal(factories.approve_target, article, "es", by=factories.second_reviewer())


def test_a_text_that_moved_since_it_was_shown_is_refused(shelf):
    article = factories.translate(factories.go_live(factories.article(shelf)), "es")
    shown, source_shown = reference.shown_digest(article, "es"), desk.source(article)[1]
    factories.translate(article, "es", words=" newer")
    named = {"by": factories.reviewer(), "shown": shown, "source_shown": source_shown}
    assert "changed since" in refusal(sign_off.approve, article, "es", **named)


def test_a_source_that_moved_since_it_was_shown_is_refused(shelf):
    article = factories.translate(factories.go_live(factories.article(shelf)), "es")
    shown, source_shown = reference.shown_digest(article, "es"), desk.source(article)[1]
    factories.edit(article, body=factories.small_body("<p>Another text.</p>"))
    factories.go_live(article)
    named = {"by": factories.reviewer(), "shown": shown, "source_shown": source_shown}
    assert "changed since" in refusal(sign_off.approve, article, "es", **named)


def test_a_fact_that_moved_since_it_was_shown_is_refused(shelf):
    article = factories.article(shelf)
    shown = reference.shown_digest(reference.source_of(article), "en")
    factories.edit(article, audience="families")
    assert "changed since" in refusal(sign_off.approve, article, "en", by=factories.reviewer(), shown=shown)


def test_an_incomplete_translation_is_refused(shelf):
    article = factories.go_live(factories.article(shelf))
    source, _digest = desk.source(article)
    texts = factories.in_language(source, "es")
    texts.pop(next(key for key in texts if key.count(".") == 1 and "heading" not in key))
    factories.translate(article, "es", texts=texts)
    assert "1 of" in refusal(factories.approve_target, article, "es")


@pytest.mark.parametrize("blank", ["<p></p>", "<p>&nbsp;</p>", "<p> <b> </b></p>", "<p>\u200b</p>", "<ul><li></li></ul>"])
def test_a_blank_paragraph_is_no_translation(shelf, blank):
    article = factories.go_live(factories.article(shelf))
    source, _digest = desk.source(article)
    texts = {key: blank if text.startswith("<p>") else text for key, text in source.items()}
    factories.translate(article, "es", texts=texts)
    assert "1 of" in refusal(factories.approve_target, article, "es")


@pytest.mark.parametrize(
    "link",
    [
        '<a href="https://evil.example/">x</a>',
        '<A HREF="https://evil.example/">x</A>',
        "<a href='https://evil.example/'>x</a>",
        '<a/href="https://evil.example/">x</a>',
    ],
)
def test_a_link_that_the_source_has_not_is_refused(shelf, link):
    article = factories.go_live(factories.article(shelf))
    source, _digest = desk.source(article)
    texts = {key: f"<p>{link}</p>" if text.startswith("<p>") else text for key, text in source.items()}
    factories.translate(article, "es", texts=texts)
    assert "https://evil.example/" in refusal(factories.approve_target, article, "es")


def test_a_missing_label_blocks_by_name(shelf):
    article = factories.go_live(factories.article(shelf))
    factories.translate(article, "fr")
    reasons = refusal(factories.approve_target, article, "fr")
    assert "Heroin (Substances) has no approved text in Français" in reasons
    assert "Advice: overdose has no approved text in Français" in reasons


def test_a_source_with_advice_that_nobody_approved_is_refused(shelf):
    article = factories.article(shelf)
    sign_off.revoke(
        shelf.advice, Approval.objects.get(subject_id=shelf.advice.public_id, language="en"), by=factories.safety_lead(), reason="Wrong."
    )
    assert "Advice: overdose has no approved text in English" in refusal(factories.approve_source, article)


def test_a_sample_without_its_sentence_is_refused(shelf):
    article = factories.article(shelf, sample=True)
    sign_off.revoke(
        shelf.sample, Approval.objects.get(subject_id=shelf.sample.public_id, language="en"), by=factories.safety_lead(), reason="Wrong."
    )
    assert "Sample text has no approved text in English" in refusal(factories.approve_source, article)


def test_an_approval_is_revoked_once(shelf):
    article = factories.article(shelf)
    approval = factories.approve_source(article)
    sign_off.revoke(article, approval, by=factories.safety_lead(), reason="First.")
    sign_off.revoke(article, approval, by=factories.editor(), reason="Second.")
    assert Approval.objects.get(pk=approval.pk).revoke_reason == "First."


def test_a_save_that_changes_no_text_is_no_contribution(shelf):
    article = factories.translated(factories.go_live(factories.article(shelf)), "es")
    count = Contribution.objects.count()
    texts = dict(reversed(article.texts_in("es").items()))
    assert not desk.save(article, "es", texts, started_from=reference.shown_digest(article, "es"), by=factories.reviewer())
    assert Contribution.objects.count() == count


def test_texts_keep_their_order(shelf):
    article = factories.go_live(factories.article(shelf, body=factories.full_body()))
    factories.translated(article, "es")
    expected = list(factories.fresh(article).texts_in("en"))
    assert list(Release.objects.get(subject_id=article.public_id).texts) == expected
    approval = Approval.objects.get(subject_id=article.public_id, language="es")
    assert (list(approval.texts), list(approval.source_texts)) == (expected, expected)


def test_a_translation_of_an_approved_source_that_is_not_released_keeps_every_passage(shelf):
    article = factories.translated(factories.go_live(factories.article(shelf)), "es")
    factories.edit(article, body=factories.full_body())
    factories.approve_source(article)
    factories.translate(article, "es", words=" of the new one")
    source, _digest = desk.source(article)
    assert set(factories.fresh(article).texts_in("es")) == set(source)
    before = factories.content(article, "es")
    factories.approve_target(article, "es")
    assert factories.content(article, "es") == before
    factories.publish(article, severity="substantive")
    assert factories.content(article, "es")["translation"]["status"] == "current"
    assert len(factories.content(article, "es")["sections"]) == 2


def test_publish_before_sign_off_goes_out_with_the_sign_off(shelf):
    article = factories.publish(factories.article(shelf))
    assert factories.stored(article, "en") is None
    factories.approve_source(article)
    assert factories.stored(article, "en").state == "published"


def test_a_reordered_list_of_terms_still_goes_out(shelf):
    article = factories.go_live(factories.article(shelf))
    draft = factories.fresh(article).get_latest_revision_as_object()
    rows = list(draft.terms.all())
    rows[0].sort_order, rows[1].sort_order = 1, 0
    draft.terms = rows
    draft.save_revision(user=factories.editor())
    factories.go_live(article)
    assert SourceChange.objects.filter(subject_id=article.public_id).count() == 2


def test_a_severity_is_raised_by_publishing_again_and_never_lowered(shelf):
    article = factories.translated(factories.go_live(factories.article(shelf)), "es")
    factories.edit(article, body=factories.small_body("<p>Another text.</p>"))
    factories.publish(article, severity="safety", harm="yes")
    factories.publish(article, severity="minor")
    factories.approve_source(article)
    assert SourceChange.objects.order_by("-at").first().severity == "safety"
    assert factories.stored(article, "es").state == "held"
