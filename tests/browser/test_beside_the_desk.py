"""Beside the desk: a question asked at a passage and answered by an editor, the preview, and a version brought back."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser import screens
from tests.browser.partners import Partner
from tests.browser.screens import TranslationDesk

People = Callable[..., Page]
SLUG = "heroin-withdrawal"


def test_a_question_about_the_source_is_asked_at_its_passage_and_answered_once(people: People, partner: Partner) -> None:
    translator = people("translator")
    desk = TranslationDesk(translator, screens.subject_url(partner, SLUG, "ar")).open()
    button = desk.pairs.nth(1).get_by_role("link", name="Comments")
    button.click()
    panel = translator.locator("[data-side-panel=mainstay-comments]")
    expect(panel.locator("#say-text")).to_be_focused()
    expect(panel.locator("#say-key")).to_have_value("summary")
    translator.keyboard.type("Is it days or nights?")
    panel.get_by_label("About the source: seen in every language").check()
    panel.get_by_role("button", name="Comment", exact=True).click()
    expect(panel.locator(".mainstay-thread")).to_contain_text("Is it days or nights?")
    expect(button).to_contain_text("1")
    expect(translator.locator("[data-mainstay-desk-name-param=comments] .mainstay-count")).to_have_text("1")
    translator.locator("[data-mainstay-desk-name-param=comments]").click()
    expect(translator.locator(".mainstay-pair:visible")).to_have_count(1)

    other = TranslationDesk(people("second-translator"), screens.subject_url(partner, SLUG, "ru")).open()
    other.page.locator("[data-side-panel-toggle=mainstay-comments]").click()
    expect(other.page.locator(".mainstay-thread")).to_contain_text("Is it days or nights?")

    editor = people("editor")
    editor.goto(screens.subject_url(partner, SLUG))
    editor.get_by_role("link", name="1 open question about the source").click()
    editor.locator(".mainstay-thread textarea").fill("Days and nights.")
    with editor.expect_navigation():
        editor.get_by_role("button", name="Reply").click()
    with editor.expect_navigation():
        editor.get_by_role("button", name="Resolve").click()
    desk.open()
    expect(desk.page.locator(".mainstay-thread--resolved")).to_contain_text("Days and nights.")
    assert "nights" not in partner.article(SLUG).body.decode()


def test_the_preview_follows_what_is_saved_and_an_earlier_version_is_brought_back(people: People, partner: Partner) -> None:
    translator = people("translator")
    desk = TranslationDesk(translator, screens.subject_url(partner, SLUG, "ar")).open()
    before = desk.box(0).input_value()
    for person, words in (("second-translator", "عنوان ثان"), ("translator", "عنوان ثالث")):
        writing = TranslationDesk(people(person), desk.url).open()
        writing.page.locator("[data-side-panel-toggle=mainstay-preview]").click()
        writing.write(0, words)
        expect(writing.saved(0)).to_contain_text("Saved")
        shown = writing.page.frame_locator(".mainstay-preview__frame").locator("article")
        expect(shown.locator("h1")).to_have_text(words)
        expect(shown).to_have_attribute("dir", "rtl")

    desk.open().page.locator("a[href$='/versions/']").click()
    translator.get_by_role("link", name="What changed").first.click()
    difference = translator.locator(".mainstay-segments")
    expect(difference.locator(".deletion").first).to_have_text("ثان")
    expect(difference.locator(".addition").first).to_have_text("ثالث")
    choice = translator.locator("#compare-with option:checked").get_attribute("value")
    translator.goto(translator.url.rsplit("/", 2)[0] + f"/{choice}/")
    with translator.expect_navigation():
        translator.get_by_role("button", name="Restore this version").click()
    expect(screens.say(translator)).to_contain_text("Restored.")
    expect(desk.box(0)).to_have_value("عنوان ثان")
    assert before != "عنوان ثان"
