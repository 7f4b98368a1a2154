"""A source's way from its editor to partners: severity, release, sign-off, and the workflow."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser import screens
from tests.browser.conftest import Watch
from tests.browser.partners import Partner
from tests.browser.screens import PageEditor

People = Callable[..., Page]
SLUG = "heroin-withdrawal"
PASSAGE = "This reaction is called withdrawal"
#: An administrator would do this on Wagtail's screens.
MAKE_WORKFLOW = """
from django.contrib.auth.models import Group
from wagtail.models import Page, Workflow, WorkflowPage, WorkflowTask
from cms.workflow import SignOffTask
task = SignOffTask.objects.create(name="Clinical sign-off")
task.groups.add(Group.objects.get(name="Clinical reviewers"))
workflow = Workflow.objects.create(name="Sign-off")
WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
WorkflowPage.objects.update_or_create(page=Page.objects.get(slug="library"), defaults={"workflow": workflow})
"""


def test_a_changed_source_waits_for_sign_off_and_then_reaches_partners(people: People, partner: Partner) -> None:
    before = partner.article(SLUG)
    page = people("editor")
    editor = PageEditor(page, screens.edit_url(page, partner, SLUG)).open()
    editor.add_to(PASSAGE, " Nobody should be ashamed of it.")

    # Nothing is published before the editor has said how much it changes, and nothing typed is lost.
    errors = editor.publish_refused()
    expect(errors.filter(has_text="Say how much this changes it")).to_be_visible()
    expect(editor.passage(PASSAGE)).to_contain_text("Nobody should be ashamed of it.")
    assert partner.article(SLUG).etag == before.etag

    editor.change("substantive", note="A sentence against shame.")
    editor.publish()
    assert partner.article(SLUG).body == before.body
    tab = editor.open().readers_tab()
    expect(tab).to_contain_text("Published here, waiting for sign-off; partners still get the version of")

    # The editor may read what waits, and finds no button.
    page.goto(screens.subject_url(partner, SLUG, "sign-off"))
    expect(page.locator(".mainstay-diff .addition")).to_contain_text("Nobody should be ashamed of it.")
    expect(page.locator("form.mainstay-decide")).to_have_count(0)

    reviewer = people("clinical-reviewer")
    reviewer.goto(screens.subject_url(partner, SLUG, "sign-off"))
    expect(reviewer.locator(".mainstay-diff .addition")).to_contain_text("Nobody should be ashamed of it.")
    screens.sign_off(reviewer, screens.subject_url(partner, SLUG, "sign-off"))
    expect(screens.say(reviewer)).to_contain_text("It is signed off.")

    after = partner.article(SLUG, If_None_Match=before.etag)
    assert after.status == 200
    assert "Nobody should be ashamed of it." in after.body.decode()
    assert after.etag != before.etag
    assert partner.article(SLUG, If_None_Match=after.etag).status == 304
    spanish = partner.article(SLUG, "es").json["translation"]
    assert (spanish["status"], spanish["outdated_by"]) == ("outdated", "substantive")
    assert "Nobody" not in partner.article(SLUG, "es").body.decode()


def test_whoever_wrote_a_source_cannot_sign_it_off_not_even_a_superuser(people: People, partner: Partner) -> None:
    before = partner.article(SLUG)
    page = people("admin")
    editor = PageEditor(page, screens.edit_url(page, partner, SLUG)).open()
    editor.add_to(PASSAGE, " It passes.")
    editor.change("substantive")
    editor.publish()
    page.goto(screens.subject_url(partner, SLUG, "sign-off"))
    expect(page.locator(".help-warning")).to_contain_text("You wrote some of this text since it was last approved.")
    expect(page.locator("form.mainstay-decide")).to_have_count(0)
    # Nor by a request that no button makes.
    token = page.locator("[name=csrfmiddlewaretoken]").first.get_attribute("value") or ""
    page.request.post(screens.subject_url(partner, SLUG, "sign-off"), form={"csrfmiddlewaretoken": token, "shown": "0"})
    assert partner.article(SLUG).body == before.body


def test_a_change_is_not_minor_when_a_number_or_a_negation_moved(people: People, partner: Partner) -> None:
    page = people("editor")
    editor = PageEditor(page, screens.edit_url(page, partner, SLUG)).open()
    editor.add_to(PASSAGE, " Do not wait 3 days.")
    editor.change("minor")
    refusal = editor.publish_refused().filter(has_text="This is not a minor change")
    expect(refusal).to_contain_text("number")
    expect(editor.passage(PASSAGE)).to_contain_text("Do not wait 3 days.")
    # Called substantive, it goes.
    editor.change("substantive")
    editor.publish()
    expect(editor.open().readers_tab()).to_contain_text("waiting for sign-off")


def test_a_minor_change_keeps_translations_current(people: People, partner: Partner) -> None:
    page = people("editor")
    editor = PageEditor(page, screens.edit_url(page, partner, SLUG)).open()
    editor.add_to(PASSAGE, " This happens to many people.")
    editor.change("minor")
    editor.publish()
    screens.sign_off(people("clinical-reviewer"), screens.subject_url(partner, SLUG, "sign-off"))
    spanish = partner.article(SLUG, "es").json["translation"]
    assert (spanish["status"], spanish["carried_over"]) == ("current", True)


def test_a_safety_change_asks_about_harm_and_holds_translations_or_puts_a_notice(people: People, partner: Partner) -> None:
    page, reviewer = people("editor"), people("clinical-reviewer")
    sign_off_url = screens.subject_url(partner, SLUG, "sign-off")
    editor = PageEditor(page, screens.edit_url(page, partner, SLUG)).open()
    editor.add_to(PASSAGE, " Call for help early.")
    editor.change("safety")
    expect(editor.publish_refused().filter(has_text="Say whether somebody could come to harm")).to_be_visible()

    editor.change("safety", harm="no")
    editor.publish()
    screens.sign_off(reviewer, sign_off_url)
    noticed = partner.article(SLUG, "es")
    assert noticed.status == 200
    assert noticed.json["notice"]["text"]
    assert partner.article(SLUG).json["notice"] is None

    editor.open().add_to(PASSAGE, " Call at once.")
    editor.change("safety", harm="yes")
    editor.publish()
    screens.sign_off(reviewer, sign_off_url)
    held = partner.article(SLUG, "es")
    assert (held.status, held.code, held.headers["cache-control"]) == (404, "held", "no-store")
    assert partner.article(SLUG).status == 200


@pytest.fixture
def submitted(people: People, partner: Partner, in_service: Callable[[str], str]) -> PageEditor:
    """The article in its workflow, waiting for a reviewer; the editor who submitted it."""
    in_service(MAKE_WORKFLOW)
    page = people("editor")
    editor = PageEditor(page, screens.edit_url(page, partner, SLUG)).open()
    editor.add_to(PASSAGE, " Ask somebody to stay.")
    editor.change("substantive")
    editor.act(screens.SUBMIT)
    expect(page.locator(".messages .success")).to_be_visible()
    return editor


def open_modal(reviewer: Page, url: str) -> None:
    """From the editor's own page to the text that is signed off."""
    reviewer.goto(url)
    reviewer.locator("footer .w-dropdown__toggle").click()
    reviewer.locator("[data-workflow-action-name=approve]").click()
    expect(reviewer.locator(".modal-body .mainstay-modal-text")).to_contain_text("Ask somebody to stay.")


def press_sign_off(reviewer: Page) -> None:
    with reviewer.expect_navigation():
        reviewer.locator(".modal-body form button[type=submit]").click()


def test_a_reviewer_signs_off_in_the_workflow_and_the_text_goes_live(people: People, partner: Partner, submitted: PageEditor) -> None:
    before = partner.article(SLUG)
    reviewer = people("clinical-reviewer")
    reviewer.goto("/admin/")
    expect(reviewer.locator("#main")).to_contain_text("Awaiting your review")
    open_modal(reviewer, submitted.url)
    assert partner.article(SLUG).body == before.body
    press_sign_off(reviewer)
    expect(screens.say(reviewer).first).to_be_visible()
    assert "permission" not in " ".join(screens.say(reviewer).all_inner_texts())
    after = partner.article(SLUG)
    assert "Ask somebody to stay." in after.body.decode()
    assert after.json["version"] == before.json["version"] + 1
    assert partner.article(SLUG, "es").json["translation"]["outdated_by"] == "substantive"


def test_a_save_in_between_makes_the_sign_off_refused_in_words(
    people: People, partner: Partner, submitted: PageEditor, watch: Watch
) -> None:
    before = partner.article(SLUG)
    reviewer = people("clinical-reviewer")
    open_modal(reviewer, submitted.url)
    # The page is locked for its editor by now, but not for the reviewer's colleague.
    colleague = people("second-clinical-reviewer")
    other = PageEditor(colleague, submitted.url).open()
    other.add_to(PASSAGE, " Drink water.")
    other.save()
    watch.expected |= {400, 409}
    press_sign_off(reviewer)
    assert partner.article(SLUG).body == before.body
    expect(screens.say(reviewer).filter(has_text="changed")).to_be_visible()
