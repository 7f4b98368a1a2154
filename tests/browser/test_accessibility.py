"""Every page of ours by axe: nothing of serious or critical impact, in light and in dark, from left to right and from right to left.

Wagtail's own furniture, its sidebar and its header with the breadcrumb, is drawn by Wagtail's templates alone and left out.
"""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser import screens
from tests.browser.partners import Partner

People = Callable[..., Page]
SLUG = "heroin-withdrawal"
#: What Wagtail draws on every page of its admin.
FURNITURE = ["#wagtail-sidebar", ".sidebar", "main > .w-slim-header", "main > header", "[data-wagtail-userbar]"]


def violations(page: Page, *, exclude: list[str]) -> list[str]:
    found: Any = Axe().run(page, context={"exclude": [[selector] for selector in exclude]}, options={"resultTypes": ["violations"]})
    return [
        f"{violation['id']} at {node['target']}: {node['html'][:120]}"
        for violation in found.response["violations"]
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["", "arabic-"], ids=["english", "arabic"])
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
