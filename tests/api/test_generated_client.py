"""A client that openapi-python-client makes from the description in git, as a partner would make it, asking a real service."""

import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from tests.api import factories, keys

pytestmark = pytest.mark.django_db(transaction=True)
DESCRIPTION = Path(__file__).with_name("openapi.json")
PACKAGE = "generated_client"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the client is. Whatever the generator could not make of the description is a failure."""
    folder = tmp_path_factory.mktemp("client")
    settings = folder / "settings.yaml"
    settings.write_text("post_hooks: []\n")
    made = subprocess.run(
        [
            *(Path(sys.executable).with_name("openapi-python-client"), "generate", "--fail-on-warning", "--meta=none"),
            *(f"--path={DESCRIPTION}", f"--output-path={folder / PACKAGE}", f"--config={settings}"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stdout + made.stderr
    return folder


@pytest.fixture
def operation(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Any]:
    """`operation("articles.read_articles_one")`: the module of an operation."""
    monkeypatch.syspath_prepend(str(folder))
    return lambda name: import_module(f"{PACKAGE}.api.{name}")


@pytest.fixture
def client(folder: Path, monkeypatch: pytest.MonkeyPatch, live_server: Any, settings: Any) -> Any:
    monkeypatch.syspath_prepend(str(folder))
    settings.BASE_URL = live_server.url
    with import_module(PACKAGE).Client(base_url=f"{live_server.url}/api/v1", raise_on_unexpected_status=True) as client:
        yield client


def test_article_is_read(client: Any, operation: Callable[[str], Any]) -> None:
    article = factories.publish(slug="heroin-withdrawal", notice="Never alone.")
    factories.publish(article.subject_id, "ar", slug="heroin-withdrawal")
    read = operation("articles.read_articles_one")
    english = read.sync(article.slug, client=client)
    assert (english.id, english.title, english.notice.severity.value) == (article.subject_id, "Heroin withdrawal", "safety")
    assert [block.type_.value for block in english.sections[0].blocks][:2] == ["notice", "advice"]
    french = read.sync(article.slug, client=client, lang=_enum(read, "lang")("fr"), fallback="es,ar")
    assert (french.lang.value, french.direction.value, french.requested_lang) == ("ar", "rtl", "fr")


def test_list_is_followed(client: Any, operation: Callable[[str], Any]) -> None:
    for topic in ("recovery", "withdrawal", "other"):
        factories.publish(topics=factories.tags(topic), title=topic)
        factories.know("topic", topic)
    found = operation("articles.read_articles").sync(client=client, topic="recovery,withdrawal", limit=1)
    assert (found.count, found.results[0].title) == (2, "withdrawal")
    cursor = found.next_.split("cursor=")[1].split("&")[0]
    following = operation("articles.read_articles").sync(client=client, topic="recovery,withdrawal", limit=1, cursor=cursor)
    assert (following.results[0].title, following.next_) == ("recovery", None)


def test_changes_are_followed(client: Any, operation: Callable[[str], Any]) -> None:
    article = factories.publish()
    read = operation("changes.read_changes")
    page = read.sync(client=client, kind="article,term", include=_enum(read, "include")("document"))
    assert [item.document.title for item in page.items] == ["Heroin withdrawal"]
    factories.close(article, "recalled")
    after = page.next_.split("after=")[1]
    (item,) = read.sync(client=client, kind="article,term", include=_enum(read, "include")("document"), after=after).items
    assert (item.state.value, item.lang.value, bool(item.document)) == ("recalled", "en", False)


def test_problems_are_answers(client: Any, operation: Callable[[str], Any]) -> None:
    article = factories.publish()
    read = operation("articles.read_articles_one")
    missing = read.sync_detailed(article.slug, client=client, lang=_enum(read, "lang")("es"))
    assert (missing.status_code, missing.parsed.code, missing.parsed.available_languages) == (404, "translation-unavailable", ["en"])
    factories.close(article, "recalled", instruction="Remove it.")
    recalled = read.sync(article.slug, client=client)
    assert (recalled.code, recalled.instruction) == ("recalled", "Remove it.")
    refused = operation("changes.read_changes").sync(client=client, after="x")
    assert refused.code == "invalid-cursor"
    assert operation("partner.read_partner").sync_detailed(client=client).parsed.code == "not-authenticated"


def test_key_is_sent(client: Any, operation: Callable[[str], Any], live_server: Any) -> None:
    with_key = import_module(PACKAGE).AuthenticatedClient(base_url=f"{live_server.url}/api/v1", token=keys.issue().text)
    with with_key:
        account = operation("partner.read_partner").sync(client=with_key)
    assert (account.name, account.key.limit.requests) == ("Example clinics", 600)


def _enum(module: Any, parameter: str) -> Any:
    """The choices of a parameter, whatever the generator called them."""
    names = [name for name in vars(module) if name.startswith("Read") and name.lower().endswith(parameter)]
    return vars(module)[names[0]]
