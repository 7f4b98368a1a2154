"""A translation's way from an empty form to partners, and two people in one language."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser import screens
from tests.browser.conftest import Watch
from tests.browser.partners import Partner
from tests.browser.screens import TranslationDesk

People = Callable[..., Page]
#: An article of the sample library without a Vietnamese text.
UNTRANSLATED = "psychological-support"
SLUG = "heroin-withdrawal"


def test_a_whole_translation_is_typed_approved_by_another_and_served(people: People, partner: Partner) -> None:
    english, missing = partner.article(UNTRANSLATED), partner.article(UNTRANSLATED, "vi")
    assert (missing.status, missing.code) == (404, "translation-unavailable")
    url = screens.subject_url(partner, UNTRANSLATED, "vi")

    translator = people("translator")
    desk = TranslationDesk(translator, url).open()
    total = desk.pairs.count()
    for number in range(total):
        desk.write(number, f"Đoạn văn số {number + 1} đã dịch")
    desk.save()
    expect(screens.say(translator)).to_contain_text("Saved. Readers get it when somebody else has approved it.")
    expect(translator.locator("body")).to_contain_text(f"{total} of {total} passages are translated.")
    expect(desk.box(total - 1)).to_contain_text(f"Đoạn văn số {total} đã dịch")
    expect(desk.approve).to_have_count(0)
    assert partner.article(UNTRANSLATED, "vi").status == 404

    reviewer = people("language-reviewer")
    TranslationDesk(reviewer, url).open().approve_and_put_live()
    expect(screens.say(reviewer)).to_contain_text("Approved and put live in Tiếng Việt.")
    served = partner.article(UNTRANSLATED, "vi")
    assert (served.status, served.headers["content-language"], served.json["lang"]) == (200, "vi", "vi")
    assert served.json["title"] == "Đoạn văn số 1 đã dịch"
    assert served.json["translation"]["status"] == "current"
    after = partner.article(UNTRANSLATED)
    assert (after.body, after.etag) == (english.body, english.etag)


def test_whoever_translates_cannot_approve_it_although_they_may_approve_others(people: People, partner: Partner) -> None:
    before = partner.article(SLUG, "es")
    reviewer = people("language-reviewer")
    desk = TranslationDesk(reviewer, screens.subject_url(partner, SLUG, "es")).open()
    desk.write(0, "Otro título")
    desk.save()
    expect(reviewer.locator(".help-warning")).to_contain_text("You wrote some of this text since it was last approved.")
    expect(desk.approve).to_have_count(0)
    assert partner.article(SLUG, "es").body == before.body


def test_the_second_of_two_translators_sees_both_texts_and_nothing_is_lost(people: People, partner: Partner, watch: Watch) -> None:
    url = screens.subject_url(partner, SLUG, "fr")
    first = TranslationDesk(people("translator"), url).open()
    second = TranslationDesk(people("second-translator"), url).open()
    first.write(0, "Le titre de la première")
    first.save()
    second.write(0, "Le titre de la seconde")
    second.write(1, "Le résumé de la seconde")
    second.save()

    expect(screens.say(second.page)).to_contain_text("Somebody else has saved this translation since you opened it.")
    expect(second.pairs.nth(0).locator(".mainstay-theirs")).to_contain_text("Le titre de la première")
    expect(second.box(0)).to_have_value("Le titre de la seconde")
    expect(second.box(1)).to_have_value("Le résumé de la seconde")

    second.save()
    expect(screens.say(second.page)).to_contain_text("Saved.")
    first.open()
    expect(first.box(0)).to_have_value("Le titre de la seconde")
    expect(first.box(1)).to_have_value("Le résumé de la seconde")


def test_a_moved_source_is_marked_at_its_passage_beside_the_one_it_was_translated_from(people: People, partner: Partner) -> None:
    page = people("editor")
    editor = screens.PageEditor(page, screens.edit_url(page, partner, SLUG)).open()
    editor.add_to("This reaction is called withdrawal", " Nobody should be ashamed of it.")
    editor.change("substantive")
    editor.publish()
    desk = TranslationDesk(people("translator"), screens.subject_url(partner, SLUG, "ar")).open()
    moved = desk.page.locator(".mainstay-pair--moved")
    expect(moved).to_have_count(1)
    expect(moved.locator(".mainstay-source > .mainstay-text")).to_contain_text("Nobody should be ashamed of it.")
    expect(moved.locator("details .addition").filter(has_text="ashamed")).to_be_visible()
    expect(moved.locator("details .deletion")).to_have_count(0)
