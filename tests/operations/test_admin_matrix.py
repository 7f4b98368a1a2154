"""Who is let in where: every address of the admin × every role × GET and POST, against the table `admin_matrix.txt`. Default deny."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cms import roles
from cms.models import Term
from tests import conftest
from tests.cms import factories
from tests.operations import admin_screens

pytestmark = pytest.mark.django_db
TABLE = Path(__file__).with_name("admin_matrix.txt")
#: The letters of the table, in its order. A dot is nobody.
LETTERS = {
    "E": roles.EDITOR,
    "T": roles.TRANSLATOR,
    "L": roles.LANGUAGE_REVIEWER,
    "C": roles.CLINICAL_REVIEWER,
    "S": roles.SAFETY_LEAD,
    "P": roles.PARTNER_MANAGER,
    "A": roles.ADMINISTRATOR,
}
SUPERUSER, NOBODY = "U", "0"
#: Everyday runs ask for every seventh of Wagtail's addresses, and for all of our own.
OURS = ("mainstay/", "partners/", "mistakes/", "users/", "snippets/cms/")


@pytest.fixture(autouse=True)
def files_elsewhere(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


def table() -> dict[str, tuple[str, str]]:
    """Address → the letters of those who are let in by GET and by POST."""
    lines = [line.split() for line in TABLE.read_text().splitlines() if line.strip() and not line.startswith("#")]
    return {name: (get, post) for get, post, name in lines}


def people() -> dict[str, Any]:
    found = {letter: factories.user(f"matrix-{letter}", role) for letter, role in LETTERS.items()}
    return {**found, SUPERUSER: factories.user("matrix-superuser", superuser=True), NOBODY: admin_screens.nobody()}


def asked(screen: admin_screens.Screen, everybody: dict[str, Any]) -> tuple[str, str]:
    """The letters of those who are let in, as the table writes them."""
    answers = [
        "".join(letter if admin_screens.is_let_in(user, method, screen.path) else "." for letter, user in everybody.items())
        for method in admin_screens.METHODS
    ]
    return answers[0], answers[1]


@pytest.mark.figure(9)
@pytest.mark.filterwarnings("ignore:Unclosed file <tempfile.SpooledTemporaryFile:ResourceWarning")  # Wagtail's, of a thumbnail
def test_every_role_is_let_in_where_the_table_says_and_nowhere_else(figure: Callable[..., None]) -> None:
    things, everybody, known = admin_screens.make_things(), people(), table()
    screens = list(admin_screens.screens(things))
    wanted = screens if conftest.FULL else [screen for place, screen in enumerate(screens) if place % 7 == 0 or _is_ours(screen)]
    unexpected = []
    for screen in wanted:
        found = asked(screen, everybody)
        if found != known.get(screen.name):
            unexpected.append(f"{found[0]} {found[1]} {screen.name}")
    if unexpected:
        sys.stdout.write("\n".join(["Found, where the table says something else or nothing:", *unexpected]))
    figure(row=9, name=f"admin: unexpected answers at {len(wanted)} addresses × 9 people × GET, POST", value=len(unexpected), limit=0)


def _is_ours(screen: admin_screens.Screen) -> bool:
    return screen.name.removeprefix("admin/").startswith(OURS)


def test_an_address_without_a_row_fails_and_so_does_a_row_without_an_address() -> None:
    names = [screen.name for screen in admin_screens.screens(admin_screens.make_things())]

    assert sorted(names) == sorted(set(names)), "two addresses have one name"
    assert set(names) - set(table()) == set(), "say in admin_matrix.txt who may go there"
    assert set(table()) - set(names) == set(), "nothing is there any more"


def test_nobody_gets_past_the_door_but_to_its_bell() -> None:
    """Without logging in: the login, a forgotten password, and what these need."""
    open_to_all = {name for name, (get, post) in table().items() if NOBODY in get + post}

    assert open_to_all <= {
        "admin/login/",
        "admin/password_reset/",
        "admin/password_reset/done/",
        "admin/password_reset/confirm/<uidb64>/<token>/",
        "admin/password_reset/complete/",
        "admin/logout/",
        "admin/sprite/",
        "admin/jsi18n/",
    }


def test_a_shared_text_can_be_deleted_until_readers_have_had_it(client: Client) -> None:
    never, published = Term.objects.create(vocabulary="topic", code="never", label_en="Never"), factories.term("published")
    client.force_login(factories.editor())
    one = "wagtailsnippets_cms_term:delete"

    for term in (never, published):
        client.post(reverse(one, args=[term.pk]))
    client.post(reverse("wagtail_bulk_action", args=["cms", "term", "delete"]) + f"?id={published.pk}")

    assert list(Term.objects.values_list("code", flat=True)) == ["published"]
