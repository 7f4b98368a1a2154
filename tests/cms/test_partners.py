"""Partners and keys in the admin: who may, what is shown once, what is logged, what it looks like from outside."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.log_actions import registry

from api import partners as api_partners
from api import uses
from api.models import Key, Partner, SyncPosition, Use
from cms import roles
from tests.api import factories as documents
from tests.api import keys
from tests.cms import factories

pytestmark = pytest.mark.django_db
OTHERS = [role for role in roles.ROLES if role != roles.PARTNER_MANAGER]
KEY = re.compile(r"mnst_(?:live|test)_[0-9A-Za-z]{49}")
FORM: dict[str, Any] = {
    "name": "Example clinics",
    "technical_name": "Theo",
    "technical_email": "it@example.org",
    "languages": ["es", "zh-Hans"],
    "exclude_outdated": "on",
}


def client_of(role: str) -> Client:
    client = Client()
    client.force_login(factories.user(f"somebody-{role}", role))
    return client


@pytest.fixture
def manager() -> Client:
    return client_of(roles.PARTNER_MANAGER)


def new_key(client: Client, owner: Partner, **changes: Any) -> Any:
    form = {"environment": "test", "scopes": ["read", "partner"], "label": "website", **changes}
    return client.post(reverse("partners:issue", args=[owner.pk]), form)


def shown(response: Any) -> str:
    (text,) = set(KEY.findall(response.content.decode()))
    return str(text)


def actions(owner: Partner) -> list[str]:
    return [entry.message for entry in registry.get_logs_for_instance(owner).order_by("timestamp", "pk")]


def test_manager_writes_down_a_partner(manager: Client) -> None:
    topic = factories.term("withdrawal", targets=())
    manager.post(reverse("partners:add"), {**FORM, "topics": [topic.code]})
    owner = Partner.objects.get()
    assert (owner.languages, owner.topics, owner.exclude_outdated, owner.exclude_machine) == (
        ["es", "zh-Hans"],
        ["withdrawal"],
        True,
        False,
    )
    manager.post(reverse("partners:edit", args=[owner.pk]), {**FORM, "name": "Renamed", "languages": []})
    owner.refresh_from_db()
    assert (owner.name, owner.languages) == ("Renamed", [])
    page = manager.get(reverse("partners:index")).content.decode()
    assert "Renamed" in page
    assert reverse("partners:inspect", args=[owner.pk]) in page
    assert reverse("partners:inspect", args=[owner.pk]) in manager.get(reverse("partners:edit", args=[owner.pk])).content.decode()
    assert manager.get(reverse("partners:history", args=[owner.pk])).status_code == 200


def test_key_is_shown_once_and_opens_the_api(manager: Client) -> None:
    owner = keys.partner()
    response = new_key(manager, owner)
    text = shown(response)
    assert "no-store" in response["Cache-Control"]
    assert keys.caller(text).get("/api/v1/partner/").json()["name"] == owner.name
    overview = manager.get(reverse("partners:inspect", args=[owner.pk])).content.decode()
    assert not KEY.search(overview)
    assert Key.objects.get().hint in overview
    assert not any(text in str(value) for value in manager.session.items())
    assert actions(owner) == [f"Issued a key ({text[:14]}…)"]


def test_production_key_is_refused_until_somebody_can_be_reached(manager: Client) -> None:
    owner = keys.partner(incident_telephone="", incident_second_email="")
    response = new_key(manager, owner, environment="live")
    assert "a telephone number" in response.content.decode()
    assert not Key.objects.exists()
    Partner.objects.update(incident_telephone="+1 555 0100", incident_second_email="night@example.org")
    assert shown(new_key(manager, owner, environment="live")).startswith("mnst_live_")


def test_key_gets_what_the_form_says(manager: Client) -> None:
    day = timezone.now().date() + timedelta(days=3)
    text = shown(new_key(manager, keys.partner(), scopes=["read"], requests_per_minute="77", expires_on=day.isoformat()))
    key = Key.objects.get()
    assert (key.scopes, key.requests_per_minute, key.label, key.issued_by) == (["read"], 77, "website", "somebody-Partner managers")
    assert key.expires_at
    assert key.expires_at.date() == day + timedelta(days=1)
    assert keys.caller(text).get("/api/v1/partner/").status_code == 403


@pytest.mark.parametrize(
    "changes", [{"scopes": []}, {"scopes": ["all"]}, {"environment": "x"}, {"expires_on": "2020-01-01"}, {"requests_per_minute": "0"}]
)
def test_key_that_makes_no_sense_is_refused(manager: Client, changes: dict[str, Any]) -> None:
    assert new_key(manager, keys.partner(), **changes).status_code == 200
    assert not Key.objects.exists()


def test_rotation_leaves_both_keys_working_for_a_while(manager: Client) -> None:
    owner = keys.partner()
    old = shown(new_key(manager, owner))
    url = reverse("partners:rotate", args=[Key.objects.get().pk])
    assert "A week" in manager.get(url).content.decode()
    new = shown(manager.post(url, {"days": "7"}))
    assert old != new
    assert [keys.caller(text).get("/api/v1/").status_code for text in (old, new)] == [200, 200]
    assert not KEY.search(manager.post(url, {"days": "7"}).content.decode()), "only once"
    assert actions(owner)[-1] == f"Rotated a key ({old[:14]}…)"
    overview = manager.get(reverse("partners:inspect", args=[owner.pk])).content.decode()
    assert "Replaced, works until it expires" in overview
    assert url not in overview


def test_revoking_asks_first_and_then_is_felt(manager: Client, django_capture_on_commit_callbacks: Any) -> None:
    owner = keys.partner()
    text = shown(new_key(manager, owner))
    url = reverse("partners:revoke", args=[Key.objects.get().pk])
    assert "cannot be undone" in manager.get(url).content.decode()
    assert keys.caller(text).get("/api/v1/").status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        assert manager.post(url).status_code == 302
    assert keys.caller(text).get("/api/v1/").status_code == 401
    assert actions(owner)[-1] == f"Revoked a key ({text[:14]}…)"
    assert url not in manager.get(reverse("partners:inspect", args=[owner.pk])).content.decode()


def test_overview_shows_use_position_and_freshness(manager: Client) -> None:
    owner = keys.partner()
    client = keys.caller(keys.issue(owner).text)
    documents.publish()
    page = client.get("/api/v1/changes/").json()
    for _ in range(3):
        client.get("/api/v1/articles/")
    uses.write_all()
    overview = manager.get(reverse("partners:inspect", args=[owner.pk])).content.decode()
    assert "/articles/" in overview
    assert re.search(r'<progress max="4" value="4" aria-hidden="true"></progress> <span>4</span>', overview)
    assert "Fresh" in overview
    SyncPosition.objects.update(number=0, read_at=timezone.now() - timedelta(days=1))
    documents.Document.objects.update(modified_at=timezone.now() - timedelta(hours=5))
    assert "Stale" in manager.get(reverse("partners:inspect", args=[owner.pk])).content.decode()
    client.get(page["next"].removeprefix("http://127.0.0.1:8000"))
    uses.write_all()
    assert "Stale" not in manager.get(reverse("partners:inspect", args=[owner.pk])).content.decode()


def test_overview_costs_few_queries_however_much_there_is(manager: Client, django_assert_max_num_queries: Any) -> None:
    owner = keys.partner()
    for _ in range(5):
        key = keys.issue(owner).key
        for index in range(14):
            Use.objects.create(key=key, day=timezone.now().date() - timedelta(days=index), endpoint="api/v1/", requests=1)
    url = reverse("partners:inspect", args=[owner.pk])
    manager.get(url)
    with django_assert_max_num_queries(30):
        manager.get(url)


def addresses(owner: Partner) -> list[str]:
    """Every address of the partners' part of the admin."""
    key = keys.issue(owner).key
    named = {"index": [], "index_results": [], "add": [], "rotate": [key.pk], "revoke": [key.pk]}
    of_partner = ("edit", "inspect", "history", "history_results", "issue")
    return [reverse(f"partners:{name}", args=args) for name, args in {**named, **{name: [owner.pk] for name in of_partner}}.items()]


@pytest.mark.parametrize("role", OTHERS)
def test_other_roles_are_refused(role: str) -> None:
    owner = keys.partner()
    client = client_of(role)
    for url in addresses(owner):
        for send in (client.get, client.post):
            assert send(url, headers={"X-Requested-With": "XMLHttpRequest"}).status_code == 403, (role, url)
            assert send(url)["Location"] == reverse("wagtailadmin_home"), (role, url)
    assert reverse("partners:index") not in client.get(reverse("wagtailadmin_home")).content.decode()
    assert (Partner.objects.count(), Key.objects.count(), Key.objects.filter(revoked_at=None).count()) == (1, 1, 1)


def test_strangers_are_asked_to_log_in() -> None:
    for url in addresses(keys.partner()):
        assert Client().get(url)["Location"].startswith("/admin/login/")


def test_managers_find_partners_in_their_menu_and_nothing_is_deleted(manager: Client) -> None:
    assert reverse("partners:index") in manager.get(reverse("wagtailadmin_home")).content.decode()
    owner = keys.partner()
    for url in addresses(owner):
        assert manager.get(url).status_code == 200, url
    root = Client()
    root.force_login(factories.administrator())
    for url in ("delete", "usage", "copy"):
        assert root.get(f"/admin/partners/{url}/{owner.pk}/").status_code == 404
    assert root.get(reverse("partners:edit", args=[owner.pk])).status_code == 200


def test_names_of_acts_are_those_that_are_logged() -> None:
    assert {"mainstay.issue_key", "mainstay.rotate_key", "mainstay.revoke_key"} <= {name for name, _label in registry.get_choices()}
    assert api_partners.lacking(keys.partner()) == []
