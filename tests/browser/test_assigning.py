"""Work is given to people: one language of an article, and many at once from the coverage report."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser import screens
from tests.browser.partners import Partner

People = Callable[..., Page]
NOTE = "The clinic asked for it."


def test_one_language_is_assigned_and_the_translator_reads_it_first(people: People, partner: Partner) -> None:
    editor = people("editor")
    editor.goto(screens.subject_url(partner, "staying-on-medicine", "vi", "assign"))
    form = editor.locator(".mainstay-narrow form")
    form.locator("[name=note]").fill(NOTE)
    form.get_by_role("button", name="Assign").click()
    expect(form.locator(".error-message")).to_contain_text("This field is required.")
    expect(form.locator("[name=note]")).to_have_value(NOTE)

    form.locator("[name=to]").select_option("team")
    form.locator("[name=due_on]").fill("2099-01-31")
    form.locator("[name=due_on]").press("Tab")
    form.get_by_role("button", name="Assign").press("Enter")
    expect(screens.say(editor)).to_contain_text("Assigned to")

    translator = people("translator")
    translator.goto("/admin/")
    expect(translator.locator("#main")).to_contain_text(NOTE)

    editor.goto(screens.subject_url(partner, "staying-on-medicine", "vi", "assign"))
    form.get_by_role("button", name="Take back").click()
    expect(screens.say(editor)).to_contain_text("Taken back.")
    translator.reload()
    expect(translator.locator("#main")).not_to_contain_text(NOTE)


def test_many_are_assigned_at_once_from_the_coverage_report(people: People) -> None:
    editor = people("editor")
    editor.goto("/admin/mainstay/coverage/?language=ru")
    boxes = editor.locator("[data-bulk-action-checkbox]")
    missing = editor.locator("tbody tr").filter(has=editor.locator(".mainstay-state--none"))
    expect(boxes.first).to_be_visible()
    assert missing.count() > 1
    for row in (missing.nth(0), missing.nth(1)):
        row.locator("[data-bulk-action-checkbox]").check()
    editor.locator("[data-bulk-action-button]").filter(has_text="Assign").click()
    expect(editor.locator("[name=languages][value=ru]")).to_be_checked()
    editor.locator("[name=to]").select_option("team")
    editor.locator("[name=note]").fill(NOTE)
    editor.locator("#main form [type=submit]").first.click()
    expect(screens.say(editor)).to_contain_text("2 translations were assigned.")
    expect(editor.locator(".mainstay-assigned").first).to_contain_text("The team")
