"""The page to read and try the API: from this host alone, under a strict policy."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from playwright.sync_api import sync_playwright

from tests.api import factories

pytestmark = pytest.mark.one_database


def test_page_has_no_script_or_style_of_its_own_and_none_from_another_host(client: Client) -> None:
    response = client.get("/api/v1/docs/")
    page = response.content.decode()
    assert response["Content-Type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert not re.search(r"<script>|<style|style=|\son\w+=", page)
    addresses = re.findall(r'(?:src|href)="([^"#]+)"', page)
    assert addresses
    assert all(address.startswith("/") and not address.startswith("//") for address in addresses)
    assert all(finders.find(address.removeprefix("/static/")) for address in addresses if address.startswith("/static/"))


def test_script_makes_no_markup_of_what_is_answered() -> None:
    script = Path(str(finders.find("api/docs.js"))).read_text()
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|https?://", script)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_operation_is_read_and_tried(live_server: Any, scheme: Any) -> None:
    factories.publish(slug="heroin-withdrawal")
    complaints: list[str] = []
    hosts = set()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page(color_scheme=scheme, viewport={"width": 390, "height": 844})
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
        page.goto(f"{live_server.url}/api/v1/docs/")
        page.get_by_role("heading", name="Partner API").wait_for()
        page.get_by_role("link", name="Read an article").last.click()
        page.locator("[name=reference]").fill("heroin-withdrawal")
        page.get_by_role("button", name="Send").click()
        page.locator("pre").wait_for()
        assert page.locator(".status .badge").inner_text() == "200"
        page.get_by_role("button", name="Ask again with this ETag").click()
        page.get_by_text("no body was sent").wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        browser.close()
    assert complaints == []
    assert hosts == {live_server.url.split("/")[2]}
