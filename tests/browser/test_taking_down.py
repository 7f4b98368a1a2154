"""Taking down, which one person may, and putting up, which takes two."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser import screens
from tests.browser.partners import Partner
from tests.browser.screens import PageEditor, TranslationDesk

People = Callable[..., Page]
SLUG = "heroin-withdrawal"


def test_a_paused_language_comes_back_by_somebody_else_than_who_paused_it(people: People, partner: Partner) -> None:
    before, english = partner.article(SLUG, "ar"), partner.article(SLUG)
    _items, link = partner.changes()
    lead, url = people("safety-lead"), screens.subject_url(partner, SLUG, "ar")
    screens.take_down(lead, url + "close/", "pause", "A reader found a dangerous sentence.")
    expect(lead.locator(".mainstay-state--held")).to_have_count(1)

    held = partner.article(SLUG, "ar")
    assert (held.status, held.code, held.headers["cache-control"]) == (404, "held", "no-store")
    items, link = partner.changes_after(link)
    assert [(item["lang"], item["state"]) for item in items] == [("ar", "held")]
    assert partner.article(SLUG).body == english.body

    TranslationDesk(lead, url).open()
    expect(lead.locator(".mainstay-decide .help-warning")).to_contain_text("You paused this text.")
    second = TranslationDesk(people("second-safety-lead"), url).open()
    second.read_machine_texts()
    second.open().approve_and_put_live()
    assert partner.article(SLUG, "ar").code == "held"
    TranslationDesk(people("clinical-reviewer"), url).open().approve_and_put_live()
    back = partner.article(SLUG, "ar")
    assert (back.status, back.json["title"]) == (200, before.json["title"])
    assert [(item["lang"], item["state"]) for item in partner.changes_after(link)[0]] == [("ar", "published")]


def test_a_retired_language_is_gone_until_it_is_brought_back(people: People, partner: Partner) -> None:
    lead, url = people("safety-lead"), screens.subject_url(partner, SLUG, "es", "close")
    _items, link = partner.changes()
    screens.take_down(lead, url, "retire", "Nobody keeps it up.")
    gone = partner.article(SLUG, "es")
    assert (gone.status, gone.code) == (410, "gone")
    screens.take_down(lead, url, "bring_back", "Somebody keeps it up again.")
    assert partner.article(SLUG, "es").status == 200
    assert [(item["lang"], item["state"]) for item in partner.changes_after(link)[0]] == [("es", "published")]


def test_a_reason_is_needed_and_nothing_is_closed_without(people: People, partner: Partner) -> None:
    lead = people("safety-lead")
    lead.goto(screens.subject_url(partner, SLUG, "es", "close"))
    lead.locator("button[value=recall]").click()
    expect(lead.locator(".error-message")).to_be_visible()
    assert partner.article(SLUG, "es").status == 200


def test_a_recalled_text_says_what_partners_must_do(people: People, partner: Partner) -> None:
    lead = people("safety-lead")
    lead.goto(screens.subject_url(partner, SLUG, "ru", "close"))
    lead.locator("[name=instruction]").fill("Delete every printed copy as well.")
    lead.locator("[name=reason]").fill("A wrong number.")
    with lead.expect_navigation():
        lead.locator("button[value=recall]").click()
    recalled = partner.article(SLUG, "ru")
    assert (recalled.status, recalled.code) == (410, "recalled")
    assert recalled.json["instruction"] == "Delete every printed copy as well."
    # Partners never see who did it, or why in the words of the house.
    assert "A wrong number." not in recalled.body.decode()


def test_an_unpublished_article_is_gone_in_every_language_and_comes_back_when_published(people: People, partner: Partner) -> None:
    page = people("editor")
    editor = PageEditor(page, screens.edit_url(page, partner, SLUG))
    served = {tag for tag in ("en", "es", "fr", "pt-BR", "ar", "ru", "vi", "zh-Hans") if partner.article(SLUG, tag).status == 200}
    _items, link = partner.changes()
    page.goto(editor.url.replace("/edit/", "/unpublish/"))
    with page.expect_navigation():
        page.locator("form [type=submit].serious, form [type=submit].button").first.click()
    for tag in served:
        gone = partner.article(SLUG, tag)
        assert (gone.status, gone.code) == (410, "gone")
    items, link = partner.changes_after(link)
    assert {(item["lang"], item["state"]) for item in items} == {(tag, "gone") for tag in served}

    editor.open().publish()
    for tag in served:
        assert partner.article(SLUG, tag).status == 200
    assert {item["state"] for item in partner.changes_after(link)[0]} == {"published"}
