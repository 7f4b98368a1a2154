"""`<recovery-article>` on a page of another origin, under a strict policy: every state of the contract, and what must be read first.

Each test fails by itself when the page asks a third host for anything, and here also when anything is left behind in the browser.
"""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Request, expect

from tests.api.test_representations import OUTDATED, VARIANTS, first
from tests.browser.conftest import Watch
from tests.browser.test_accessibility import violations

People = Callable[..., Page]
Run = Callable[[str], str]
POLICY = (
    "default-src 'none'; script-src {api}; connect-src {api}; img-src {api}; base-uri 'none'; form-action 'none'; "
    "require-trusted-types-for 'script'; trusted-types recovery-article"
)
EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "element.html"
TEXT = "Most symptoms ease in about a week."
EMERGENCY = "call your local emergency number at once"
QUARTER_OF_AN_HOUR_MS = 15 * 60 * 1000


class Site:
    """A partner's site: pages that are given to it, at an origin of its own."""

    def __init__(self, api: str) -> None:
        site = self
        self.api, self.pages, self.policy = api, dict[str, str](), POLICY.format(api=api)

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = site.pages.get(self.path, "").encode()
                self.send_response(200 if body else 204)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                if site.policy:
                    self.send_header("Content-Security-Policy", site.policy)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_arguments: object) -> None:
                """The test says what went wrong."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"

    def put(self, *elements: str, path: str = "/", script: str = "embed.js") -> str:
        """A page with these elements; its address."""
        self.pages[path] = (
            '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
            '<meta name="color-scheme" content="light dark"><title>A partner</title>'
            f'<script src="{self.api}/api/v1/{script}" defer></script>'
            f"</head><body><main><h1>A partner</h1>{''.join(elements)}</main></body></html>"
        )
        return self.address + path


@pytest.fixture
def site(service: str, watch: Watch) -> Iterator[Site]:
    found = Site(service)
    watch.own.append(found.address)
    threading.Thread(target=found.server.serve_forever, daemon=True).start()
    yield found
    found.server.shutdown()
    found.server.server_close()


@pytest.fixture
def reader(people: People, site: Site) -> Iterator[Page]:
    """Somebody who reads the partner's page; at the end nothing is left in their browser."""
    page = people()
    yield page
    assert page.context.cookies() == []
    for frame_origin in page.context.storage_state()["origins"]:
        assert not frame_origin["localStorage"]


def element(reference: str, lang: str = "", inside: str = "", **more: str) -> str:
    attributes = {"id": reference, **({"lang": lang} if lang else {}), **more}
    written = " ".join(f'{name}="{value}"' for name, value in attributes.items())
    return f"<recovery-article {written}>{inside}</recovery-article>"


def shown(page: Page, reference: str) -> Locator:
    return page.locator(f"recovery-article[id='{reference}']").first


def publish(in_service: Run, *lines: str) -> None:
    """Put documents out, as `f.publish(…)` of the API's factories; `d` is what was closed or published last."""
    in_service("\n".join(["from tests.api import factories as f", *lines]))


def test_every_state_of_the_contract_is_shown_as_it_says(reader: Page, site: Site, in_service: Run, watch: Watch) -> None:
    publish(
        in_service,
        "f.publish(slug='current')",
        "d = f.publish(slug='outdated', text='Newer.')",
        f"f.publish(d.subject_id, 'es', slug='outdated', notice='Una versión anterior.', translation={OUTDATED!r})",
        "f.publish(slug='noticed', notice='Read this before anything else.')",
        "d = f.publish(slug='by-machine')",
        "f.publish(d.subject_id, 'vi', slug='by-machine', translation=f.translation('vi', origin='machine'), review=None)",
        "f.close(f.publish(slug='held'), 'held')",
        "f.close(f.publish(slug='gone'), 'gone')",
        "f.close(f.publish(slug='recalled'), 'recalled', instruction='Remove it.')",
    )
    watch.expected = {400, 404, 410}
    served = {"current": "en", "outdated": "es", "noticed": "en", "by-machine": "vi"}
    closed = {"held": "being checked", "gone": "no longer available", "recalled": "contained a mistake", "never-was": "not available"}
    asked: list[Request] = []
    reader.on("requestfinished", lambda request: asked.append(request) if "/articles/" in request.url else None)
    reader.goto(
        site.put(
            *(element(*which) for which in served.items()),
            *(element(name) for name in closed),
            element("current", "tlh"),
            element("noticed", "fr"),
        )
    )
    # In a language that the library has not, and in one that the article has not.
    expect(reader.locator("recovery-article[lang=tlh]").get_by_role("alert")).to_contain_text(EMERGENCY)
    expect(reader.locator("recovery-article[lang=fr]").get_by_role("alert")).to_contain_text("votre numéro d’urgence local")
    for name in served:
        article = shown(reader, name).get_by_role("article", name="Heroin withdrawal")
        expect(article).to_contain_text(TEXT)
        expect(article).to_contain_text("Example library")
        expect(shown(reader, name).get_by_role("alert")).to_have_count(0)
    expect(shown(reader, "current")).to_contain_text("Reviewed on May 3, 2026")
    expect(shown(reader, "outdated").get_by_text("Desactualizado", exact=True)).to_be_visible()
    expect(shown(reader, "noticed")).to_contain_text("Read this before anything else.")
    expect(shown(reader, "outdated")).to_contain_text("Una versión anterior.")
    expect(shown(reader, "by-machine")).to_contain_text("Do máy dịch")
    expect(shown(reader, "by-machine")).to_contain_text("Chưa có chuyên gia y tế nào kiểm tra văn bản này.")
    for name, words in closed.items():
        alert = shown(reader, name).get_by_role("alert")
        expect(alert).to_contain_text(words)
        expect(alert).to_contain_text(EMERGENCY)
        expect(shown(reader, name)).not_to_contain_text(TEXT)
    told = {name: value for request in asked for name, value in request.all_headers().items()}
    assert told["origin"] == site.address
    assert told.keys().isdisjoint({"referer", "cookie", "authorization"}), told


@pytest.mark.figure(25)
def test_what_must_be_read_first_is_first_in_the_element(reader: Page, site: Site, in_service: Run, figure: Callable[..., None]) -> None:
    lines: list[str] = []
    for name, variant in VARIANTS.items():
        lines += [f"d = f.publish(slug={name!r})", f"f.publish(d.subject_id, 'es', slug={name!r}, **{variant!r})"]
    publish(in_service, *lines)
    reader.goto(site.put(*(element(name, "es") for name in VARIANTS)))
    wrong = []
    for name, variant in VARIANTS.items():
        article = shown(reader, name).get_by_role("article")
        expect(article).to_contain_text(TEXT)
        lines = [line for line in article.inner_text().split("\n") if line]
        safety = article.get_by_role("region", name="Lea esto primero").inner_text().split("\n")
        if [line for line in safety if line] != first(variant):
            wrong.append(f"{name}: {safety}")
        if any(lines.index(line) > lines.index("What happens when somebody stops.") for line in first(variant)):
            wrong.append(f"{name}, order: {lines}")
        if not any("Example library" in line for line in lines[:3]):
            wrong.append(f"{name}, attribution: {lines[:3]}")
    assert not wrong
    figure(
        row=25, name=f"of {len(VARIANTS)} embedded articles those without their notice, advice or sentence first", value=len(wrong), limit=0
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_arabic_reads_from_right_to_left_with_the_numbers_of_the_region(
    people: People, site: Site, in_service: Run, watch: Watch, scheme: str
) -> None:
    publish(
        in_service,
        "f.publish(kind='help_contact', code='gb-999', region='GB', number='999', display='999', own_kind='emergency')",
        "f.publish(kind='help_contact', language='ar', code='gb-samaritans', region='GB', number='116123', display='116 123',"
        " name='خط الدعم', own_kind='crisis', verify_by='2026-01-01')",
        "f.publish(kind='help_contact', code='fr-112', region='FR', number='112', display='112', own_kind='emergency')",
    )
    watch.expected = {404}
    reader = people(color_scheme=scheme)
    reader.set_viewport_size({"width": 320, "height": 800})
    reader.goto(site.put(element("heroin-withdrawal", "ar", region="GB"), element("nowhere", "ar", region="GB")))
    article = shown(reader, "heroin-withdrawal").get_by_role("article")
    expect(article).to_have_attribute("dir", "rtl")
    expect(article).to_have_attribute("lang", "ar")
    expect(article).to_contain_text("نص تجريبي")
    for name in ("heroin-withdrawal", "nowhere"):
        links = shown(reader, name).get_by_role("link", name="اتصل بالرقم")
        expect(links).to_have_text(["اتصل بالرقم 999", "اتصل بالرقم 116 123"])
        assert [link.get_attribute("href") for link in links.all()] == ["tel:999", "tel:116123"]
        expect(shown(reader, name)).to_contain_text("لم يُتحقَّق من هذا الرقم مؤخرًا.")
    expect(shown(reader, "heroin-withdrawal").locator("[lang=en]", has_text="Emergency services")).to_have_attribute("dir", "ltr")
    assert article.evaluate("one => getComputedStyle(one).textAlign === 'start' && getComputedStyle(one).direction") == "rtl"
    assert reader.evaluate("document.documentElement.scrollWidth") == 320
    dark = article.evaluate("one => getComputedStyle(one.getRootNode().host).backgroundColor") == "rgb(18, 25, 28)"
    assert dark == (scheme == "dark")
    site.policy = ""
    reader.reload()  # axe comes as a script of the page
    expect(article).to_contain_text("نص تجريبي")
    assert violations(reader, exclude=[]) == []


def test_what_was_taken_down_or_cannot_be_asked_for_is_not_shown_any_longer(
    reader: Page, site: Site, in_service: Run, watch: Watch
) -> None:
    publish(in_service, "f.publish(slug='one')", "f.publish(slug='other')")
    watch.expected = {410}
    reader.clock.install()
    reader.goto(site.put(element("one"), element("other")))
    expect(shown(reader, "one")).to_contain_text(TEXT)
    expect(shown(reader, "other")).to_contain_text(TEXT)
    same = shown(reader, "other").get_by_role("article").element_handle()

    publish(
        in_service, "from api.models import Document", "f.close(Document.objects.get(slug='one'), 'recalled', instruction='Remove it.')"
    )
    reader.clock.fast_forward(QUARTER_OF_AN_HOUR_MS + 1)
    expect(shown(reader, "one").get_by_role("alert")).to_contain_text(EMERGENCY)
    expect(shown(reader, "one")).not_to_contain_text(TEXT)
    assert same
    assert same.evaluate("one => one.isConnected"), "what did not change was written anew"

    reader.context.set_offline(True)
    reader.clock.fast_forward(QUARTER_OF_AN_HOUR_MS + 1)
    expect(shown(reader, "other").get_by_role("alert")).to_contain_text("cannot be loaded right now")
    expect(shown(reader, "other")).to_contain_text(EMERGENCY)
    expect(shown(reader, "other")).not_to_contain_text(TEXT)
    reader.context.set_offline(False)
    expect(shown(reader, "other")).to_contain_text(TEXT)


def test_an_api_that_does_not_answer_leaves_emergency_advice(reader: Page, site: Site, in_service: Run, watch: Watch) -> None:
    publish(in_service, "f.publish(slug='slow')", "f.publish(slug='broken')", "f.publish(slug='limited')")
    watch.expected = {429}
    reader.clock.install()
    reader.route("**/articles/slow/", lambda route: None)
    reader.route("**/articles/broken/", lambda route: route.fulfill(status=200, body="<h1>Sign in to the network</h1>"))
    problem = json.dumps({"code": "quota-exceeded", "status": 429})
    reader.route(
        "**/articles/limited/", lambda route: route.fulfill(status=429, body=problem, headers={"Access-Control-Allow-Origin": "*"})
    )
    reader.goto(site.put(element("slow"), element("broken"), element("limited")))
    expect(shown(reader, "slow").get_by_role("status")).to_have_text("Loading…")
    reader.clock.fast_forward(10_001)
    for name in ("slow", "broken", "limited"):
        expect(shown(reader, name).get_by_role("alert")).to_contain_text(EMERGENCY)
    reader.unroute("**/articles/limited/")
    again = shown(reader, "limited").get_by_role("button", name="Try again")
    again.focus()
    reader.keyboard.press("Enter")
    expect(shown(reader, "limited")).to_contain_text(TEXT)
    assert shown(reader, "limited").evaluate("one => one.shadowRoot.activeElement.textContent") == "Heroin withdrawal"


def test_attributes_change_what_is_shown(reader: Page, site: Site, in_service: Run) -> None:
    publish(
        in_service,
        "d = f.publish(slug='one', text='The first.')",
        "f.publish(d.subject_id, 'es', slug='one', title='En español', text='El primero.')",
        "f.publish(slug='two', title='Another', text='The second.')",
        "f.publish(kind='help_contact', code='gb-999', region='GB', number='999', display='999')",
    )
    reader.goto(site.put(element("one")))
    found = reader.locator("recovery-article")
    expect(found).to_contain_text("The first.")
    found.evaluate("one => { one.lang = 'es'; one.setAttribute('region', 'GB') }")
    expect(found).to_contain_text("El primero.")
    expect(found.get_by_role("link", name="Llamar al 999")).to_be_visible()
    expect(found).not_to_contain_text("The first.")
    found.evaluate("one => { one.lang = 'en'; one.removeAttribute('region'); one.id = 'two' }")
    expect(found).to_contain_text("The second.")
    expect(found.get_by_role("link", name="999")).to_have_count(0)
    found.evaluate("one => { const parent = one.parentNode; one.remove(); parent.append(one) }")
    expect(found).to_contain_text("The second.")


def test_a_link_to_another_article_opens_it_here_unless_the_page_does(reader: Page, site: Site) -> None:
    reader.goto(site.put(element("heroin-withdrawal", "en")))
    found = reader.locator("recovery-article")
    link = found.get_by_role("button", name="medical detox")
    link.focus()
    reader.keyboard.press("Enter")
    expect(found.get_by_role("article")).to_have_accessible_name("Medical detox: what it does and what should come after")
    assert found.evaluate("one => one.shadowRoot.activeElement.getAttribute('part')") == "title"
    found.get_by_role("button", name="Back").click()
    expect(link).to_be_visible()
    found.evaluate("one => one.addEventListener('recovery-article-open', event => { one.opened = event.detail; event.preventDefault() })")
    link.click()
    assert found.evaluate("one => one.opened.lang") == "en"
    assert len(found.evaluate("one => one.opened.id")) == 36
    expect(link).to_be_visible()


def test_a_page_gives_it_other_colours_but_cannot_take_safety_away(reader: Page, site: Site, in_service: Run) -> None:
    publish(in_service, "f.publish(slug='one', sample=True, notice='Notice.')")
    site.policy = ""
    parts = ", ".join(f"recovery-article::part({part})" for part in ("sample", "notice", "advice", "source"))
    rules = (
        "recovery-article { --recovery-paper: rgb(1, 2, 3); --recovery-font: monospace }"
        "recovery-article::part(title) { color: rgb(4, 5, 6) }"
        f"{parts} {{ display: none; visibility: hidden; opacity: 0 }}"
    )
    reader.goto(site.put(f"<style>{rules}</style>", element("one")))
    found = reader.locator("recovery-article")
    assert found.evaluate("one => getComputedStyle(one).backgroundColor") == "rgb(1, 2, 3)"
    title = found.get_by_role("heading", name="Heroin withdrawal")
    assert title.evaluate("one => getComputedStyle(one).color + getComputedStyle(one).fontFamily") == "rgb(4, 5, 6)monospace"
    for text in ("Sample text for trying out this software.", "Notice.", "Advice on overdose.", "Example library"):
        expect(found.get_by_text(text)).to_be_visible()
        assert found.get_by_text(text).evaluate("one => one.checkVisibility({ opacityProperty: true, visibilityProperty: true })")


def test_what_stands_inside_is_shown_when_the_script_cannot_be_had(reader: Page, site: Site, watch: Watch) -> None:
    watch.expected = {404}
    site.policy = ""
    reader.goto(site.put(element("heroin-withdrawal", inside="In an emergency, call your local emergency number."), script="nowhere.js"))
    expect(reader.get_by_text("In an emergency, call your local emergency number.")).to_be_visible()


def test_example_page_works_as_it_is_given(reader: Page, site: Site) -> None:
    site.policy = ""
    site.pages["/"] = EXAMPLE.read_text().replace("http://127.0.0.1:8000", site.api)
    reader.goto(site.address)
    expect(shown(reader, "heroin-withdrawal").get_by_role("article")).to_contain_text("Sample text")
    expect(shown(reader, "medical-detox").get_by_role("article")).to_have_attribute("dir", "rtl")
    assert violations(reader, exclude=[]) == []
