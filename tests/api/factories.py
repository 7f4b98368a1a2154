"""Contents that keep the contract, to be changed where a test needs it."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from api import html, languages, store
from api.models import Document

SENTENCE = "Sample text for trying out this software."


def translation(language: str = "en", **changes: Any) -> dict[str, Any]:
    checked = {"on": "2026-05-03", "by_role": "translator"}
    return {
        "origin": "source" if language == "en" else "human",
        "status": "current",
        "outdated_by": None,
        "carried_over": False,
        "language_check": None if language == "en" else checked,
        "clinical_check": None,
        **changes,
    }


def said(text: str, cls: str, **more: Any) -> dict[str, Any]:
    markup = f'<div class="{cls}"><p>{text}</p></div>'
    return {"html": markup, "text": html.plain_text(markup), **more}


def paragraph(identity: str, text: str) -> dict[str, Any]:
    return {"id": identity, "type": "paragraph", "value": {"text": text}, "html": f"<p>{text}</p>"}


def tags(*codes: str) -> list[dict[str, str]]:
    return [{"code": code, "label": code.title()} for code in codes]


def article(
    subject_id: UUID,
    language: str = "en",
    *,
    sample: bool = False,
    notice: str = "",
    advice: tuple[str, ...] = ("overdose",),
    text: str = "Most symptoms ease in about a week.",
    **changes: Any,
) -> dict[str, Any]:
    """An article with two sections; notice, advice and the sample's sentence stand where the contract wants them."""
    notes = said(notice, "notice", severity="safety") if notice else None
    safety = [said(f"Advice on {kind}.", "advice", kind=kind) for kind in advice]
    blocks = []
    if sample:
        blocks.append(
            {"id": "sample", "type": "sample", "value": {"text": SENTENCE}, "html": f'<div class="sample"><p>{SENTENCE}</p></div>'}
        )
    if notes:
        blocks.append({"id": "notice", "type": "notice", "value": {"severity": "safety", "text": notes["text"]}, "html": notes["html"]})
    blocks += [
        {"id": f"advice-{entry['kind']}", "type": "advice", "value": {"kind": entry["kind"], "text": entry["text"]}, "html": entry["html"]}
        for entry in safety
    ]
    sections = [
        {"id": "what", "aspect": "what-it-is", "heading": "What it is", "blocks": [*blocks, paragraph("b1", text)]},
        {"id": "course", "aspect": "course", "heading": "Course", "blocks": [paragraph("b2", "Sleep takes longer.")]},
    ]
    for section in sections:
        section["html"] = "".join(block["html"] for block in section["blocks"])  # type: ignore[index]
    return {
        "id": str(subject_id),
        "slug": f"article-{str(subject_id)[:8]}",
        "kind": "article",
        "lang": language,
        "direction": languages.get(language).direction,
        "title": "Heroin withdrawal",
        "summary": "What happens when somebody stops.",
        "collection": {"slug": "withdrawal", "title": "Withdrawal"},
        "audience": "adults",
        "sections": sections,
        "safety": safety,
        "notice": notes,
        "topics": tags("withdrawal"),
        "substances": tags("heroin"),
        "symptoms": [{"code": "nausea", "label": "Nausea", "kind": "physical"}],
        "medicines": tags("methadone"),
        "treatments": tags("medical-detox"),
        "organisations": [{"code": "na", "label": "Narcotics Anonymous", "url": "https://na.org/"}],
        "related": [],
        "references": [{"title": "Guideline", "publisher": "WHO", "url": "https://www.who.int/", "lang": "en"}],
        "images": [{"id": "1", "url": "https://example.org/1.png", "alt": "", "width": 640, "height": 480, "caption": ""}],
        "help_contact_kinds": ["emergency", "crisis"],
        "meta": {"title": "", "description": ""},
        "reading": {"words": 12, "minutes": 1},
        "source_lang": "en",
        "translation": translation(language),
        "review": {
            "reviewed_on": "2026-05-03",
            "next_due_on": "2027-05-03",
            "status": "current",
            "by_role": "pharmacist",
            "organisation": "Example clinic",
        },
        "attribution": {"html": "<p>Example library</p>", "text": "Example library", "url": "https://example.org/", "logo": ""},
        "licence": "https://creativecommons.org/licenses/by/4.0/",
        "refresh_by_days": 30,
        "sample": sample,
        **changes,
    }


def term(subject_id: UUID, language: str = "en", **changes: Any) -> dict[str, Any]:
    return {
        "id": str(subject_id),
        "vocabulary": "substance",
        "code": "heroin",
        "kind": "",
        "lang": language,
        "direction": languages.get(language).direction,
        "label": "Heroin",
        "description": "An opioid.",
        "url": "",
        "source_lang": "en",
        "translation": translation(language),
        "sample": False,
        **changes,
    }


def help_contact(subject_id: UUID, language: str = "en", **changes: Any) -> dict[str, Any]:
    return {
        "id": str(subject_id),
        "code": "us-911",
        "kind": "emergency",
        "region": "US",
        "number": "911",
        "display": "911",
        "name": "Emergency services",
        "lang": language,
        "direction": languages.get(language).direction,
        "dialable_from": ["US"],
        "spoken_languages": ["en", "es"],
        "hours": "Day and night",
        "time_zone": "America/New_York",
        "cost": "Free",
        "channels": ["phone"],
        "source": "https://www.911.gov/",
        "verified_on": "2026-05-03",
        "verify_by": str(date.today() + timedelta(days=90)),
        "source_lang": "en",
        "translation": translation(language),
        "sample": False,
        **changes,
    }


MAKERS = {"article": article, "term": term, "help_contact": help_contact}


def know(vocabulary: str, *codes: str) -> None:
    """Put out a term of each code, so that a filter may name it."""
    for code in codes:
        publish(kind="term", vocabulary=vocabulary, code=code)


def publish(
    subject_id: UUID | None = None,
    language: str = "en",
    *,
    kind: str = "article",
    update_type: str = "minor",
    own_kind: str = "",
    **changes: Any,
) -> Document:
    """Put one document out, and return its row. `own_kind` is the `kind` inside a term or contact."""
    subject_id = subject_id or uuid4()
    content = MAKERS[kind](subject_id, language, **changes, **({"kind": own_kind} if own_kind else {}))
    with store.writing():
        document = store.put(
            kind=kind,
            subject_id=subject_id,
            language=language,
            content=content,
            text_digest=str(hash(str(content.get("sections")))),
            update_type=update_type,
        )
    assert document is not None, "nothing changed"
    return document


def close(document: Document, state: str = "gone", *, reason: str = "Out of date.", **details: Any) -> Document:
    """Close the language of a document, and return the tombstone."""
    with store.writing():
        tombstone = store.close(
            kind=document.kind,
            subject_id=document.subject_id,
            language=document.language,
            state=state,
            reason=reason,
            details=details,
        )
    assert tombstone is not None, "nothing changed"
    return tombstone
