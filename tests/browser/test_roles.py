"""What each role may not do is refused by the server, whatever a screen shows, and changes nothing."""

import re
import urllib.error
import urllib.parse
import urllib.request

import pytest

from tests.browser.partners import Partner

SLUG = "heroin-withdrawal"
EDITOR, TRANSLATOR, LANGUAGE, CLINICAL, SAFETY = "editor", "translator", "language-reviewer", "clinical-reviewer", "safety-lead"
PARTNERS, ADMINISTRATOR = "partner-manager", "administrator"
EVERYBODY = (EDITOR, TRANSLATOR, LANGUAGE, CLINICAL, SAFETY, PARTNERS, ADMINISTRATOR)
#: What is asked of which screen → who may.
DESK = {TRANSLATOR, LANGUAGE, CLINICAL, SAFETY}
ACTS: dict[str, tuple[str, dict[str, str] | None, set[str]]] = {
    "read the readers' table": ("", None, set(EVERYBODY)),
    "read a source and what it changes": ("sign-off/", None, set(EVERYBODY)),
    "open a translation": ("ar/", None, DESK),
    "open the take-down form": ("ar/close/", None, {CLINICAL, SAFETY, ADMINISTRATOR}),
    "save a translation": ("ar/", {"save": "1"}, {TRANSLATOR, LANGUAGE}),
    "approve a translation": ("ar/approve/", {}, {LANGUAGE, CLINICAL, SAFETY}),
    "sign a source off": ("sign-off/", {"shown": "nothing"}, {CLINICAL}),
    "pause a language": ("ar/close/", {"action": "pause"}, {CLINICAL, SAFETY, ADMINISTRATOR}),
}


class Visitor:
    """Somebody who sends requests by hand; no redirect is followed."""

    class _Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_: object) -> None:
            return None

    def __init__(self, address: str, session: str = "") -> None:
        self.address, self.session = address, session
        self.opener = urllib.request.build_opener(self._Stay)

    def ask(self, path: str, data: dict[str, str] | None = None) -> tuple[int, str]:
        """The status, and where a redirect leads to."""
        token = "a" * 32
        headers = {"Cookie": f"sessionid={self.session}; csrftoken={token}"}
        body = urllib.parse.urlencode({**data, "csrfmiddlewaretoken": token}).encode() if data is not None else None
        try:
            with self.opener.open(urllib.request.Request(self.address + path, data=body, headers=headers), timeout=30) as response:
                return response.status, ""
        except urllib.error.HTTPError as answer:
            return answer.code, answer.headers.get("Location", "")


@pytest.mark.parametrize("role", EVERYBODY)
def test_a_role_may_do_what_is_its_own_and_nothing_else(
    role: str, service: str, partner: Partner, library: tuple[str, dict[str, str]]
) -> None:
    visitor = Visitor(service, library[1][role])
    base = f"/admin/mainstay/article/{partner.article(SLUG).json['id']}/"
    _items, link = partner.changes()
    for act, (path, data, allowed) in ACTS.items():
        status, where = visitor.ask(base + path, data)
        # Wagtail answers a person without the permission with 403, or leads them to where they may be.
        refused = status == 403 or (status == 302 and where.rstrip("/").endswith("/admin"))
        assert refused == (role not in allowed), f"{role} asked to {act}: {status} {where}"
    # Nobody of them said enough for anything to change.
    assert partner.changes_after(link)[0] == []


def test_nobody_sees_a_screen_without_logging_in(service: str, partner: Partner) -> None:
    base = f"/admin/mainstay/article/{partner.article(SLUG).json['id']}/"
    for path, data, _allowed in ACTS.values():
        status, where = Visitor(service).ask(base + path, data)
        assert (status, where.startswith("/admin/login/")) == (302, True)


@pytest.mark.parametrize("role", [TRANSLATOR, LANGUAGE, CLINICAL, SAFETY, PARTNERS])
def test_only_editors_change_pages_and_shared_texts(role: str, service: str, partner: Partner, library: tuple[str, dict[str, str]]) -> None:
    visitor = Visitor(service, library[1][role])
    editor = Visitor(service, library[1][EDITOR])
    pages = [path for path in ("/admin/pages/{}/edit/", "/admin/pages/{}/unpublish/", "/admin/pages/{}/copy/") for path in [path.format(6)]]
    for path in [*pages, "/admin/snippets/cms/term/add/", "/admin/snippets/cms/helpcontact/add/"]:
        assert editor.ask(path)[0] == 200, path
        for data in (None, {}):
            status, where = visitor.ask(path, data)
            assert status == 403 or (status == 302 and re.search(r"/admin/$", where)), f"{role}: {path} {status} {where}"
