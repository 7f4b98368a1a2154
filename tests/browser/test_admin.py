"""What Wagtail gives an editor, used on our pages: scheduling, comparing, comments, locks, history, preview, copies, bulk."""

from collections.abc import Callable
from contextlib import suppress

from playwright.sync_api import Page, Request, Route, TimeoutError, expect

from tests.browser import screens
from tests.browser.partners import Partner
from tests.browser.screens import PageEditor

People = Callable[..., Page]
SLUG = "heroin-withdrawal"
FIRST = "Is this still true?"
PASSAGE = "This reaction is called withdrawal"


def editor_of(page: Page, partner: Partner) -> PageEditor:
    return PageEditor(page, screens.edit_url(page, partner, SLUG))


def test_somebody_logs_in_by_the_form_and_sees_what_readers_are_served(people: People) -> None:
    page = people()
    page.goto("/admin/")
    page.locator("[name=username]").fill("editor")
    page.locator("[name=password]").fill("mainstay")
    with page.expect_navigation():
        page.locator("form [type=submit]").click()
    expect(page.locator("#main")).to_contain_text("What readers are served")


def test_a_scheduled_article_stays_as_it_is_until_its_time(people: People, partner: Partner) -> None:
    before = partner.article(SLUG)
    page = people("editor")
    editor = editor_of(page, partner).open()
    editor.add_to(PASSAGE, " Later.")
    editor.change("substantive")
    page.locator("[data-side-panel-toggle=status]").click()
    page.locator("[data-a11y-dialog-show=schedule-publishing-dialog]").first.click()
    page.locator("[name=go_live_at]").fill("2099-01-01 10:00")
    page.locator("[name=go_live_at]").press("Tab")
    page.locator("#schedule-publishing-dialog [type=submit]").first.press("Enter")  # the calendar may lie over it
    expect(page.locator(".messages .success")).to_be_visible()
    editor.open().act(screens.PUBLISH)
    expect(screens.say(page)).to_contain_text("scheduled for publishing")
    assert partner.article(SLUG).body == before.body
    assert partner.article(SLUG, If_None_Match=before.etag).status == 304


def test_two_revisions_are_compared_in_the_source_alone(people: People, partner: Partner) -> None:
    page = people("editor")
    editor = editor_of(page, partner).open()
    editor.add_to(PASSAGE, " Once more.")
    editor.save()
    page.goto(editor.url.replace("/edit/", "/revisions/compare/earliest...latest/"))
    expect(page.locator(".comparison .addition").filter(has_text="Once more.")).to_be_visible()
    assert "Síndrome" not in page.locator("main").inner_text()


def test_a_comment_and_a_lock_keep_to_the_page(people: People, partner: Partner) -> None:
    before = partner.article(SLUG)
    page = people("editor")
    editor = editor_of(page, partner).open()
    editor.comment("summary_en", FIRST)
    comments_after_saving(page, editor, FIRST)

    # Locked by one, it cannot be edited by another.
    token = page.locator("[name=csrfmiddlewaretoken]").first.get_attribute("value") or ""
    assert page.request.post(editor.url.replace("/edit/", "/lock/"), form={"csrfmiddlewaretoken": token}).ok
    other = people("second-editor")
    other.goto(editor.url)
    expect(other.locator("footer [name=action-publish]")).to_have_count(0)
    assert partner.article(SLUG).body == before.body


class Savings:
    """What the page saves by itself, each on its way and not yet at the server until it is let go."""

    def __init__(self, page: Page, editor: PageEditor) -> None:
        self.page, self.editor = page, editor
        self.held: Route | None = None
        self.is_next_held = False
        page.route(f"**{editor.url}", self._on_request)

    def hold_one_of_a_note(self) -> None:
        self.is_next_held = True
        for n in range(20):  # Wagtail takes what the form holds some moments after it was opened for no change
            self.page.locator("[name=change_note]").fill(f"Note {n}")
            with suppress(TimeoutError), self.page.expect_request(self._is_saving, timeout=2_000):
                pass
            if self.held:
                break

    def hold_one_with(self, act: Callable[[], None]) -> None:
        self.is_next_held = True
        with self.page.expect_request(self._is_saving):
            act()

    def let_go(self) -> None:
        assert self.held
        route, self.held = self.held, None
        with self.page.expect_response(lambda answer: self._is_saving(answer.request)):
            route.continue_()

    def let_go_and_hold_the_next(self) -> None:
        self.is_next_held = True
        with self.page.expect_request(self._is_saving):
            self.let_go()

    def _is_saving(self, request: Request) -> bool:
        return request.method == "POST" and request.url.endswith(self.editor.url)

    def _on_request(self, route: Route) -> None:
        if self.is_next_held and self._is_saving(route.request):
            self.held, self.is_next_held = route, False
        else:
            route.continue_()


def comments_after_saving(page: Page, editor: PageEditor, *wanted: str) -> str:
    editor.save()
    editor.open()
    for text in wanted:
        expect(page.locator("#comments")).to_contain_text(text)
    return page.locator("#comments").inner_text()


def test_a_comment_that_is_sent_while_the_page_saves_itself_is_not_lost(people: People, partner: Partner) -> None:
    page = people("editor")
    editor = editor_of(page, partner).open()
    savings = Savings(page, editor)
    savings.hold_one_of_a_note()
    editor.comment("summary_en", FIRST)
    savings.let_go()
    expect(page.locator("#comments")).to_contain_text(FIRST)
    assert comments_after_saving(page, editor, FIRST).count(FIRST) == 1


def test_a_comment_whose_button_is_pressed_while_the_page_saves_itself_is_sent(people: People, partner: Partner) -> None:
    page = people("editor")
    editor = editor_of(page, partner).open()
    savings = Savings(page, editor)
    savings.hold_one_of_a_note()
    editor.begin_comment("summary_en").fill(FIRST)
    page.locator("#comments button[type=submit]").first.focus()
    page.keyboard.down(" ")
    savings.let_go()
    expect(page.locator("#w-autosave-indicator")).to_have_attribute("data-w-autosave-state-value", "saved")
    page.keyboard.up(" ")
    screens.wait_for_field(page, FIRST)
    assert comments_after_saving(page, editor, FIRST).count(FIRST) == 1


def test_a_button_waits_for_the_pages_own_saving(people: People, partner: Partner) -> None:
    page = people("editor")
    editor = editor_of(page, partner).open()
    savings = Savings(page, editor)
    savings.hold_one_with(lambda: editor.comment("summary_en", FIRST))
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method) if request.is_navigation_request() else None)
    page.locator("footer .action-save").click(no_wait_after=True)  # Wagtail keeps the keyboard within an open comment
    expect(page.locator("footer .action-save")).to_be_disabled()
    assert not sent
    with page.expect_navigation():
        savings.let_go()
    expect(page.locator(".messages .success")).to_be_visible()
    assert sent[0] == "POST"
    editor.open()
    expect(page.locator("#comments")).to_contain_text(FIRST)
    assert page.locator("#comments").inner_text().count(FIRST) == 1


def test_a_comment_and_a_reply_that_are_being_written_go_on_while_the_page_saves_itself(people: People, partner: Partner) -> None:
    page = people("editor")
    editor = editor_of(page, partner).open()
    savings = Savings(page, editor)
    savings.hold_one_of_a_note()
    editor.comment("summary_en", FIRST)
    savings.let_go_and_hold_the_next()  # the first is on its way while a second is begun
    editor.begin_comment("headline_en").press_sequentially("And ")
    savings.let_go()
    expect(page.locator("#comments textarea")).to_have_value("And ")
    expect(page.locator("#comments textarea")).to_be_focused()
    page.keyboard.type("this?")
    editor.send_comment()
    said = comments_after_saving(page, editor, FIRST, "And this?")
    assert (said.count(FIRST), said.count("And this?")) == (1, 1)

    savings.hold_one_of_a_note()
    comment = page.locator("#comments .comment").filter(has_text=FIRST)
    comment.dblclick()
    comment.locator("textarea").press_sequentially("Yes, ")
    savings.let_go()
    expect(comment.locator("textarea")).to_have_value("Yes, ")
    comment.locator("textarea").fill("Yes, it is.")
    editor.send_comment()
    said = comments_after_saving(page, editor, FIRST, "And this?", "Yes, it is.")
    assert (said.count(FIRST), said.count("And this?"), said.count("Yes, it is.")) == (1, 1, 1)


def test_history_lists_our_acts_in_words(people: People, partner: Partner) -> None:
    lead = people("safety-lead")
    screens.take_down(lead, screens.subject_url(partner, SLUG, "ar", "close"), "pause", "A dangerous sentence.")
    page = people("editor")
    page.goto(editor_of(page, partner).url.replace("/edit/", "/history/"))
    table = page.locator("table.listing")
    expect(table).to_contain_text("Paused")
    expect(table).to_contain_text("Safety Lead")
    expect(table).to_contain_text("Approved (zh-Hans)")
    expect(table).to_contain_text("Changed the translation (zh-Hans)")


def test_the_preview_shows_a_draft_in_english_and_a_translation_from_right_to_left(people: People, partner: Partner) -> None:
    page = people("editor")
    editor = editor_of(page, partner).open()
    page.locator("[data-side-panel-toggle=preview], button[aria-label='Toggle preview']").first.click()
    frame = page.frame_locator("iframe#w-preview-iframe, iframe[data-w-preview-target=iframe], .preview-panel__iframe").last
    expect(frame.locator("html")).to_have_attribute("dir", "ltr")
    expect(frame.locator("h1")).to_contain_text("Heroin withdrawal")
    page.locator("#id_preview_mode, [data-w-preview-target=mode]").first.select_option("ar")
    expect(frame.locator("html")).to_have_attribute("dir", "rtl")
    expect(frame.locator("html")).to_have_attribute("lang", "ar")
    expect(frame.locator("h1")).to_have_text(partner.article(SLUG, "ar").json["title"])
    assert editor.url in page.url


def test_publishing_and_deleting_in_bulk_is_refused_in_words(people: People, partner: Partner) -> None:
    page = people("administrator")
    pk = editor_of(page, partner).url.split("/")[3]
    for action, words in (
        ("publish", "published and unpublished one at a time"),
        ("unpublish", "published and unpublished one at a time"),
        ("delete", "Readers have had this."),
    ):
        page.goto(f"/admin/bulk/wagtailcore/page/{action}/?id={pk}")
        with page.expect_navigation():
            page.locator("main form [type=submit]").click()
        expect(screens.say(page)).to_contain_text(words)
    assert partner.article(SLUG).status == 200


def test_what_readers_have_had_cannot_be_deleted(people: People, partner: Partner) -> None:
    page = people("administrator")
    page.goto(editor_of(page, partner).url.replace("/edit/", "/delete/"))
    expect(screens.say(page)).to_contain_text("Readers have had this. Retire it instead")
    assert partner.article(SLUG).status == 200


def test_a_copy_is_a_draft_of_its_own(people: People, partner: Partner) -> None:
    _items, link = partner.changes()
    page = people("editor")
    page.goto(editor_of(page, partner).url.replace("/edit/", "/copy/"))
    expect(page.locator("[name=publish_copies], [name=alias]")).to_have_count(0)
    collection = page.locator("[name=new_parent_page]").input_value()
    page.locator("[name=new_title]").fill("A copy")
    page.locator("[name=new_slug]").fill("a-copy")
    with page.expect_navigation():
        page.locator("main form [type=submit]").last.click()
    expect(screens.say(page)).to_contain_text("copied")
    assert partner.article("a-copy").code == "not-found"
    assert partner.changes_after(link)[0] == []
    page.goto(f"/admin/pages/{collection}/")
    copied = page.locator("table.listing a[href*='/mainstay/article/']")
    ids = {str(url).split("/article/")[1].split("/")[0] for url in copied.evaluate_all("links => links.map(link => link.href)")}
    assert len(ids) > 1
    assert partner.article(SLUG).json["id"] in ids
