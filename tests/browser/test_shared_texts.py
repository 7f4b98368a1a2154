"""Terms and help contacts: written by one, approved by another, and only then before readers."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser import screens
from tests.browser.partners import Partner

People = Callable[..., Page]
SLUG = "heroin-withdrawal"


def open_snippet(page: Page, listing: str, name: str) -> None:
    page.goto(f"/admin/snippets/cms/{listing}/?q={name}")
    page.locator("table.listing tbody a", has_text=re.compile(rf"^\s*{name}\b")).first.click()
    expect(page.locator("form[data-edit-form], form[action*='/edit/']").first).to_be_visible()


def save(page: Page) -> None:
    with page.expect_navigation():
        page.locator("footer button[type=submit]").first.click()


def open_sign_off(page: Page) -> str:
    """From the edit form's tab to the sign-off; where it is."""
    page.locator("[role=tab][href$=readers_and_translations]").click()
    page.locator(".mainstay-standing a.button").click()
    expect(page.locator(".mainstay-segments").first).to_be_visible()
    return page.url


def test_a_changed_term_moves_no_public_byte_before_somebody_else_approves_it(people: People, partner: Partner) -> None:
    before = {tag: partner.article(SLUG, tag).body for tag in ("en", "es")}
    editor = people("editor")
    open_snippet(editor, "term", "Naloxone")
    editor.locator("[name=label_en]").fill("Nalmefene")
    save(editor)
    assert {tag: partner.article(SLUG, tag).body for tag in before} == before
    assert "Nalmefene" not in partner.get("medicines/").body.decode()

    open_snippet(editor, "term", "Nalmefene")
    url = open_sign_off(editor)
    expect(editor.locator("form.mainstay-decide")).to_have_count(0)
    _items, link = partner.changes()
    screens.sign_off(people("clinical-reviewer"), url)

    english = partner.article(SLUG)
    assert "Nalmefene" in [row["label"] for row in english.json["medicines"]]
    assert "Nalmefene" in partner.get("medicines/").body.decode()
    changed = {item["slug"] for item in partner.changes_after(link)[0] if item["kind"] == "article" and item["lang"] == "en"}
    shown = {item["slug"] for item in partner.get("articles/?limit=100&medicine=naloxone").json["results"]}
    assert shown
    assert shown <= changed
    # The Spanish label is still the one that was approved.
    assert partner.article(SLUG, "es").json["medicines"] == [
        row for row in partner.article(SLUG, "es").json["medicines"] if row["label"] != "Nalmefene"
    ]


def test_a_help_contact_is_served_once_one_has_verified_and_another_approved_it(people: People, partner: Partner) -> None:
    assert partner.get("help-contacts/?region=GB").json["results"] == []
    editor = people("editor")
    open_snippet(editor, "helpcontact", "Samaritans")
    editor.locator("[role=tab][href$=facts]").click()
    editor.locator("[name=verified_on]").fill("2026-01-02")
    editor.locator("[name=verify_by]").fill("2099-01-02")
    editor.keyboard.press("Escape")  # the calendar
    save(editor)
    expect(screens.say(editor)).to_contain_text("updated")
    assert partner.get("help-contacts/?region=GB").json["results"] == []

    open_snippet(editor, "helpcontact", "Samaritans")
    url = open_sign_off(editor)
    screens.sign_off(people("clinical-reviewer"), url)
    served = partner.get("help-contacts/?region=GB").json["results"]
    assert [(row["display"], row["verified_on"], row["verification"]) for row in served] == [("116 123", "2026-01-02", "verified")]
