"""The sandbox: fixed, made-up documents, one for each case that a partner has to deal with. They are for developers, never for readers.

They stand in the same table and answer at the same addresses as everything else, so that what works with them works. Lists, feeds
and searches give them to who asks with `sample=sandbox`, and to nobody else. `manage.py load_sandbox` puts them there.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.conf import settings

from api import html, languages
from api.models import Kind, State

ASKED = "sandbox"
"""The value of `sample` that asks for them."""


Closing = tuple[State, str, Mapping[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Case:
    """One article: in which languages it is there, what is different in one of them, and how it ends there.

    By language: `changes` are members of the document, `notices` the severity of one, `closed` the state, reason and details.
    """

    number: int
    slug: str
    shows: str
    languages: tuple[str, ...] = ("en", "es")
    former_slug: str = ""
    changes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    notices: Mapping[str, str] = field(default_factory=dict)
    closed: Mapping[str, Closing] = field(default_factory=dict)

    @property
    def subject_id(self) -> UUID:
        return _identity(self.number)


@dataclass(frozen=True, kw_only=True)
class Step:
    """A document to put, or, without a content, a closure."""

    kind: Kind
    subject_id: UUID
    language: str
    content: dict[str, Any] | None = None
    state: str = ""
    reason: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)


def _identity(number: int) -> UUID:
    return UUID(f"5a4db0c5-0000-4000-8000-{number:012d}")


_OUTDATED = {"status": "outdated", "outdated_by": "substantive"}
_OUTDATED_SAFETY = {"status": "outdated", "outdated_by": "safety"}
_LAPSED = {"reviewed_on": "2019-05-03", "next_due_on": "2020-05-03", "status": "overdue"}
_GONE: Closing = (State.GONE, "retired", {})
_RECALLED: Closing = (
    State.RECALLED,
    "recalled",
    {
        "severity": "safety",
        "instruction": "Remove it from every page, app and printed sheet.",
        "replacement": str(_identity(1)),
    },
)
CASES = (
    Case(number=1, slug="sandbox-current", shows="current", languages=("en", "es", "ar")),
    Case(number=2, slug="sandbox-outdated", shows="outdated", changes={"es": {"translation": _OUTDATED}}),
    Case(
        number=3,
        slug="sandbox-noticed",
        shows="noticed",
        changes={"es": {"translation": _OUTDATED_SAFETY}},
        notices={"en": "information", "es": "safety"},
    ),
    Case(number=4, slug="sandbox-held", shows="held", closed={"es": (State.HELD, "paused-for-safety", {})}),
    Case(number=5, slug="sandbox-gone", shows="gone", closed={"en": _GONE, "es": _GONE}),
    Case(number=6, slug="sandbox-recalled", shows="recalled", closed={"en": _RECALLED, "es": _RECALLED}),
    Case(
        number=7,
        slug="sandbox-overdue",
        shows="overdue",
        changes={"en": {"review": _LAPSED}, "es": {"review": _LAPSED}},
    ),
    Case(number=8, slug="sandbox-machine", shows="machine", changes={"es": {"translation": {"origin": "machine"}}}),
    Case(number=9, slug="sandbox-right-to-left", shows="right-to-left", languages=("en", "ar")),
    Case(number=10, slug="sandbox-renamed", shows="renamed", languages=("en",), former_slug="sandbox-former-name"),
    Case(number=11, slug="sandbox-gone-in-spanish", shows="gone in one language", closed={"es": _GONE}),
)
_TERM, _VERIFIED, _OVERDUE = _identity(20), _identity(21), _identity(22)
IDS = frozenset([*(case.subject_id for case in CASES), _TERM, _VERIFIED, _OVERDUE])
REGION = "ZZ"
"""ISO 3166 keeps it for users: no country has it."""

_WORDS = {
    "en": {
        "sample": "Sandbox text, made up for developers. Never show it to a reader.",
        "advice": "If somebody does not wake up and breathes slowly, call 112 now.",
        "safety": "This text was changed for your safety. Until it is translated anew, follow the advice above.",
        "information": "This article is part of the sandbox.",
        "title": "Sandbox: {shows}",
        "summary": "An article that is {shows} in one of its languages.",
        "heading": "What it is",
        "text": "Symptoms begin after {hours} hours and ease within {days} days.",
        "collection": "Sandbox",
        "attribution": "Sandbox of {library}",
        "term": "Sandbox",
        "contact": "Sandbox line",
    },
    "es": {
        "sample": "Texto de prueba, inventado para desarrolladores. No lo muestre nunca a un lector.",
        "advice": "Si alguien no despierta y respira despacio, llame al 112 ahora.",
        "safety": "Este texto cambió por su seguridad. Hasta que se traduzca de nuevo, siga el consejo de arriba.",
        "information": "Este artículo es parte del entorno de prueba.",
        "title": "Entorno de prueba: {shows}",
        "summary": "Un artículo para probar un caso: {shows}.",
        "heading": "Qué es",
        "text": "Los síntomas empiezan después de {hours} horas y ceden en {days} días.",
        "collection": "Entorno de prueba",
        "attribution": "Entorno de prueba de {library}",
        "term": "Entorno de prueba",
        "contact": "Línea de prueba",
    },
    "ar": {
        "sample": "نص تجريبي مُختلَق للمطوّرين. لا تعرضه على أي قارئ.",
        "advice": "إذا لم يستيقظ شخص وكان تنفسه بطيئًا فاتصل بالرقم 112 الآن.",
        "safety": "تغيّر هذا النص حفاظًا على سلامتك. إلى أن يُترجم من جديد اتبع النصيحة أعلاه.",
        "information": "هذا المقال جزء من البيئة التجريبية.",
        "title": "بيئة تجريبية: {shows}",
        "summary": "مقال لتجربة حالة: {shows}.",
        "heading": "ما هو",
        "text": "تبدأ الأعراض بعد {hours} ساعات وتخف خلال {days} أيام.",
        "collection": "بيئة تجريبية",
        "attribution": "البيئة التجريبية لـ {library}",
        "term": "بيئة تجريبية",
        "contact": "خط تجريبي",
    },
}


def steps() -> Iterator[Step]:
    """All that there is to put and to close, in order."""
    for case in CASES:
        for language in case.languages:
            for slug in filter(None, (case.former_slug, case.slug)):
                yield Step(kind=Kind.ARTICLE, subject_id=case.subject_id, language=language, content=_article(case, language, slug))
            if language in case.closed:
                state, reason, details = case.closed[language]
                yield Step(kind=Kind.ARTICLE, subject_id=case.subject_id, language=language, state=state, reason=reason, details=details)
    for language in _WORDS:
        yield Step(kind=Kind.TERM, subject_id=_TERM, language=language, content=_term(language))
        for identity, verify_by in ((_VERIFIED, "2099-12-31"), (_OVERDUE, "2020-05-03")):
            content = _help_contact(identity, language, verify_by=verify_by)
            yield Step(kind=Kind.HELP_CONTACT, subject_id=identity, language=language, content=content)


def _article(case: Case, language: str, slug: str) -> dict[str, Any]:
    words = _WORDS[language]
    review = {"reviewed_on": "2026-05-03", "next_due_on": None, "status": "current", "by_role": "sandbox", "organisation": "Sandbox"}
    changes = case.changes.get(language, {})
    notice = _notice(case.notices[language], words) if language in case.notices else None
    safety = [{"kind": "overdose", **_said("advice", words["advice"])}]
    sections = [_section(language, words, notice, safety)]
    return {
        **_localised(case.subject_id, language, translation=changes.get("translation", {})),
        "slug": slug,
        "kind": "article",
        "title": words["title"].format(shows=case.shows),
        "summary": words["summary"].format(shows=case.shows),
        "collection": {"slug": ASKED, "title": words["collection"]},
        "audience": "adults",
        "sections": sections,
        "safety": safety,
        "notice": notice,
        "topics": [{"code": ASKED, "label": words["term"]}],
        "substances": [],
        "symptoms": [],
        "medicines": [],
        "treatments": [],
        "organisations": [],
        "related": [str(_identity(1))] if case.number != 1 else [],
        "references": [{"title": "Sandbox", "publisher": "", "url": "https://example.org/", "lang": "en"}],
        "images": [],
        "help_contact_kinds": ["emergency"],
        "meta": {"title": "", "description": ""},
        "reading": {"words": len(html.plain_text(sections[0]["html"]).split()), "minutes": 1},
        "review": {**review, **changes.get("review", {})},
        "attribution": {
            **_said("attribution", words["attribution"].format(library=settings.LIBRARY_NAME)),
            "url": settings.LIBRARY_URL,
            "logo": "",
        },
        "licence": "https://creativecommons.org/publicdomain/zero/1.0/",
        "refresh_by_days": 30,
    }


def _section(language: str, words: Mapping[str, str], notice: dict[str, Any] | None, safety: list[dict[str, Any]]) -> dict[str, Any]:
    text = words["text"].format(hours='<bdi dir="ltr">8</bdi>', days='<bdi dir="ltr">7</bdi>')
    blocks = [{"id": "sample", "type": "sample", "value": {"text": words["sample"]}, "html": _said("sample", words["sample"])["html"]}]
    if notice:
        value = {"severity": notice["severity"], "text": notice["text"]}
        blocks.append({"id": "notice", "type": "notice", "value": value, "html": notice["html"]})
    for advice in safety:
        value = {"kind": advice["kind"], "text": advice["text"]}
        blocks.append({"id": f"advice-{advice['kind']}", "type": "advice", "value": value, "html": advice["html"]})
    blocks.append({"id": "text", "type": "paragraph", "value": {"text": html.plain_text(f"<p>{text}</p>")}, "html": f"<p>{text}</p>"})
    joined = "".join(str(block["html"]) for block in blocks)
    return {"id": "what-it-is", "aspect": "what-it-is", "heading": words["heading"], "blocks": blocks, "html": joined}


def _notice(severity: str, words: Mapping[str, str]) -> dict[str, Any]:
    return {"severity": severity, **_said("notice", words[severity])}


def _term(language: str) -> dict[str, Any]:
    words = _WORDS[language]
    labels = {"label": words["term"], "description": words["sample"], "url": ""}
    return {**_localised(_TERM, language), "vocabulary": "topic", "code": ASKED, "kind": "", **labels}


def _help_contact(identity: UUID, language: str, *, verify_by: str) -> dict[str, Any]:
    return {
        **_localised(identity, language),
        "code": f"sandbox-{'verified' if identity == _VERIFIED else 'overdue'}",
        "kind": "emergency",
        "region": REGION,
        "number": "5550100",
        "display": "555-0100",
        "name": _WORDS[language]["contact"],
        "dialable_from": [REGION],
        "spoken_languages": list(_WORDS),
        "hours": "",
        "time_zone": "Etc/UTC",
        "cost": "",
        "channels": ["phone"],
        "source": "https://example.org/",
        "verified_on": "2019-05-03",
        "verify_by": verify_by,
    }


def _localised(identity: UUID, language: str, *, translation: Mapping[str, Any] | None = None) -> dict[str, Any]:
    is_source = language == languages.SOURCE
    return {
        "id": str(identity),
        "lang": language,
        "direction": languages.get(language).direction,
        "source_lang": languages.SOURCE,
        "translation": {
            "origin": "source" if is_source else "human",
            "status": "current",
            "outdated_by": None,
            "carried_over": False,
            "language_check": None,
            "clinical_check": None,
            **(translation or {}),
        },
        "sample": True,
    }


def _said(name: str, text: str) -> dict[str, str]:
    markup = f'<div class="{name}"><p>{text}</p></div>' if name != "attribution" else f"<p>{text}</p>"
    return {"html": markup, "text": html.plain_text(markup)}
