"""The screens as a person uses them: where things are, and how text gets into them. Works in every language of the admin."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.partners import Partner

PUBLISH, SUBMIT = "action-publish", "action-submit"


def subject_url(partner: Partner, slug: str, *more: str) -> str:
    """The address of one of our screens about an article: readers' table, a language, sign-off."""
    public_id = partner.article(slug).json["id"]
    return "/".join(["/admin/mainstay/article", public_id, *more, ""])


def edit_url(page: Page, partner: Partner, slug: str) -> str:
    """The address of an article's editor, as the readers' screen links to it."""
    answer = page.request.get(subject_url(partner, slug))
    found = re.search(r"/admin/pages/\d+/edit/", answer.text())
    assert found, answer.status
    return found[0]


def say(page: Page) -> Locator:
    """What the admin answered in words, at the top of the page."""
    return page.locator(".messages li")


class PageEditor:
    """Wagtail's editor of an article."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url
        self.form = page.locator("#page-edit-form")

    def open(self) -> "PageEditor":
        self.page.goto(self.url)
        expect(self.form).to_be_visible()
        return self

    def passage(self, words: str) -> Locator:
        """The rich text of the body that has these words."""
        return self.form.locator("[data-contentpath=body_en] [contenteditable=true]").filter(has_text=words).first

    def add_to(self, words: str, text: str) -> None:
        """Write some more at the end of the passage that has these words."""
        type_at_end(self.passage(words), text)

    def change(self, severity: str, harm: str = "", note: str = "") -> None:
        self.form.locator("[name=change_severity]").select_option(severity)
        if harm:
            self.form.locator("[name=change_harm]").select_option(harm)
        if note:
            self.form.locator("[name=change_note]").fill(note)

    def comment(self, field: str, text: str) -> None:
        """Write a comment at a field, and send it; it is with the form's other fields then."""
        self.begin_comment(field).fill(text)
        self.send_comment()
        wait_for_field(self.page, text)

    def send_comment(self) -> None:
        """Send what is being written, from the keyboard: the list of comments follows the page's scrolling, a moment behind it."""
        self.page.locator("#comments button[type=submit]:enabled").first.press("Enter")

    def begin_comment(self, field: str) -> Locator:
        """Ask for a comment at a field; where it is written."""
        place = self.page.locator(f"[data-contentpath={field}]").first
        place.hover()
        place.locator("[data-comment-add]").click()
        box = self.page.locator("#comments .comment--mode-creating textarea")
        expect(box).to_be_focused()  # Wagtail gives it the focus some moments later
        return box

    def act(self, name: str) -> None:
        """Press one of the buttons behind the arrow, and wait for the page that answers."""
        button = self.page.locator(f"footer [name={name}]")
        if not button.is_visible():
            self.page.locator("footer .w-dropdown__toggle").click()
        with self.page.expect_navigation():
            button.click()

    def save(self) -> None:
        with self.page.expect_navigation():
            self.page.locator("footer .action-save").click()
        expect(self.page.locator(".messages .success")).to_be_visible()

    def publish(self) -> None:
        self.act(PUBLISH)
        expect(self.page.locator(".messages .success")).to_be_visible()

    def publish_refused(self) -> Locator:
        """Press publish where the form refuses; the errors at the fields."""
        self.act(PUBLISH)
        return self.page.locator("#page-edit-form .error-message")

    def readers_tab(self) -> Locator:
        """The tab that says what readers get."""
        self.page.locator("[role=tab][href$=readers_and_translations]").click()
        panel = self.page.locator("#tab-readers_and_translations")
        expect(panel).to_be_visible()
        return panel


def type_at_end(box: Locator, text: str) -> None:
    """Type into a rich text, after what is there."""
    box.click()
    box.page.keyboard.press("Control+End")
    box.page.keyboard.insert_text(text)
    wait_for_field(box.page, text)


def wait_for_field(page: Page, text: str) -> None:
    """A rich text writes itself into its form's field a moment after it was typed."""
    page.wait_for_function(
        "text => [...document.querySelectorAll('input[type=hidden]')].some(field => field.value.includes(text))", arg=text
    )


class TranslationDesk:
    """The form of one language: a pair a passage, the source and its translation."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url
        self.pairs = page.locator(".mainstay-pair")
        self.approve = page.locator("button[name=approve]")

    def open(self) -> "TranslationDesk":
        self.page.goto(self.url)
        expect(self.pairs.first).to_be_visible()
        return self

    def box(self, number: int) -> Locator:
        """Where the translation of a passage is typed, counted from 0. A rich text becomes an editor when somebody goes there."""
        rendered = self.pairs.nth(number).locator(".mainstay-rendered")
        if rendered.count():
            rendered.click()
            expect(self.pairs.nth(number).locator("[contenteditable=true]")).to_be_focused()
        return (
            self.pairs.nth(number).locator(".mainstay-target [contenteditable=true], .mainstay-target textarea:not([hidden]):visible").first
        )

    def write(self, number: int, text: str) -> None:
        """Replace the translation of a passage."""
        box = self.box(number)
        if box.get_attribute("contenteditable"):
            box.click()
            self.page.keyboard.press("Control+A")
            self.page.keyboard.press("Backspace")
            self.page.keyboard.insert_text(text)
            wait_for_field(self.page, text)
        else:
            box.fill(text)

    def save(self) -> None:
        with self.page.expect_navigation():
            self.page.locator("button[name=save]").click()

    def saved(self, number: int) -> Locator:
        """What the desk says of a passage that saves itself."""
        return self.pairs.nth(number).locator(".mainstay-status")

    def read_machine_texts(self) -> None:
        """Confirm each passage that a machine wrote, one by one."""
        buttons = self.page.locator("[data-mainstay-segment-of-param=machine-read]")
        for left in range(buttons.count(), 0, -1):
            buttons.first.click()
            expect(buttons).to_have_count(left - 1)

    def let_pass(self, reason: str) -> None:
        """Ask to let everything pass that the checks found, as the buttons would, without drawing the desk in between."""
        url = self.page.locator("#let-pass").get_attribute("action")
        token = self.page.locator("#let-pass [name=csrfmiddlewaretoken]").get_attribute("value")
        for button in self.page.locator(".mainstay-let-pass button").all():
            asked = {"key": button.get_attribute("data-key"), "check": button.get_attribute("data-check"), "reason": reason}
            answer = self.page.request.post(str(url), form={**asked, "csrfmiddlewaretoken": token}, max_redirects=0)
            assert answer.status == 302, answer.status
        self.open()

    def submit(self, note: str = "") -> None:
        self.page.locator("#submit-note").fill(note)
        with self.page.expect_navigation():
            self.page.locator("#submit button").click()

    def give_back(self, reason: str) -> None:
        self.page.locator("#return-reason").fill(reason)
        with self.page.expect_navigation():
            self.page.locator("form[action$='/return/'] button").click()

    def approve_and_put_live(self, severity: str = "substantive", kind: str = "language") -> None:
        """Approve, with what the form asks for; `kind` is what was checked, for who may check more than the language."""
        for name, value in (("severity", severity), ("check_kind", kind)):
            choice = self.page.locator(f"[name={name}][value={value}]")
            if choice.count():
                choice.check()
        warnings = self.page.locator("[name=warnings_read]")
        if warnings.count():
            warnings.check()
        with self.page.expect_navigation():
            self.approve.click()


def sign_off(page: Page, url: str) -> None:
    """Open the sign-off of a source, and sign it off."""
    page.goto(url)
    with page.expect_navigation():
        page.locator("form.mainstay-decide button").click()


def take_down(page: Page, url: str, action: str, why: str, *, everywhere: bool = False) -> None:
    """Pause, retire, recall or bring back by the form of one language."""
    page.goto(url)
    page.locator("[name=reason]").fill(why)
    if everywhere:
        page.locator("[name=everywhere]").check()
    with page.expect_navigation():
        page.locator(f"button[name=action][value={action}]").click()
