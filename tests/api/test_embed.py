"""The script of the element: how it is served, and that its words are whole in every language."""

import gzip
import json
import re

import pytest
from django.test import Client

from api import embed, languages

URL = "/api/v1/embed.js"
NALOXONE = {
    "en": "naloxone",
    "es": "naloxona",
    "fr": "naloxone",
    "pt-BR": "naloxona",
    "ar": "النالوكسون",
    "ru": "налоксон",
    "vi": "naloxone",
    "zh-Hans": "纳洛酮",
}
EMERGENCY_NUMBER = {
    "en": "your local emergency number",
    "es": "al número de emergencias local",
    "fr": "votre numéro d’urgence local",
    "pt-BR": "o número de emergência local",
    "ar": "برقم الطوارئ المحلي",
    "ru": "по местному номеру экстренной помощи",
    "vi": "số cấp cứu tại địa phương",
    "zh-Hans": "当地紧急电话",
}


@pytest.fixture(scope="module")
def words() -> dict[str, dict[str, str]]:
    """The words as the script has them."""
    found = re.search(r"const WORDS = (\{.*?\n  \});", embed.script(), re.DOTALL)
    assert found
    quoted = re.sub(r"(?<=[{,\s])([\w]+): (?=[\"{])", r'"\1": ', found[1])
    read: dict[str, dict[str, str]] = json.loads(re.sub(r",(?=\s*\})", "", quoted))
    return read


def test_script_is_served_to_pages_of_any_origin_and_kept_by_caches(client: Client) -> None:
    response = client.get(URL, headers={"origin": "https://partner.example"})
    assert response.status_code == 200
    assert response.content.decode() == embed.script()
    assert response["Content-Type"] == "text/javascript; charset=utf-8"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert response["Cache-Control"] == "public, max-age=3600"
    assert not response.cookies
    assert {"Cookie", "Accept-Language"}.isdisjoint(response["Vary"].split(", "))


def test_script_is_sent_once_to_whoever_has_it(client: Client) -> None:
    plain = client.get(URL)
    packed = client.get(URL, headers={"accept-encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert packed["ETag"] != plain["ETag"]
    for response in (plain, packed):
        again = client.get(URL, headers={"if-none-match": response["ETag"], "accept-encoding": "gzip"})
        assert (again.status_code, again.content) == (304, b"")
        assert again["Cache-Control"] == "public, max-age=3600"
    assert client.head(URL).content == b""


def test_script_takes_no_parameter_and_no_key(client: Client) -> None:
    assert client.get(f"{URL}?version=2").json()["code"] == "unknown-parameter"
    assert client.post(URL).status_code == 405


def test_every_language_of_the_library_has_every_word(words: dict[str, dict[str, str]]) -> None:
    assert list(words) == list(languages.TAGS)
    for tag, its in words.items():
        assert list(its) == list(words["en"]), tag
        assert all(word.strip() == word and word for word in its.values()), tag
    used = set(re.findall(r"\bwords\.(\w+)", embed.script())) | {"loading", "held", "gone", "recalled", "missing", "failed"}
    assert used == set(words["en"])


def test_no_two_languages_share_a_sentence_of_safety(words: dict[str, dict[str, str]]) -> None:
    for name in ("emergency", "recalled", "held", "gone", "failed", "missing", "unreviewed"):
        assert len({its[name] for its in words.values()}) == len(words), name


@pytest.mark.parametrize("tag", languages.TAGS)
def test_emergency_advice_names_the_local_number_and_naloxone_and_no_dose(words: dict[str, dict[str, str]], tag: str) -> None:
    advice = words[tag]["emergency"]
    assert EMERGENCY_NUMBER[tag] in advice
    assert NALOXONE[tag] in advice
    assert not re.search(r"\d", advice), "an emergency number belongs to a country, and a dose to nobody"


def test_script_keeps_nothing_and_parses_no_markup_but_the_apis() -> None:
    script = embed.script()
    assert not re.search(
        r"localStorage|sessionStorage|indexedDB|caches\b|\.cookie|sendBeacon|serviceWorker|eval\(|new Function|document\.write", script
    )
    assert re.findall(r"\.(?:inner|outer)HTML\b.*|insertAdjacentHTML.*", script) == [".innerHTML = trusted.createHTML(html);"]
    assert "parsed(" in script
    parsed = re.findall(r"parsed\(([^,()]+|own\.map\(.*?\)\.join\(\"\"\)), open\)", script)
    assert set(parsed) == {"html", "found.attribution.html", "block.html", 'own.map((block) => block.html).join("")'}
    assert not re.search(r"\.style\b|style=|https?://", script)
