"""The programs that partners really use, against a real service: curl, httpx with keep-alive, fetch from another origin in Chromium."""

import json
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import sync_playwright

from tests.api import factories, keys

pytestmark = pytest.mark.django_db(transaction=True)
FETCH = """
async ({ base, key }) => {
  const read = async (path, headers = {}) => {
    const response = await fetch(base + path, { headers });
    const names = ["etag", "last-modified", "content-language", "link", "ratelimit", "ratelimit-policy", "retry-after", "location"];
    const seen = Object.fromEntries(names.map((name) => [name, response.headers.get(name)]).filter(([, value]) => value !== null));
    const text = await response.text();
    return { status: response.status, seen, body: text ? JSON.parse(text) : null };
  };
  const article = await read("articles/heroin-withdrawal/?lang=ar");
  return {
    article,
    list: await read("articles/?limit=1"),
    unchanged: await read("articles/heroin-withdrawal/?lang=ar", { "If-None-Match": article.seen.etag }),
    missing: await read("articles/heroin-withdrawal/?lang=vi"),
    withKey: await read("changes/", { Authorization: `Bearer ${key}` }),
    refused: await read("changes/", { Authorization: "Bearer mnst_live_wrong" }),
  };
}
"""


@pytest.fixture
def base(live_server: Any, settings: Any) -> str:
    settings.BASE_URL = live_server.url
    article = factories.publish(slug="heroin-withdrawal")
    factories.publish(article.subject_id, "ar", slug="heroin-withdrawal")
    factories.publish(slug="alcohol")
    return f"{live_server.url}/api/v1/"


def test_curl_reads_compressed_unchanged_and_refused(base: str, tmp_path: Path) -> None:
    def curl(*arguments: str) -> list[str]:
        written = ["-w", "\n%{http_code} %header{etag} %header{content-encoding}"]
        ran = subprocess.run(["curl", "-sS", *written, *arguments], capture_output=True, text=True, check=True)
        body, _, facts = ran.stdout.rpartition("\n")
        return [body, *facts.split(" ")]

    address = f"{base}articles/heroin-withdrawal/?lang=ar"
    plain, compressed = curl(address), curl("--compressed", address)
    assert (plain[1], plain[3], compressed[1], compressed[3]) == ("200", "", "200", "gzip")
    assert json.loads(plain[0]) == json.loads(compressed[0])
    assert plain[2] != compressed[2]
    for known in (plain[2], compressed[2]):
        assert curl("--compressed", "-H", f"If-None-Match: {known}", address)[:2] == ["", "304"]
    assert curl("-I", address)[1] == "200"
    assert json.loads(curl(f"{base}articles/heroin-withdrawal/?lang=xx")[0])["code"] == "invalid-parameter"
    assert json.loads(curl(f"{base}articles/heroin-withdrawal/?lang=vi")[0])["available_languages"] == ["en", "ar"]
    assert curl("-L", f"{base}articles/heroin-withdrawal?lang=ar")[1] == "200"


def test_httpx_keeps_its_connection_over_answers_of_every_kind(base: str) -> None:
    """A body after HEAD, 204 or 304 would be read as the beginning of the next answer."""
    connections = set()

    def note(response: httpx.Response) -> None:
        connections.add(response.extensions["network_stream"].get_extra_info("client_addr"))

    with httpx.Client(base_url=base, event_hooks={"response": [note]}) as client:
        article = client.get("articles/heroin-withdrawal/", params={"lang": "ar"})
        etag = article.headers["ETag"]
        asked = [
            client.head("articles/heroin-withdrawal/"),
            client.options("articles/"),
            client.get("articles/heroin-withdrawal/", params={"lang": "ar"}, headers={"If-None-Match": etag}),
            client.get("nowhere/"),
            client.get("articles/heroin-withdrawal", params={"lang": "ar"}),
            client.post("articles/", content=b"x" * 10_000),
            client.get("articles/"),
        ]
    assert [response.status_code for response in asked] == [200, 204, 304, 404, 301, 405, 200]
    assert [bool(response.content) for response in asked] == [False, False, False, True, False, True, True]
    assert asked[0].headers["Content-Length"] != "0"
    assert (asked[-1].json()["count"], asked[4].headers["Location"]) == (2, "/api/v1/articles/heroin-withdrawal/?lang=ar")
    assert len(connections) <= 2, "One connection, and another after the body that nobody read."


@pytest.mark.browser
def test_fetch_from_another_origin_reads_bodies_and_headers(base: str, other_origin: str) -> None:
    key = keys.issue().text
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(other_origin)
        found = page.evaluate(FETCH, {"base": base, "key": key})
        cookies = page.context.cookies()
        browser.close()
    assert (found["article"]["status"], found["article"]["body"]["direction"]) == (200, "rtl")
    assert {"etag", "last-modified", "content-language", "ratelimit", "ratelimit-policy"} <= set(found["article"]["seen"])
    assert 'rel="next"' in found["list"]["seen"]["link"]
    # Chromium answers a 304 from its own copy only when it asked by itself: here the page sees it.
    assert (found["unchanged"]["status"], found["unchanged"]["body"]) == (304, None)
    assert (found["missing"]["status"], found["missing"]["body"]["code"]) == (404, "translation-unavailable")
    assert (found["withKey"]["status"], len(found["withKey"]["body"]["items"])) == (200, 3)
    assert (found["refused"]["status"], found["refused"]["body"]["code"]) == (401, "not-authenticated")
    assert cookies == []


@pytest.fixture
def other_origin() -> Iterator[str]:
    """The address of an empty page on another origin."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<!doctype html><title>A partner</title>")

        def log_message(self, format: str, *args: Any) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
    thread.join(5)
