"""A browser, a server with the loaded library, and people who are logged in.

`people("editor")` is a page of a new browser session of that account; `partner` reads the API. A test fails by itself when the
browser asks another host for anything, reports an error on its console, or is answered with a server's error.
"""

import fcntl
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response, expect, sync_playwright

from tests.browser import partners, server

ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # no other host can be reached
]
WINDOW = {"width": 1400, "height": 1000}
#: How long something may take to show on a page that is there, and how long a click and the page after it may take on a busy machine.
PATIENCE_MS, LONG_PATIENCE_MS = 20_000, 60_000


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


# -- the server and its library ---------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The address of the loaded library and the session key of each account. Workers share one; the last takes it down."""
    own = tmp_path_factory.getbasetemp()
    folder = (own if worker_id == "master" else own.parent) / "browser-library"
    folder.mkdir(exist_ok=True)
    asked = os.environ.get("DATABASE_URL", "")
    is_postgres = asked.startswith(("postgres://", "postgresql://"))
    url = server.named(asked, f"mainstay_library_{os.getppid()}") if is_postgres else f"sqlite:///{folder / 'library.sqlite3'}"
    sessions = folder / "sessions.json"
    with _users_of(folder) as users:
        if not sessions.exists():
            if is_postgres:
                server.create_postgres(url)
            else:
                (folder / "library.sqlite3").unlink(missing_ok=True)  # of a worker that was done before this one began
            server.run(["-m", "tests.browser.library", str(sessions)], server.environment(url, folder))
        users.append(worker_id)
    yield url, json.loads(sessions.read_text())
    with _users_of(folder) as users:
        users.remove(worker_id)
        if not users:
            sessions.unlink()
            if is_postgres:
                server.drop_postgres(url)


@contextmanager
def _users_of(folder: Path) -> Iterator[list[str]]:
    """The workers that use the library, while no other may change them."""
    with (folder / "users.json").open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        users: list[str] = json.loads(file.read() or "[]")
        yield users
        file.truncate(0)
        file.write(json.dumps(users))


@pytest.fixture(scope="session")
def database(library: tuple[str, dict[str, str]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[server.Database]:
    url, _sessions = library
    folder = tmp_path_factory.mktemp("service")
    copy: server.Database
    copy = server.SqliteCopy(url, folder) if url.startswith("sqlite") else server.PostgresCopy(url, f"mainstay_browser_{os.getpid()}")
    copy.put_back()
    yield copy
    copy.drop()


@pytest.fixture(scope="session")
def address(database: server.Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the server of this worker listens."""
    with server.running(database.url, tmp_path_factory.mktemp("server")) as found:
        yield found


@pytest.fixture(scope="session")
def in_service(database: server.Database, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], str]:
    """Run lines of Python inside the service, for what no screen does; what they print."""
    folder = tmp_path_factory.mktemp("lines")
    return lambda lines: server.run(["manage.py", "shell", "--no-imports", "-c", lines], server.environment(database.url, folder))


@pytest.fixture
def service(database: server.Database, address: str) -> str:
    """The address of a service with the library as it was loaded."""
    database.put_back()
    return address


@pytest.fixture
def partner(service: str) -> partners.Partner:
    return partners.Partner(service)


# -- the browser ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser a module: Playwright keeps an event loop running, and Django's ORM refuses to work beside one."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not path:
        pytest.skip("No Chromium is installed.")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        expect.set_options(timeout=PATIENCE_MS)
        yield found
        found.close()


class Watch:
    """What went wrong in a browser without anybody asking."""

    def __init__(self, address: str) -> None:
        #: Where the browser may ask for something.
        self.own = [address, "data:", "blob:"]
        self.faults: list[str] = []
        #: Statuses that a test provokes; a refusal shown as a page is no fault in any case.
        self.expected: set[int] = set()

    def attach(self, context: BrowserContext) -> None:
        context.on("request", self._on_request)
        context.on("response", self._on_response)
        context.on("console", self._on_console)
        context.on("weberror", lambda error: self.faults.append(f"exception in the page: {error.error}"))

    def _on_request(self, request: Request) -> None:
        if not request.url.startswith(tuple(self.own)):
            self.faults.append(f"asked another host: {request.url}")

    def _on_response(self, response: Response) -> None:
        refused = response.status >= 400 and response.request.resource_type != "document"
        if response.status >= 500 or (refused and response.status not in self.expected):
            self.faults.append(f"{response.status} for {response.request.method} {response.url}")

    def _on_console(self, message: ConsoleMessage) -> None:
        # A refusal is on the console as well; it is judged by its status above.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.faults.append(f"console of {message.page.url if message.page else '?'}: {message.text}")


@pytest.fixture
def watch(service: str) -> Iterator[Watch]:
    found = Watch(service)
    yield found
    assert not found.faults, "\n".join(found.faults)


@pytest.fixture
def people(browser: Browser, service: str, library: tuple[str, dict[str, str]], watch: Watch) -> Iterator[Callable[..., Page]]:
    """`people("editor")`: a page in a new session of this account; `people()` of nobody. Options go to the browser's context."""
    contexts: list[BrowserContext] = []

    def come(name: str = "", **options: Any) -> Page:
        context = browser.new_context(base_url=service, viewport=WINDOW, **options)
        context.set_default_timeout(LONG_PATIENCE_MS)
        contexts.append(context)
        watch.attach(context)
        if name:
            context.add_cookies([{"name": "sessionid", "value": library[1][name], "url": service}])
        return context.new_page()

    yield come
    for context in contexts:
        for page in context.pages:
            page.close(run_before_unload=False)
        context.close()
