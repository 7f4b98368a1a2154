"""A translation's way from an empty form to partners, and two people in one language."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser import screens
from tests.browser.conftest import Watch
from tests.browser.partners import Partner
from tests.browser.screens import TranslationDesk

People = Callable[..., Page]
#: An article of the sample library without a Vietnamese text.
UNTRANSLATED = "staying-on-medicine"
SLUG = "heroin-withdrawal"


def test_a_whole_translation_is_typed_returned_corrected_checked_twice_and_served(people: People, partner: Partner) -> None:
    english, missing = partner.article(UNTRANSLATED), partner.article(UNTRANSLATED, "vi")
    assert (missing.status, missing.code) == (404, "translation-unavailable")
    url = screens.subject_url(partner, UNTRANSLATED, "vi")

    translator = people("translator")
    desk = TranslationDesk(translator, url).open()
    total = desk.pairs.count()
    for number in range(total):
        desk.write(number, "Đoạn văn này đã dịch")
    desk.save()
    expect(screens.say(translator)).to_contain_text("Saved. Readers get it when somebody else has approved it.")
    expect(translator.locator("body")).to_contain_text(f"{total} of {total} passages are translated.")
    expect(desk.approve).to_have_count(0)
    desk.let_pass("A stand-in, to try the desk with.")
    desk.submit("The first draft.")
    expect(screens.say(translator)).to_contain_text("Submitted.")

    reviewer = people("language-reviewer")
    checking = TranslationDesk(reviewer, url).open()
    expect(reviewer.locator("body")).to_contain_text("“The first draft.”")
    checking.give_back("Write the headline in full.")
    expect(desk.open().page.locator("body")).to_contain_text("Write the headline in full.")
    desk.write(0, "Hỗ trợ tâm lý")
    expect(desk.saved(0)).to_contain_text("Saved")
    desk.open().let_pass("A stand-in, to try the desk with.")
    desk.submit()

    checking.open().approve_and_put_live()
    expect(screens.say(reviewer)).to_contain_text("It goes live with a second check, by somebody else.")
    assert partner.article(UNTRANSLATED, "vi").status == 404
    expect(checking.open().page.locator("body")).to_contain_text("somebody else")
    second = people("clinical-reviewer")
    TranslationDesk(second, url).open().approve_and_put_live()
    expect(screens.say(second)).to_contain_text("Approved and put live in Tiếng Việt.")
    served = partner.article(UNTRANSLATED, "vi")
    assert (served.status, served.headers["content-language"], served.json["lang"]) == (200, "vi", "vi")
    assert served.json["title"] == "Hỗ trợ tâm lý"
    assert served.json["translation"]["status"] == "current"
    after = partner.article(UNTRANSLATED)
    assert (after.body, after.etag) == (english.body, english.etag)


def test_a_passage_saves_itself_and_says_how_it_stands(people: People, partner: Partner) -> None:
    translator = people("translator")
    desk = TranslationDesk(translator, screens.subject_url(partner, SLUG, "ar")).open()
    counts = translator.locator(".mainstay-filters .mainstay-count")
    unread = int(counts.nth(4).inner_text())
    desk.write(5, "نص يقول 7 مرات")
    expect(desk.saved(5)).to_contain_text("Saved")
    expect(desk.pairs.nth(5).locator(".mainstay-finding--error").filter(has_text="7").first).to_be_visible()
    expect(desk.box(5)).to_be_focused()
    desk.pairs.nth(6).locator("[data-mainstay-segment-of-param=machine-read]").click()
    expect(counts.nth(4)).to_have_text(str(unread - 1))
    translator.locator("[data-mainstay-desk-name-param=attention]").click()
    expect(desk.pairs.nth(6)).to_be_hidden()
    expect(desk.pairs.nth(5)).to_be_visible()
    desk.open()
    expect(desk.pairs.nth(5).locator(".mainstay-rendered")).to_have_text("نص يقول 7 مرات")


def test_from_passage_to_passage_by_keyboard_alone(people: People, partner: Partner) -> None:
    translator = people("translator")
    desk = TranslationDesk(translator, screens.subject_url(partner, SLUG, "ru")).open()
    desk.pairs.nth(0).locator("textarea").focus()
    translator.keyboard.press("Alt+PageDown")
    expect(desk.pairs.nth(1).locator("textarea")).to_be_focused()
    translator.keyboard.press("Alt+PageUp")
    expect(desk.pairs.nth(0).locator("textarea")).to_be_focused()
    translator.keyboard.press("Alt+Insert")
    expect(desk.saved(0)).to_contain_text("Saved")
    expect(desk.pairs.nth(0).locator("textarea")).to_have_value(partner.article(SLUG).json["title"])
    translator.locator("[data-a11y-dialog-show=mainstay-keys]").press("Enter")
    expect(translator.locator("#mainstay-keys kbd").first).to_be_visible()


def test_two_people_in_one_passage_the_second_gets_both_and_chooses(people: People, partner: Partner, watch: Watch) -> None:
    watch.expected.add(409)
    url = screens.subject_url(partner, SLUG, "zh-Hans")
    first, second = (TranslationDesk(people(name), url).open() for name in ("translator", "second-translator"))
    first.write(0, "第一个标题")
    expect(first.saved(0)).to_contain_text("Saved")
    second.write(0, "第二个标题")
    expect(second.saved(0)).to_contain_text("Somebody else has saved this passage meanwhile.")
    expect(second.pairs.nth(0).locator(".mainstay-theirs")).to_contain_text("第一个标题")
    second.page.get_by_role("button", name="Keep mine").click()
    expect(second.saved(0)).to_contain_text("Saved")
    first.write(0, "第三个标题")
    expect(first.pairs.nth(0).locator(".mainstay-theirs")).to_contain_text("第二个标题")
    first.page.get_by_role("button", name="Take what is saved").click()
    expect(first.box(0)).to_have_value("第二个标题")


def test_whoever_translates_cannot_approve_it_although_they_may_approve_others(people: People, partner: Partner) -> None:
    before = partner.article(SLUG, "es")
    reviewer = people("language-reviewer")
    desk = TranslationDesk(reviewer, screens.subject_url(partner, SLUG, "es")).open()
    desk.write(0, "Otro título")
    desk.save()
    expect(reviewer.locator(".mainstay-decide .help-warning")).to_contain_text("You wrote some of this text since it was last approved.")
    expect(desk.approve).to_have_count(0)
    assert partner.article(SLUG, "es").body == before.body


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
