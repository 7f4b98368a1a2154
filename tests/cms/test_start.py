"""The two public pages: what they show, how they answer, and what they do not do to a visitor."""

import re
from html import unescape
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from cms import closing
from cms.models import Article
from tests.cms import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf() -> factories.Shelf:
    return factories.shelf()


@pytest.fixture
def article(shelf: factories.Shelf) -> Article:
    """Live in English, Spanish and Arabic."""
    made = factories.article(shelf, body=factories.full_body(), sample=True)
    factories.go_live(made)
    for tag in factories.TARGETS:
        factories.translated(made, tag)
    return factories.fresh(made)


@pytest.fixture
def closed(article: Article) -> Article:
    """Held in English, gone in Spanish, recalled in Arabic, missing in French."""
    closing.pause(article, "en", by=factories.safety_lead(), reason="A dose is being checked.")
    closing.retire(article, "es", by=factories.safety_lead(), reason="Old.")
    closing.recall(article, "ar", by=factories.safety_lead(), reason="Wrong.", instruction="Say that the dose was wrong.")
    return article


def text(response: HttpResponse) -> str:
    return response.content.decode()


def read(client: Client, tag: str, slug: str = "opioid-withdrawal") -> HttpResponse:
    return client.get(f"/read/{slug}/{tag}/")


class Tags(HTMLParser):
    """Every tag of a page with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))


# -- both pages --------------------------------------------------------------------------------------------------------


@pytest.fixture(params=["/", "/read/opioid-withdrawal/es/", "/read/opioid-withdrawal/fr/", "/read/nothing/es/"])
def any_page(request: pytest.FixtureRequest, client: Client, article: Article) -> HttpResponse:
    return client.get(request.param)


def test_no_page_sets_a_cookie_or_depends_on_one(any_page: HttpResponse) -> None:
    assert not any_page.cookies
    assert not {"cookie", "accept-language"} & {name.strip().lower() for name in any_page.get("Vary", "").split(",")}


def test_no_page_holds_inline_style_or_script(any_page: HttpResponse) -> None:
    for tag, attributes in Tags(text(any_page)).found:
        assert tag != "style"
        assert tag != "script" or attributes["src"]
        assert not {"style"} & attributes.keys()
        assert not [name for name in attributes if name.startswith("on")]
    assert "default-src 'self'" in any_page["Content-Security-Policy"]
    assert "unsafe" not in any_page["Content-Security-Policy"]


def test_no_page_loads_anything_from_another_host(any_page: HttpResponse) -> None:
    for tag, attributes in Tags(text(any_page)).found:
        loaded = attributes.get("src") or (attributes.get("href") if tag == "link" else None)
        if loaded:
            assert not urlsplit(loaded).netloc
            assert finders.find(loaded.removeprefix("/static/")), loaded


def test_pages_are_read_only(client: Client) -> None:
    assert client.post("/").status_code == 405
    assert client.post("/read/a/es/").status_code == 405
    assert client.head("/").status_code == 200


# -- the start page ----------------------------------------------------------------------------------------------------


def test_start_page_of_an_empty_library_says_how_to_begin(client: Client) -> None:
    response = client.get("/")

    assert response.status_code == 200
    assert "load_library" in text(response)


def test_start_page_shows_each_served_text_and_links_to_it(client: Client, article: Article) -> None:
    html = text(client.get("/"))

    for tag in ("en", "es", "ar"):
        assert f'href="/read/{article.slug}/{tag}/"' in html
    assert f'href="/read/{article.slug}/fr/"' not in html
    assert re.search(r'<bdi lang="ar" dir="rtl">العربية</bdi>', html)
    assert 'title="Arabic"' in html


def test_start_page_follows_what_is_published(client: Client, article: Article) -> None:
    assert "state-recalled" not in text(client.get("/")).split("</ul>")[-2]
    closing.recall(article, "ar", by=factories.safety_lead(), reason="Wrong.")

    assert f'<a class="state state-recalled" href="/read/{article.slug}/ar/">' in text(client.get("/"))


def test_start_page_names_no_draft(client: Client, article: Article, shelf: factories.Shelf) -> None:
    factories.article(shelf, "next-year", headline="Not ready")
    factories.edit(article, headline_en="Secret plans")

    html = text(client.get("/"))

    assert "Not ready" not in html
    assert "Secret plans" not in html


def test_start_page_ignores_the_language_of_the_browser(client: Client, article: Article) -> None:
    assert client.get("/", headers={"Accept-Language": "ar"}).content == client.get("/").content


def test_commands_name_the_host_that_was_asked_and_have_an_answer(client: Client, article: Article, settings: object) -> None:
    settings.ALLOWED_HOSTS = ["library.example"]  # type: ignore[attr-defined]
    settings.SHOW_SAMPLES = True  # type: ignore[attr-defined]
    html = text(client.get("/", headers={"Host": "library.example"}))

    commands = re.findall(r"<code>curl &#x27;(.*?)&#x27;</code>", html)

    assert len(commands) == 3
    for command in map(unescape, commands):
        assert command.startswith("http://library.example/api/v1/")
        assert client.get(command.removeprefix("http://library.example"), headers={"Host": "library.example"}).status_code == 200


# -- the reading page --------------------------------------------------------------------------------------------------


def test_reading_page_shows_the_stored_text_in_its_language(client: Client, article: Article) -> None:
    response = read(client, "ar")
    document = factories.content(article, "ar")

    assert response.status_code == 200
    assert '<article class="text" lang="ar" dir="rtl">' in text(response)
    assert document["title"] in text(response)
    for section in document["sections"]:
        for block in section["blocks"]:
            assert block["html"] in text(response)


def test_sample_sentence_and_advice_come_before_the_text(client: Client, article: Article) -> None:
    html = text(read(client, "es"))

    sample, advice, body = (html.index(mark) for mark in ('class="sample"', 'class="advice"', 'class="paragraph"'))
    assert sample < advice < body


def test_reading_page_never_shows_working_text(client: Client, article: Article) -> None:
    factories.edit(article, headline_en="Secret plans")
    factories.translate(article, "es", words=" unchecked")

    assert "Secret plans" not in text(read(client, "en"))
    assert "unchecked" not in text(read(client, "es"))


def test_outdated_text_stands_under_its_notice(client: Client, article: Article, shelf: factories.Shelf) -> None:
    factories.edit(article, body=factories.small_body("<p>It lasts for 5 to 9 days.</p>"))
    factories.go_live(article, severity="substantive")

    html = text(read(client, "es"))

    assert "Notice: outdated. [es]" in html
    assert html.index("Notice: outdated.") < html.index('class="advice"')


@pytest.mark.parametrize(
    ("tag", "status", "problem"),
    [("en", 404, "held"), ("es", 410, "gone"), ("ar", 410, "recalled"), ("fr", 404, "translation-unavailable")],
)
def test_what_is_not_served_answers_as_the_api_does(client: Client, closed: Article, tag: str, status: int, problem: str) -> None:
    response = read(client, tag)
    answer = client.get(f"/api/v1/articles/{closed.slug}/?lang={tag}")

    assert (response.status_code, answer.status_code, answer.json()["code"]) == (status, status, problem)
    assert f"<code>{problem}</code>" in text(response)
    assert 'class="paragraph"' not in text(response)
    assert response["Cache-Control"] == "no-store"


def test_recalled_page_says_what_partners_are_told(client: Client, closed: Article) -> None:
    assert "Say that the dose was wrong." in text(read(client, "ar"))


def test_reason_that_a_person_wrote_stays_inside(client: Client, closed: Article) -> None:
    assert "A dose is being checked." not in text(read(client, "en"))


def test_recalled_article_is_recalled_in_a_language_it_never_had(client: Client, article: Article) -> None:
    closing.recall(article, "en", by=factories.safety_lead(), reason="Wrong.")

    assert read(client, "fr").status_code == 410
    assert client.get(f"/api/v1/articles/{article.slug}/?lang=fr").status_code == 410


@pytest.mark.parametrize(("slug", "tag"), [("nothing", "es"), ("opioid-withdrawal", "xx"), ("00000000-0000-0000-0000-000000000000", "es")])
def test_unknown_article_or_language_is_not_found(client: Client, article: Article, slug: str, tag: str) -> None:
    assert read(client, tag, slug).status_code == 404


def test_draft_is_not_found(client: Client, shelf: factories.Shelf) -> None:
    factories.article(shelf, "next-year", headline="Not ready")

    response = read(client, "en", "next-year")

    assert response.status_code == 404
    assert "Not ready" not in text(response)


def test_old_slug_id_and_spelling_lead_to_the_page(client: Client, article: Article) -> None:
    factories.edit(article, slug="stopping-opioids")
    factories.go_live(article)

    for slug, tag in (("opioid-withdrawal", "es"), (str(article.public_id), "es"), ("stopping-opioids", "ES")):
        response = read(client, tag, slug)
        assert (response.status_code, response["Location"]) == (302, "/read/stopping-opioids/es/")


def test_link_to_another_article_leads_to_its_reading_page(client: Client, article: Article, shelf: factories.Shelf) -> None:
    link = f'<p>See <a linktype="page" id="{article.pk}">this</a>.</p>'
    other = factories.article(shelf, "medical-detox", body=factories.small_body(link))
    factories.go_live(other)

    assert f'<a href="/read/{article.public_id}/en/">this</a>' in text(read(client, "en", "medical-detox"))


def test_reading_page_is_kept_out_of_search_engines(client: Client, closed: Article) -> None:
    for tag in ("en", "es", "ar", "fr", "xx"):
        response = read(client, tag)
        assert response["X-Robots-Tag"] == "noindex"
        assert '<meta name="robots" content="noindex">' in text(response)


def test_switcher_says_how_each_language_stands(client: Client, closed: Article) -> None:
    html = text(read(client, "en"))

    for word in ("Held", "Gone", "Recalled", "Missing"):
        assert f'<span class="switcher-state">{word}</span>' in html
    assert f'href="{reverse("read", args=[closed.slug, "ar"])}"' in html
