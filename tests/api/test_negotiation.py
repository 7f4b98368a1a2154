"""Languages are matched by RFC 4647, and only when asked to."""

import pytest
from django.test import Client

from api import negotiation
from tests.api import factories


@pytest.mark.parametrize(
    ("header", "tag"),
    [
        ("es", "es"),
        ("es-MX", "es"),
        ("es-MX-x-private", "es"),
        ("fr;q=0.5, ar;q=0.8", "ar"),
        ("de, ru;q=0.5", "ru"),
        ("pt", "pt-BR"),
        ("pt-PT, pt;q=0.9, en;q=0.8", "pt-BR"),
        ("zh-CN, zh;q=0.9", "zh-Hans"),
        ("zh-Hans-CN", "zh-Hans"),
        ("es;q=0, fr", "fr"),
        ("*", "en"),
        ("de", "en"),
        ("", "en"),
        ("es;q=2", "en"),
        (";;;,,,", "en"),
        ("es-" * 50_000, "en"),
    ],
)
def test_accept_language_finds(header: str, tag: str) -> None:
    assert negotiation.best(header) == tag


def test_chain_is_the_languages_own_or_the_one_given() -> None:
    assert negotiation.asked({"lang": "es"}, "").chain == ("es",)
    assert negotiation.asked({"lang": "es", "fallback": "default"}, "").chain == ("es", "en")
    assert negotiation.asked({"lang": "es", "fallback": ("fr", "es", "en")}, "").chain == ("es", "fr", "en")


@pytest.mark.django_db
def test_accept_language_is_read_only_for_auto(client: Client) -> None:
    english = factories.publish()
    factories.publish(english.subject_id, "es")
    url = f"/api/v1/articles/{english.slug}/"
    plain = client.get(url, headers={"Accept-Language": "es"})
    auto = client.get(f"{url}?lang=auto", headers={"Accept-Language": "es-MX"})
    assert (plain["Content-Language"], auto["Content-Language"]) == ("en", "es")
    assert "Accept-Language" not in plain["Vary"]
    assert "Accept-Language" in auto["Vary"]
    assert "requested_lang" not in auto.json()


@pytest.mark.django_db
def test_auto_does_not_fall_back_by_itself(client: Client) -> None:
    english = factories.publish()
    response = client.get(f"/api/v1/articles/{english.slug}/?lang=auto", headers={"Accept-Language": "es, en"})
    assert response.json()["code"] == "translation-unavailable"
