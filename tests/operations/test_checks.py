"""System checks, and what refuses to run with DEBUG off."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core import checks as django_checks
from django.core.management import CommandError, call_command
from django.db import DatabaseError
from modeltranslation.translator import translator

from cms import checks, demo, languages, sample_library
from cms.models import Article, HelpContact, Term
from tests.cms import factories
from tests.operations.processes import environment


@pytest.fixture
def fast_passwords(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def ids(found: list[Any]) -> list[str]:
    return [message.id for message in found]


# -- columns -----------------------------------------------------------------------------------------------------------


def test_columns_fit_the_languages() -> None:
    assert checks.columns_fit_languages(None) == []


def test_every_registered_model_of_ours_is_looked_at() -> None:
    looked_at = {model for model, *_ in checks._translated_columns()}
    assert looked_at == {model for model in translator.get_registered_models(abstract=False) if model._meta.app_label == "cms"}
    assert {Article, Term, HelpContact} <= looked_at


def test_language_without_columns_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(languages, "TAGS", (*languages.TAGS, "de"))
    found = checks.columns_fit_languages(None)
    assert set(ids(found)) == {"cms.E001"}
    assert any("label_de" in message.msg for message in found)


def test_columns_without_a_language_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(languages, "TAGS", languages.TAGS[:-1])
    assert set(ids(checks.columns_fit_languages(None))) == {"cms.E001"}


# -- deployment --------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_database_of_ones_own_passes() -> None:
    assert checks.no_sample_content(None) == []
    assert checks.no_demo_account(None) == []


@pytest.mark.django_db
@pytest.mark.parametrize("model", [Article, Term, HelpContact])
def test_sample_content_is_an_error(model: Any) -> None:
    if model is Article:
        factories.article(factories.shelf(targets=()), sample=True)
    else:
        made = factories.term("x") if model is Term else factories.contact()
        model.objects.filter(pk=made.pk).update(sample=True)
    assert ids(checks.no_sample_content(None)) == ["cms.E010"]


@pytest.mark.django_db
@pytest.mark.usefixtures("fast_passwords")
def test_demo_account_is_an_error_by_its_address_or_its_password() -> None:
    demo.make_accounts()
    assert ids(checks.no_demo_account(None)) == ["cms.E011"]
    people = factories.user("x")._meta.model.objects
    people.filter(username__in=[account.username for account in demo.ACCOUNTS]).exclude(username="editor").delete()
    people.filter(username="editor").update(email="ed@example.org")
    assert demo.found_accounts() == ["editor"]
    editor = people.get(username="editor")
    editor.set_password("a long one that nobody printed")
    editor.save()
    assert checks.no_demo_account(None) == []


def test_check_that_could_not_look_has_not_passed(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: Any) -> Any:
        raise DatabaseError("no such table")

    monkeypatch.setattr(demo, "found_accounts", refuse)
    monkeypatch.setattr(Article._default_manager, "filter", refuse, raising=False)
    monkeypatch.setattr(checks, "_WITH_SAMPLES", (_Unreadable,))
    assert ids(checks.no_demo_account(None)) == ["cms.E011"]
    assert ids(checks.no_sample_content(None)) == ["cms.E010"]


class _Unreadable:
    _meta = Article._meta

    class _default_manager:  # noqa: N801 - Django's name
        @staticmethod
        def filter(**named: Any) -> Any:
            raise DatabaseError("no such table")


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("https://content.example.org", []),
        ("http://content.example.org", ["cms.E012"]),
        ("https://127.0.0.1:8000", ["cms.E012"]),
        ("https://localhost", ["cms.E012"]),
    ],
)
def test_address_that_partners_cannot_reach_is_an_error(settings: Any, address: str, found: list[str]) -> None:
    settings.BASE_URL = address
    assert ids(checks.base_url_is_public(None)) == found


def test_checks_of_deployment_run_only_when_it_is_asked_for() -> None:
    everyday = django_checks.registry.registry.get_checks()
    deployment = django_checks.registry.registry.get_checks(include_deployment_checks=True)
    ours = {checks.no_sample_content, checks.no_demo_account, checks.base_url_is_public}
    assert ours <= set(deployment)
    assert not ours & set(everyday)
    assert checks.columns_fit_languages in everyday


# -- with DEBUG off ----------------------------------------------------------------------------------------------------


def manage(directory: Path, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        env=environment(directory, **env),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize(
    ("env", "said"),
    [
        ({}, "Set SECRET_KEY"),
        ({"SECRET_KEY": "x" * 60}, "Set ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "content.example.org"}, "Set SECRET_KEY"),
    ],
)
def test_service_refuses_to_start_half_configured(tmp_path: Path, env: dict[str, str], said: str) -> None:
    outcome = manage(tmp_path, "check", DEBUG="0", **env)
    assert outcome.returncode != 0
    assert said in outcome.stderr


def test_service_starts_with_both(tmp_path: Path) -> None:
    outcome = manage(tmp_path, "check", DEBUG="0", SECRET_KEY="x" * 60, ALLOWED_HOSTS="content.example.org")
    assert outcome.returncode == 0, outcome.stderr


def test_sample_library_is_refused_with_debug_off(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: list[bool] = []
    monkeypatch.setattr(sample_library, "load", lambda say: loaded.append(True))
    settings.DEBUG = False
    with pytest.raises(CommandError, match="--sample-in-production"):
        call_command("load_library")
    assert loaded == []
    call_command("load_library", "--sample-in-production")
    assert loaded == [True]
