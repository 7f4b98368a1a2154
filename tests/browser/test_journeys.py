"""Through the whole house: from nothing to readers and through a safety change; a pause at night; two passages of sixty."""

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser import made, screens
from tests.browser.partners import Partner
from tests.browser.screens import PageEditor, TranslationDesk

People = Callable[..., Page]
#: Passages of the short article, by their place.
HEADLINE, PARAGRAPH = 0, 3
DATE_ON_THE_BOX = {
    "ar": "احفظه حيث يستطيع الجميع العثور عليه. تحقق من التاريخ على العلبة.",
    "fr": "Gardez-la là où tout le monde peut la trouver. Vérifiez la date sur la boîte.",
}


def plain(passage: str) -> str:
    """A passage as it is typed."""
    return passage.removeprefix("<p>").removesuffix("</p>")


def make(in_service: Callable[[str], str], *lines: str) -> None:
    in_service("\n".join(["from tests.browser import made", *lines]))


def check_twice(people: People, url: str) -> None:
    """A language check and a clinical check, by two people who wrote none of it."""
    TranslationDesk(people("language-reviewer"), url).open().approve_and_put_live()
    TranslationDesk(people("clinical-reviewer"), url).open().approve_and_put_live(kind="clinical")


def test_from_nothing_to_arabic_readers_and_through_a_safety_change_that_cannot_harm_them(
    people: People, partner: Partner, in_service: Callable[[str], str]
) -> None:
    make(in_service, "made.short_article('fr')", "made.take_back_notice('fr')")
    english = partner.article(made.SHORT)
    assert partner.article(made.SHORT, "ar").code == "translation-unavailable"
    url = screens.subject_url(partner, made.SHORT, "ar")

    # Written, submitted, returned once with a reason, corrected.
    translator = people("translator")
    desk = TranslationDesk(translator, url).open()
    for number, passage in enumerate(made.IN_OTHER_WORDS["ar"]):
        desk.write(number, "عنوان" if number == HEADLINE else plain(passage))
    desk.save()
    expect(translator.locator("body")).to_contain_text("5 of 5 passages are translated.")
    desk.submit("From nothing.")
    reviewer = people("language-reviewer")
    TranslationDesk(reviewer, url).open().give_back("The headline is not whole.")
    translator.goto("/admin/")
    waiting = translator.locator(".waiting tr").filter(has_text="Keeping naloxone at home")
    expect(waiting.first).to_contain_text("The headline is not whole.")
    waiting.first.get_by_role("link").click()
    expect(translator.locator(".help-warning").first).to_contain_text("The headline is not whole.")
    desk.write(HEADLINE, plain(made.IN_OTHER_WORDS["ar"][HEADLINE]))
    expect(desk.saved(HEADLINE)).to_contain_text("Saved")
    desk.open().submit("The whole headline.")

    # Checked for its language, which alone puts nothing live, and then by a clinician.
    TranslationDesk(reviewer, url).open().approve_and_put_live()
    expect(screens.say(reviewer)).to_contain_text("It goes live with a second check, by somebody else.")
    assert partner.article(made.SHORT, "ar").status == 404
    clinician = people("clinical-reviewer")
    TranslationDesk(clinician, url).open().approve_and_put_live(kind="clinical")
    arabic = partner.article(made.SHORT, "ar")
    assert (arabic.status, arabic.json["title"], arabic.json["direction"]) == (200, made.IN_OTHER_WORDS["ar"][HEADLINE], "rtl")
    checks = arabic.json["translation"]
    assert (checks["language_check"]["by_role"], checks["clinical_check"]["by_role"]) == ("Language reviewers", "Clinical reviewers")
    assert partner.article(made.SHORT).body == english.body

    # The English changes for safety; nobody can come to harm by the old text.
    page = people("editor")
    editor = PageEditor(page, screens.edit_url(page, partner, made.SHORT)).open()
    editor.add_to("Keep it where everybody can find it.", " Check the date on the box.")
    editor.change("safety", harm="no", note="Old boxes do not work.")
    editor.publish()
    assert partner.article(made.SHORT, "ar").body == arabic.body
    screens.sign_off(clinician, screens.subject_url(partner, made.SHORT, "sign-off"))
    noticed, held = partner.article(made.SHORT, "ar"), partner.article(made.SHORT, "fr")
    assert noticed.json["notice"]["text"]
    assert noticed.json["title"] == arabic.json["title"]
    assert (held.status, held.code) == (404, "held")
    changed = partner.article(made.SHORT)
    assert "Check the date on the box." in changed.body.decode()
    assert changed.json["notice"] is None

    # New approvals clear both.
    for tag, words in DATE_ON_THE_BOX.items():
        there = screens.subject_url(partner, made.SHORT, tag)
        writing = TranslationDesk(translator, there).open()
        writing.write(PARAGRAPH, words)
        expect(writing.saved(PARAGRAPH)).to_contain_text("Saved")
        check_twice(people, there)
        again = partner.article(made.SHORT, tag)
        assert (again.status, again.json["notice"], again.json["translation"]["status"]) == (200, None, "current")
        assert words.rpartition(". ")[2] in again.body.decode()


def test_at_ten_past_two_the_safety_lead_pauses_one_language_alone_and_does_not_lift_it_alone(
    people: People, partner: Partner, in_service: Callable[[str], str]
) -> None:
    make(in_service, "made.short_article('ar', 'fr', risk='standard')")
    before = {tag: partner.article(made.SHORT, tag) for tag in ("en", "fr", "ar")}
    _items, link = partner.changes()
    url = screens.subject_url(partner, made.SHORT, "ar")

    lead = people("safety-lead")
    screens.take_down(lead, url + "close/", "pause", "A reader rang: one sentence is dangerous.")

    held = partner.article(made.SHORT, "ar")
    assert (held.status, held.code, held.headers["cache-control"]) == (404, "held", "no-store")
    assert partner.article(made.SHORT, "ar", If_None_Match=before["ar"].etag).status == 404
    items, link = partner.changes_after(link)
    assert [(item["lang"], item["state"]) for item in items] == [("ar", "held")]
    for tag in ("en", "fr"):
        after = partner.article(made.SHORT, tag)
        assert (after.body, after.etag) == (before[tag].body, before[tag].etag)

    # Nothing that she can do brings it back: no button does, nor the request of one.
    desk = TranslationDesk(lead, url).open()
    expect(lead.locator(".mainstay-decide .help-warning")).to_contain_text("You paused this text.")
    expect(desk.approve).to_have_count(0)
    second = TranslationDesk(people("second-safety-lead"), url).open()
    form = second.page.locator("form[action$='/approve/']")
    posted = {name: form.locator(f"[name={name}]").get_attribute("value") or "" for name in ("shown", "source_shown")}
    posted["csrfmiddlewaretoken"] = lead.locator("[name=csrfmiddlewaretoken]").first.get_attribute("value") or ""
    for alone in ({}, {"alone_because": "I am alone."}):
        lead.request.post(f"{url}approve/", form={**posted, **alone})
        assert partner.article(made.SHORT, "ar").code == "held"
    lead.goto(url + "close/")
    expect(lead.locator("button[value=bring_back]")).to_have_count(0)

    second.approve_and_put_live()
    back = partner.article(made.SHORT, "ar")
    assert (back.status, back.json["sections"]) == (200, before["ar"].json["sections"])
    assert [(item["lang"], item["state"]) for item in partner.changes_after(link)[0]] == [("ar", "published")]


def test_two_of_sixty_passages_changed_and_the_others_stay_done(people: People, partner: Partner, in_service: Callable[[str], str]) -> None:
    make(in_service, "made.long_article()", "made.change_two_days()")
    translator = people("translator")
    translator.goto("/admin/")

    item = translator.locator(".waiting tr").filter(has_text="Day by day").filter(has_text="العربية")
    expect(item).to_contain_text("2 passages to do, 20 words")
    expect(item).to_contain_text("The source changed (substantive)")
    expect(item).to_contain_text("Water alone is not enough.")
    last = (timezone.now() + timedelta(days=60)).date().isoformat()
    expect(item.locator("time")).to_have_attribute("datetime", last)

    item.get_by_role("link").click()
    desk = TranslationDesk(translator, screens.subject_url(partner, made.LONG, "ar"))
    expect(desk.pairs).to_have_count(60)
    expect(translator.locator(".mainstay-pair[data-state=done]")).to_have_count(58)
    expect(translator.locator("body")).to_contain_text("58 of 60 passages are translated.")
    translator.locator("[data-mainstay-desk-name-param=todo]").click()
    shown = translator.locator(".mainstay-pair:visible")
    expect(shown).to_have_count(2)
    for number, day in enumerate((7, 30)):
        expect(shown.nth(number).locator("details .addition")).to_contain_text("eat a little")
        expect(shown.nth(number).locator(".mainstay-rendered")).to_contain_text(f"اليوم {day}")
    assert "eat a little" not in partner.article(made.LONG, "ar").body.decode()
