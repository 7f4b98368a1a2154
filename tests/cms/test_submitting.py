"""Submitting a translation, giving it back, and letting pass what the checks found, by the addresses that the desk posts to."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from cms import desk, evidence, languages, overriding, reference, review, sign_off, submitting
from cms.models import Override, Profile, Submission
from cms.review import Working
from tests import scenes
from tests.cms import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
@scenes.built_once
def article() -> Any:
    return factories.translate(factories.go_live(factories.article(factories.shelf(targets=("es",)))), "es")


def working(article: Any) -> review.WorkingState:
    article = factories.fresh(article)
    return review.working(article, "es", evidence.of(article.public_id), desk.source(article)[0])


def post(user: Any, name: str, article: Any, *, tag: str = "es", **data: str) -> Any:
    client = Client()
    client.force_login(user)
    return client.post(reverse(f"mainstay:{name}", args=["article", article.public_id, tag]), data, follow=True)


def is_refused(answer: Any) -> bool:
    return "you do not have permission" in answer.content.decode()


def wrong_number(article: Any) -> overriding.Checked:
    """The translation with another number than its source."""
    source, _digest = desk.source(article)
    texts = factories.in_language(source, "es")
    texts |= {key: "<p>Dura de 5 a 9 días.</p>" for key, text in source.items() if "5 to 7" in text}
    article = factories.translate(article, "es", texts=texts)
    return overriding.Checked(subject=article, language="es", texts=article.texts_in("es"), source=source)


def test_a_submitted_text_is_given_back_with_a_reason_and_corrected_and_submitted_again(article: Any) -> None:
    shown = reference.shown_digest(article, "es")
    assert "Submitted. It waits" in post(factories.translator(), "submit", article, shown=shown, note="Checked twice.").content.decode()
    assert working(article).state == Working.IN_REVIEW
    assert "submitted already" in post(factories.translator(), "submit", article, shown=shown).content.decode()

    assert "Say what to correct" in post(factories.reviewer(), "return", article, reason=" ").content.decode()
    assert "Given back." in post(factories.reviewer(), "return", article, reason="The headline.").content.decode()
    assert working(article).state == Working.RETURNED
    assert working(article).returned.return_reason == "The headline."

    article = factories.translate(article, "es", words=" better")
    assert "changed since it was shown" in post(factories.translator(), "submit", article, shown=shown).content.decode()
    post(factories.translator(), "submit", article, shown=reference.shown_digest(article, "es"))
    assert working(article).state == Working.IN_REVIEW
    factories.approve_target(article, "es")
    assert working(article).state == Working.DONE


def test_an_unfinished_translation_is_not_submitted(article: Any) -> None:
    source, _digest = desk.source(article)
    texts = dict(list(factories.in_language(source, "es").items())[:-1])
    article = factories.translate(article, "es", texts=texts)
    answer = post(factories.translator(), "submit", article, shown=reference.shown_digest(article, "es"))
    assert f"1 of {len(source)} passages are not translated yet." in answer.content.decode()
    assert not Submission.objects.exists()


@pytest.mark.parametrize("name", ["submit", "return", "override"])
def test_the_server_refuses_whoever_does_not_hold_the_language_superusers_too(article: Any, name: str) -> None:
    shown = reference.shown_digest(article, "es")
    for person in (factories.translator(), factories.reviewer(), factories.administrator()):
        Profile.objects.filter(user=person).update(languages=["ar"])
        assert is_refused(post(person, name, article, shown=shown, reason="Because."))
    assert not Submission.objects.exists()


def test_a_translator_gives_nothing_back_and_nobody_submits_a_source(article: Any) -> None:
    submitting.submit(article, "es", by=factories.translator(), shown=reference.shown_digest(article, "es"))
    assert is_refused(post(factories.translator(), "return", article, reason="Because."))
    assert post(factories.translator(), "submit", article, tag=languages.SOURCE).status_code == 404


def test_an_error_passes_by_a_reason_of_one_and_the_approval_of_another(article: Any) -> None:
    checked = wrong_number(article)
    assert checked.errors
    for key, check in dict.fromkeys((finding.key, finding.check) for finding in checked.errors):
        asked = {"key": key, "check": check}
        post(factories.reviewer(), "override", article, **asked, reason=" ")
        assert not Override.objects.filter(check_name=check).exists()
        assert "It may pass" in post(factories.reviewer(), "override", article, **asked, reason="A range.").content.decode()
    named = {"shown": reference.shown_digest(checked.subject, "es"), "source_shown": desk.source(checked.subject)[1]}

    with pytest.raises(sign_off.NotApprovable, match="let pass by somebody else"):
        sign_off.approve(checked.subject, "es", by=factories.reviewer(), **named)
    approval = sign_off.approve(checked.subject, "es", by=factories.second_reviewer(), **named)
    assert [kept["check"] for kept in approval.overrides] == [finding.check for finding in checked.errors]
    assert {(kept["reason"], kept["by"]) for kept in approval.overrides} == {("A range.", "rosa")}


def test_an_override_holds_for_the_passage_as_it_was_and_for_nothing_else(article: Any) -> None:
    checked = wrong_number(article)
    for finding in checked.errors:
        overriding.request(checked, key=finding.key, check=finding.check, reason="A range.", by=factories.translator())
    assert not checked.blocking(for_approver=factories.reviewer())
    texts = {key: text.replace("5 a 9", "5 a 8") for key, text in checked.texts.items()}
    changed = overriding.Checked(subject=article, language="es", texts=texts, source=checked.source)
    assert changed.blocking(for_approver=factories.reviewer()) == changed.errors != []
    answer = post(factories.reviewer(), "override", article, key="headline", check="numbers", reason="x")
    assert "do not find this any more" in answer.content.decode()


def test_an_override_made_in_one_admin_language_holds_in_another(article: Any) -> None:
    checked = wrong_number(article)
    with translation.override("ar"):
        for finding in checked.errors:
            overriding.request(checked, key=finding.key, check=finding.check, reason="A range.", by=factories.translator())
    again = overriding.Checked(subject=article, language="es", texts=checked.texts, source=checked.source)
    assert not again.blocking(for_approver=factories.reviewer())


def test_an_override_of_one_finding_lets_no_other_of_the_same_check_pass(article: Any) -> None:
    checked = wrong_number(article)
    first, *others = [finding for finding in checked.errors if finding.check == checked.errors[0].check]
    overriding.request(checked, key=first.key, check=first.check, reason="A range.", by=factories.translator())
    Override.objects.exclude(segment_digest=checked.digest(first)).delete()
    assert others
    assert all(finding in checked.blocking(for_approver=factories.reviewer()) for finding in others)
