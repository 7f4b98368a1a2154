"""Safety travels with the text, in every way that it is written."""

import gzip
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from api import html, representations
from tests.api import factories

pytestmark = pytest.mark.django_db
NOTICE = "Read this before anything else."
TEXT = "Most symptoms ease in about a week."
OUTDATED = factories.translation("es", status="outdated", outdated_by="substantive")

VARIANTS: dict[str, dict[str, Any]] = {
    "plain": {},
    "advised": {"advice": ("overdose", "tolerance")},
    "noticed": {"notice": NOTICE},
    "outdated": {"notice": NOTICE, "translation": OUTDATED},
    "sample": {"sample": True},
    "everything": {"sample": True, "notice": NOTICE, "translation": OUTDATED, "advice": ("overdose", "tolerance", "pregnancy")},
}


def first(variant: dict[str, Any]) -> list[str]:
    """What must be read first, in order."""
    sentence = [factories.SENTENCE] if variant.get("sample") else []
    notice = [NOTICE] if variant.get("notice") else []
    return [*sentence, *notice, *(f"Advice on {kind}." for kind in variant.get("advice", ("overdose",)))]


def texts(body: dict[str, Any]) -> Iterator[str]:
    """The running text of a representation."""
    if "sections" in body:
        yield "\n".join(html.plain_text(section["html"]) for section in body["sections"])
        yield "\n".join(html.plain_text(block["html"]) for section in body["sections"] for block in section["blocks"])
    if "html" in body:
        yield html.plain_text(body["html"])
    if "text" in body:
        yield body["text"]


def read(client: Client, url: str, **headers: str) -> Any:
    """What is answered, taken out of its compression."""
    response = client.get(f"/api/v1/{url}", headers={name.replace("_", "-"): value for name, value in headers.items()})
    assert response.status_code == 200, response.content
    return json.loads(gzip.decompress(response.content) if response.get("Content-Encoding") == "gzip" else response.content)


def unsafe(body: dict[str, Any], variant: dict[str, Any]) -> list[str]:
    """What is missing or not in front."""
    wrong = []
    if body["sample"] != bool(variant.get("sample")):
        wrong.append("sample")
    if (body["notice"] or {}).get("text") != variant.get("notice"):
        wrong.append("notice")
    if [entry["text"] for entry in body["safety"]] != [f"Advice on {kind}." for kind in variant.get("advice", ("overdose",))]:
        wrong.append("safety")
    if "excerpt" in body:
        before = [*([factories.SENTENCE] if variant.get("sample") else []), *([NOTICE] if variant.get("notice") else [])]
        if not body["excerpt"].startswith(" ".join([*before, "Most <mark>symptoms</mark>"])):
            wrong.append(f"excerpt: {body['excerpt']}")
    for text in texts(body):
        lines = [line for line in text.splitlines() if line]
        if lines[: len(first(variant))] != first(variant) or TEXT not in lines:
            wrong.append(f"order: {lines}")
    return wrong


@pytest.mark.figure(25)
def test_safety_travels_in_every_representation(client: Client, figure: Callable[..., None]) -> None:
    wrong, checked = [], 0
    for name, variant in VARIANTS.items():
        english = factories.publish()
        spanish = factories.publish(english.subject_id, "es", text=TEXT, **variant)
        identity, detail = str(spanish.subject_id), f"articles/{spanish.slug}/"
        forms = ["", "&body=sections", "&body=html", "&body=text", "&fallback=default", "&fields=title", "&fields=sections"]
        bodies = [
            read(client, f"{detail}?lang=es{query}") for query in [*forms, "&fields=sections&body=html", "&fields=sections&body=text"]
        ]
        bodies += [read(client, f"{detail}?lang=fr&fallback=es&body={form}") for form in ("html", "text", "sections")]
        bodies += [read(client, f"{detail}?lang=es", Accept_Encoding="gzip")]
        bodies += [read(client, f"{detail}?lang={query}", Accept="application/ld+json") for query in ("es", "fr&fallback=es")]
        for query in ("", "&fields=title", "&fields=sections", "&q=symptoms", "&q=symptoms&fields=title", "&q=symptoms&order=title"):
            items = read(client, f"articles/?lang=es{query}")["results"]
            bodies += [item for item in items if item["id"] == identity]
        for encoding in ("identity", "gzip"):
            items = read(client, "changes/?lang=es&include=document", Accept_Encoding=encoding)["items"]
            bodies += [item["document"] for item in items if item["id"] == identity]
        assert len(bodies) == 23
        checked += len(bodies)
        wrong += [(name, line) for body in bodies for line in unsafe(body, variant)]
    assert checked == 23 * len(VARIANTS)
    assert not wrong
    figure(row=25, name=f"of {checked} representations those without their notice, advice or sentence first", value=len(wrong), limit=0)


def test_html_is_one_piece_with_language_and_direction() -> None:
    content = json.loads(factories.publish(language="ar").body)
    markup = representations.as_html(content)
    assert markup.startswith('<div lang="ar" dir="rtl"><div class="advice">')
    assert markup.endswith('<section id="course"><h2>Course</h2><p>Sleep takes longer.</p></section></div>')
    assert html.clean(markup) == markup


def test_headings_are_text_not_markup() -> None:
    content = json.loads(factories.publish().body)
    content["sections"][0]["heading"] = "<script>alert(1)</script> & more"
    assert "<h2>&lt;script&gt;alert(1)&lt;/script&gt; &amp; more</h2>" in representations.as_html(content)


def test_text_has_a_blank_line_between_parts() -> None:
    content = json.loads(factories.publish(notice="Dose.").body)
    assert representations.as_text(content).split("\n\n") == [
        "Dose.", "Advice on overdose.", "What it is", "Most symptoms ease in about a week.", "Course", "Sleep takes longer.",
    ]  # fmt: skip


def test_text_takes_the_place_of_the_sections(client: Client) -> None:
    document = factories.publish()
    body = client.get(f"/api/v1/articles/{document.slug}/?body=html").json()
    assert set(json.loads(document.body)) - set(body) == {"sections"}
    assert set(body) - set(json.loads(document.body)) == {"html"}
