"""Every page of ours by axe: nothing of serious or critical impact, in light and in dark, from left to right and from right to left.

Wagtail's own furniture, its sidebar and its header with the breadcrumb, is drawn by Wagtail's templates alone and left out.
"""

import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser import made, screens
from tests.browser.partners import Partner

People = Callable[..., Page]
SLUG = "heroin-withdrawal"
#: An article of the sample library whose source was changed after its first translations.
CHANGED = "psychological-support"
#: What Wagtail draws on every page of its admin.
FURNITURE = ["#wagtail-sidebar", ".sidebar", "main > .w-slim-header", "main > header", "[data-wagtail-userbar]"]

#: Contrast hangs on light and dark, what stands where on the language: each of the four is looked at, and neither pair twice.
LOOKS = pytest.mark.parametrize(("language", "scheme"), [("", "light"), ("arabic-", "dark")], ids=["english-light", "arabic-dark"])


def violations(page: Page, *, exclude: list[str] | None = None, within: str = "") -> list[str]:
    """What axe finds on a page but for some of its parts, or within one part."""
    context = {"include": [[within]]} if within else {"exclude": [[selector] for selector in exclude or ()]}
    found: Any = Axe().run(page, context=context, options={"resultTypes": ["violations"]})
    return [
        f"{violation['id']} at {node['target']}: {node['html'][:120]}"
        for violation in found.response["violations"]
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]


@LOOKS
def test_our_screens_of_the_admin_can_be_used_by_everybody(people: People, partner: Partner, scheme: str, language: str) -> None:
    if scheme == "dark":  # something for the sign-off to compare
        page = people(f"{language}editor", color_scheme=scheme)
        editor = screens.PageEditor(page, screens.edit_url(page, partner, SLUG)).open()
        editor.add_to("This reaction is called withdrawal", " It passes.")
        editor.save()
    translator = people(f"{language}translator", color_scheme=scheme)
    reviewer = people(f"{language}clinical-reviewer", color_scheme=scheme)
    found = []
    for page, more, ready in (
        (translator, ["ar"], ".mainstay-pair"),
        (translator, ["vi"], ".mainstay-pair"),
        (reviewer, ["sign-off"], ".mainstay-segments"),
        (reviewer, [], ".mainstay-readers"),
        (reviewer, ["es", "close"], ".mainstay-choices"),
    ):
        page.goto(screens.subject_url(partner, SLUG, *more))
        expect(page.locator(ready).first).to_be_visible()
        found += [f"{page.url}: {line}" for line in violations(page, exclude=FURNITURE)]
    assert not found, "\n".join(found)


@pytest.fixture
def busy(partner: Partner, in_service: Callable[[str], str]) -> Partner:
    """A house in which something stands on each screen."""
    in_service("from tests.browser import made; made.busy_house()")
    return partner


@LOOKS
def test_what_stands_around_the_desk_can_be_used_by_everybody(people: People, busy: Partner, scheme: str, language: str) -> None:
    names = ("translator", "language-reviewer", "clinical-reviewer", "safety-lead", "editor", "partner-manager", "administrator")
    at = {name: people(f"{language}{name}", color_scheme=scheme) for name in names}
    subject = screens.subject_url(busy, made.SHORT)
    launches, mistakes = "/admin/mainstay/launches/", "/admin/mistakes/"
    found = []
    for name, url, ready in (
        *((name, "/admin/", ".waiting-panel, #coverage-panel, .w-panel--dashboard") for name in names),
        ("editor", launches, "main"),
        ("editor", f"{launches}new/", "[name=texts]"),
        ("editor", _first(at["editor"], launches, "launches/\\d+/"), ".mainstay-state"),
        ("editor", mistakes, "main"),
        ("editor", _first(at["editor"], mistakes, "mistakes/edit/\\d+/"), ".mainstay-facts"),
        ("editor", f"{subject}questions/", ".mainstay-thread"),
        ("translator", f"{subject}ar/comments/", ".mainstay-thread"),
        ("translator", f"{subject}ar/versions/", ".mainstay-versions"),
        ("translator", _first(at["translator"], f"{subject}ar/versions/", "ar/versions/\\d+/"), ".mainstay-diff"),
        ("safety-lead", f"{subject}ar/", ".mainstay-alone form"),
        ("clinical-reviewer", f"{subject}reviewed/", ".mainstay-decide"),
        ("clinical-reviewer", f"{subject}ar/proof/", ".mainstay-proof"),
        ("clinical-reviewer", f"{subject}timeline/", ".mainstay-timeline li"),
        ("clinical-reviewer", _raised(at["clinical-reviewer"], busy), "[name=answer]"),
    ):
        page = at[name]
        page.goto(url)
        expect(page.locator(ready).first).to_be_visible()
        found += [f"{name} {url}: {line}" for line in violations(page, exclude=FURNITURE)]
    found += _effects(at["editor"], busy)
    assert not found, "\n".join(found)


def _first(page: Page, url: str, pattern: str) -> str:
    """The first link of a list that leads to one of its lines."""
    link = re.search(rf"/admin/[^\"]*{pattern}", page.request.get(url).text())
    assert link, url
    return link[0]


def _raised(page: Page, partner: Partner) -> str:
    """Where the severity of a change of the library is raised."""
    return _first(page, screens.subject_url(partner, CHANGED, "timeline"), "changes/\\d+/raise/")


def _effects(editor: Page, partner: Partner) -> list[str]:
    """What axe finds in the preview of what a change would do."""
    changing = screens.PageEditor(editor, screens.edit_url(editor, partner, made.SHORT)).open()
    changing.change("safety", harm="no")
    expect(editor.locator(".mainstay-effects")).to_be_visible()
    return [f"effects: {line}" for line in violations(editor, within=".mainstay-effects")]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_public_pages_can_be_used_by_everybody(people: People, partner: Partner, scheme: str) -> None:
    screens.take_down(people("safety-lead"), screens.subject_url(partner, SLUG, "ru", "close"), "pause", "To see the page of it.")
    page = people(color_scheme=scheme)
    found = []
    for url in ("/", f"/read/{SLUG}/en/", f"/read/{SLUG}/ar/", f"/read/{SLUG}/ru/", "/api/v1/docs/"):
        page.goto(url)
        expect(page.locator("h1").first).to_be_visible()
        found += [f"{url}: {line}" for line in violations(page, exclude=[])]
    assert not found, "\n".join(found)
