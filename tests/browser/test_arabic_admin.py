"""The same screens for somebody whose admin speaks Arabic: from right to left, and no translation is touched by a save."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser import screens
from tests.browser.partners import Partner
from tests.browser.screens import PageEditor, TranslationDesk

People = Callable[..., Page]
SLUG = "heroin-withdrawal"
PASSAGE = "This reaction is called withdrawal"
TAGS = ("es", "fr", "pt-BR", "ar", "ru", "vi", "zh-Hans")


def expect_right_to_left(page: Page) -> None:
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.locator("html")).to_have_attribute("lang", "ar")
    # Nothing sticks out: no screen scrolls sideways.
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_an_editor_changes_the_source_and_no_translation(people: People, partner: Partner) -> None:
    before = {tag: partner.article(SLUG, tag).json for tag in TAGS}
    desk = people("translator").request
    typed = {tag: desk.get(screens.subject_url(partner, SLUG, tag)).text().count('<textarea name="segment-') for tag in TAGS}
    page = people("arabic-editor")
    editor = PageEditor(page, screens.edit_url(page, partner, SLUG)).open()
    expect_right_to_left(page)
    expect(page.locator("[name=headline_en]")).to_have_value(partner.article(SLUG).json["title"])
    editor.add_to(PASSAGE, " It passes.")
    editor.save()
    editor.open().change("substantive")
    editor.publish()
    reviewer = people("arabic-clinical-reviewer")
    reviewer.goto(screens.subject_url(partner, SLUG, "sign-off"))
    expect_right_to_left(reviewer)
    expect(reviewer.locator(".mainstay-diff .addition")).to_contain_text("It passes.")
    screens.sign_off(reviewer, screens.subject_url(partner, SLUG, "sign-off"))
    expect_right_to_left(reviewer)

    assert "It passes." in partner.article(SLUG).body.decode()
    for tag in TAGS:
        after = partner.article(SLUG, tag).json
        assert (after["title"], after["summary"]) == (before[tag]["title"], before[tag]["summary"])
        assert after["sections"][1:] == before[tag]["sections"][1:]  # the first begins with the line that says it is outdated
        assert after["translation"]["status"] == "outdated"
        form = people("translator").request.get(screens.subject_url(partner, SLUG, tag)).text()
        assert form.count('<textarea name="segment-') == typed[tag]
        assert f"{before[tag]['title']}</textarea>" in form


def test_a_translator_saves_french_and_a_reviewer_approves_it(people: People, partner: Partner) -> None:
    before = {tag: partner.article(SLUG, tag).body for tag in ("en", *TAGS) if tag != "fr"}
    url = screens.subject_url(partner, SLUG, "fr")
    translator = people("arabic-translator")
    desk = TranslationDesk(translator, url).open()
    expect_right_to_left(translator)
    expect(desk.box(0)).to_have_css("direction", "ltr")
    desk.write(0, "Le sevrage de l’héroïne, autrement")
    desk.save()
    expect(screens.say(translator)).to_be_visible()
    desk.read_machine_texts()
    for name in ("arabic-language-reviewer", "arabic-clinical-reviewer"):
        reviewer = people(name)
        TranslationDesk(reviewer, url).open().approve_and_put_live()
        expect_right_to_left(reviewer)
    assert partner.article(SLUG, "fr").json["title"] == "Le sevrage de l’héroïne, autrement"
    assert {tag: partner.article(SLUG, tag).body for tag in before} == before


def test_a_safety_lead_takes_a_language_down(people: People, partner: Partner) -> None:
    lead = people("arabic-safety-lead")
    lead.goto(screens.subject_url(partner, SLUG, "es", "close"))
    expect_right_to_left(lead)
    screens.take_down(lead, screens.subject_url(partner, SLUG, "es", "close"), "pause", "جملة خطيرة")
    expect_right_to_left(lead)
    expect(lead.locator(".mainstay-state--held")).to_have_count(1)
    assert partner.article(SLUG, "es").code == "held"
    lead.goto("/")
    expect(lead.locator("h1")).to_be_visible()
    lead.goto("/admin/")
    expect_right_to_left(lead)
