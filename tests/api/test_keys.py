"""Keys: shown once, stored as digests, never anonymous when they do not open, revoked within a second."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import serializers
from django.test import Client
from django.utils import timezone

from api import callers, key_text, partners, urls, uses
from api.models import Key, Partner
from tests.api import factories, keys

pytestmark = pytest.mark.django_db
PATHS = ["", "articles/", "articles/{slug}/", "articles/{slug}/languages/", "changes/", "languages/", "substances/", "substances/heroin/"]
PATHS += [
    "help-contacts/?region=*",
    "help-contacts/us-911/",
    "partner/",
    "partner/served/?id={id}&on=2026-05-03",
    "articles/{slug}/reports/",
    "docs/",
    "embed.js",
    "openapi.json",
    "openapi.yaml",
    "problems/held",
    "nowhere/",
]
OPEN = ("docs/", "embed.js", "openapi.json", "openapi.yaml", "problems/held")


@pytest.fixture
def paths() -> list[str]:
    """Every address of the API, and one that is none."""
    for kind in ("term", "help_contact"):
        factories.publish(kind=kind)
    articles = [factories.publish() for _path in PATHS]
    found = [f"/api/v1/{path.format(slug=article.slug, id=article.subject_id)}" for path, article in zip(PATHS, articles, strict=True)]
    views: set[Any] = {getattr(pattern.callback, "view_class", None) for pattern in urls.urlpatterns}
    assert len(views) == len(PATHS) - 1, "a view is not among the paths of this test"  # openapi comes twice
    return found


def wrong_keys() -> dict[str, str]:
    """Authorization headers that open nothing."""
    whole, revoked = keys.issue().text, keys.issue()
    partners.revoke(key=revoked.key, by="Petra")
    expired = keys.issue(expires_at=timezone.now() - timedelta(seconds=1))
    return {
        "wrong": f"Bearer {key_text.make('live')}",
        "cut": f"Bearer {whole[:-1]}",
        "mistyped": f"Bearer {whole[:-7]}{'A' if whole[-7] != 'A' else 'B'}{whole[-6:]}",
        "of the other environment": f"Bearer {whole.replace('live', 'test')}",
        "revoked": f"Bearer {revoked.text}",
        "expired": f"Bearer {expired.text}",
        "empty": "",
        "nothing": "Bearer ",
        "bare": whole,
        "basic": f"Basic {whole}",
        "twice": f"Bearer {whole}, Bearer {whole}",
        "with NUL": f"Bearer {whole}\x00",
        "huge": "Bearer " + "a" * 50_000,
        "of the database": f"Bearer {Key.objects.all()[0].digest}",
    }


@pytest.mark.figure(13)
def test_key_that_opens_nothing_is_401_everywhere(client: Client, paths: list[str], figure: Callable[..., None]) -> None:
    answers = {(name, path): client.get(path, headers={"Authorization": header}) for name, header in wrong_keys().items() for path in paths}
    others = {asked: answer.status_code for asked, answer in answers.items() if answer.status_code != 401}
    assert not others
    for answer in answers.values():
        assert (answer.json()["code"], answer["Cache-Control"]) == ("not-authenticated", "no-store")
        assert answer["WWW-Authenticate"].startswith('Bearer realm="')
    figure(row=13, name=f"of {len(answers)} answers to keys that open nothing, other than 401", value=len(others), limit=0)


@pytest.mark.figure(13)
def test_key_in_the_query_is_400_everywhere_and_is_not_repeated(client: Client, paths: list[str], figure: Callable[..., None]) -> None:
    text, others, asked = keys.issue().text, [], 0
    for path in paths:
        for name in ("key", "api_key", "access_token", "lang", "q", "topic", "after", text):
            for value in (text, text[:14], f"Bearer%20{text}", text.replace("_", "%5F")):
                for sender in (client, keys.caller(text)):
                    answer = sender.get(f"{path}{'&' if '?' in path else '?'}{name}={value}")
                    asked += 1
                    if answer.status_code != 400 or text.encode() in answer.content:
                        others.append((path, name, answer.status_code))
    figure(row=13, name=f"of {asked} answers to keys in the query, other than 400", value=len(others), limit=0)


@pytest.mark.figure(13)
def test_key_of_another_scope_is_403_everywhere(paths: list[str], figure: Callable[..., None]) -> None:
    partner_only, read_only = (keys.caller(keys.issue(scopes=(scope,)).text) for scope in ("partner", "read"))
    answers = {path: partner_only.get(path) for path in paths if "partner/" not in path and not path.endswith(("nowhere/", *OPEN))}
    answers["partner"] = read_only.get("/api/v1/partner/")
    others = {path: answer.status_code for path, answer in answers.items() if answer.status_code != 403}
    assert all(answer.json()["code"] == "forbidden" for answer in answers.values())
    assert 'error="insufficient_scope", scope="read"' in answers[paths[0]]["WWW-Authenticate"]
    assert read_only.get(paths[0]).status_code == partner_only.get("/api/v1/partner/").status_code == 200
    figure(row=13, name=f"of {len(answers)} answers to keys of another scope, other than 403", value=len(others), limit=0)


@pytest.mark.figure(13)
def test_revoked_key_is_refused_within_a_second(monkeypatch: pytest.MonkeyPatch, figure: Callable[..., None]) -> None:
    """As in another process than the one that revokes: nothing tells this one."""
    monkeypatch.setattr(callers, "forget", lambda: None)
    issued = keys.issue()
    client, slowest = keys.caller(issued.text), 0.0
    assert client.get("/api/v1/").status_code == 200
    partners.revoke(key=issued.key, by="Petra")
    began = time.monotonic()
    while client.get("/api/v1/").status_code == 200:
        slowest = time.monotonic() - began
        assert slowest < 5
    figure(row=13, name="last answer to a revoked key, seconds after", value=round(slowest, 2), limit=1)


@pytest.mark.figure(13)
def test_key_is_stored_as_a_digest_and_shown_once(figure: Callable[..., None]) -> None:
    texts = [keys.issue().text for _ in range(20)]
    for text in texts:
        keys.caller(text).get("/api/v1/")
    uses.write_all()
    stored = serializers.serialize("json", [*Key.objects.all(), *Partner.objects.all()])
    found = [text for text in texts if text in stored or text.split("_")[2][5:20] in stored]
    account = keys.caller(texts[0]).get("/api/v1/partner/").content.decode()
    assert texts[0] not in account
    assert key_text.hint(texts[0]) in account
    figure(row=13, name="keys found in the database", value=len(found), limit=0)


def test_key_revoked_in_this_process_is_refused_at_once(django_capture_on_commit_callbacks: Any) -> None:
    issued = keys.issue()
    client = keys.caller(issued.text)
    assert client.get("/api/v1/").status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        partners.revoke(key=issued.key, by="Petra")
    assert client.get("/api/v1/").status_code == 401


def test_key_expires_while_it_is_kept_in_the_process() -> None:
    issued = keys.issue(expires_at=timezone.now() + timedelta(seconds=0.3))
    client = keys.caller(issued.text)
    assert client.get("/api/v1/").status_code == 200
    time.sleep(0.31)
    assert client.get("/api/v1/").json()["detail"] == "The key has expired."


def test_scheme_is_read_in_any_case(client: Client) -> None:
    text = keys.issue().text
    assert client.get("/api/v1/", headers={"Authorization": f"bearer {text}"}).status_code == 200


def test_used_key_costs_no_query(django_assert_num_queries: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(callers, "KEPT_FOR_S", 60)
    client, slug = keys.caller(keys.issue().text), factories.publish().slug
    client.get(f"/api/v1/articles/{slug}/")
    with django_assert_num_queries(1):
        assert client.get(f"/api/v1/articles/{slug}/").status_code == 200


def test_preflight_needs_no_key(client: Client, settings: Any) -> None:
    settings.ANONYMOUS_READING = False
    assert client.options("/api/v1/partner/").status_code == 204


# Anonymous reading.


def test_anonymous_reading_can_be_closed(client: Client, paths: list[str], settings: Any) -> None:
    settings.ANONYMOUS_READING = False
    opened = keys.caller(keys.issue().text)
    for path in paths:
        expected = 200 if path.endswith(OPEN) else 404 if path.endswith("nowhere/") else 401
        assert client.get(path).status_code == expected, path
        if expected == 401:
            assert (answer := opened.get(path)).status_code == 200
            assert "public" not in answer["Cache-Control"], "a shared cache would give it to anybody"
            assert "Authorization" in answer["Vary"]


def test_partner_record_needs_a_key_always(client: Client) -> None:
    answer = client.get("/api/v1/partner/")
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Bearer realm="Partner API"')


def test_answers_to_keys_may_be_kept_by_caches_when_reading_is_open() -> None:
    answer = keys.caller(keys.issue().text).get(f"/api/v1/articles/{factories.publish().slug}/")
    assert answer["Cache-Control"].startswith("public")
    assert "Authorization" in answer["Vary"]


# Issuing, rotating, revoking.


def test_production_key_needs_who_can_be_reached_in_an_incident() -> None:
    for lacking in ("incident_name", "incident_email", "incident_second_email", "incident_telephone", "terms_version"):
        with pytest.raises(partners.NotReady) as refused:
            keys.issue(keys.partner(f"Without {lacking}", **{lacking: ""}))
        assert refused.value.fields == [lacking]
    twice = keys.partner("The same address twice", incident_second_email="INES@example.org")
    with pytest.raises(partners.NotReady):
        keys.issue(twice)
    assert keys.issue(twice, environment="test").text.startswith("mnst_test_")


def test_unknown_scope_or_environment_is_refused() -> None:
    with pytest.raises(ValueError, match="everything"):
        keys.issue(scopes=("everything",))
    with pytest.raises(ValueError, match="staging"):
        keys.issue(environment="staging")


def test_two_keys_work_during_a_rotation_and_then_one() -> None:
    old = keys.issue(label="site", requests_per_minute=77, scopes=("read",))
    new = partners.rotate(key=old.key, overlap=timedelta(days=7), by="Petra")
    assert [keys.caller(issued.text).get("/api/v1/").status_code for issued in (old, new)] == [200, 200]
    assert (new.key.label, new.key.requests_per_minute, new.key.scopes, new.key.replaces) == ("site", 77, ["read"], old.key)
    ends = Key.objects.get(pk=old.key.pk).expires_at
    assert ends
    assert abs(ends - timezone.now() - timedelta(days=7)) < timedelta(minutes=1)
    Key.objects.filter(pk=old.key.pk).update(expires_at=timezone.now())
    callers.forget()
    assert [keys.caller(issued.text).get("/api/v1/").status_code for issued in (old, new)] == [401, 200]


def test_rotation_does_not_lengthen_a_key_nor_happen_twice() -> None:
    ends = timezone.now() + timedelta(days=1)
    old = keys.issue(expires_at=ends)
    partners.rotate(key=old.key, overlap=timedelta(days=7), by="Petra")
    assert Key.objects.get(pk=old.key.pk).expires_at == ends
    with pytest.raises(partners.NotRotatable):
        partners.rotate(key=old.key, overlap=timedelta(days=7), by="Petra")


def test_dead_key_is_not_rotated() -> None:
    issued = keys.issue()
    partners.revoke(key=issued.key, by="Petra")
    with pytest.raises(partners.NotRotatable):
        partners.rotate(key=issued.key, overlap=timedelta(days=7), by="Petra")


def test_revoking_again_keeps_the_first_moment() -> None:
    issued = keys.issue()
    partners.revoke(key=issued.key, by="Petra")
    first = Key.objects.get(pk=issued.key.pk)
    partners.revoke(key=issued.key, by="Paul")
    again = Key.objects.get(pk=issued.key.pk)
    assert (again.revoked_at, again.revoked_by) == (first.revoked_at, "Petra")


def test_key_is_recognised_by_its_shape() -> None:
    texts = [key_text.make(environment) for environment in ("live", "test") * 500]
    assert len(set(texts)) == len(texts)
    assert {len(text) for text in texts} == {59}
    assert all(key_text.is_whole(text) for text in texts)
    for index in range(10, 59):
        changed = texts[0][:index] + ("x" if texts[0][index] != "x" else "y") + texts[0][index + 1 :]
        assert not key_text.is_whole(changed)
    assert not any(key_text.is_whole(f"{text}{more}") for text in texts[:3] for more in ("0", "\n", " "))
