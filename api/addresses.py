"""Absolute addresses. They are made from BASE_URL, never from a request's Host header, which a stranger may choose."""

from collections.abc import Mapping
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings

from api.models import Document, Kind
from api.parts import Vocabulary

PREFIX = "/api/v1"
VOCABULARY_PATHS = {
    Vocabulary.SUBSTANCE: "substances",
    Vocabulary.SYMPTOM: "symptoms",
    Vocabulary.MEDICINE: "medicines",
    Vocabulary.TREATMENT: "treatments",
    Vocabulary.ORGANISATION: "organisations",
    Vocabulary.TOPIC: "topics",
    Vocabulary.GLOSSARY: "glossary",
}


def absolute(path: str, query: Mapping[str, str] | None = None) -> str:
    """`articles/` → `https://library.example/api/v1/articles/`; the query in the order given."""
    return f"{settings.BASE_URL}{PREFIX}/{path}" + (f"?{urlencode(query)}" if query else "")


def article(subject_id: UUID, language: str) -> str:
    """Where an article is read in one language."""
    return absolute(f"articles/{subject_id}/", {"lang": language})


def document(row: Document) -> str:
    """Where a document is read; needs its kind, subject, language and vocabulary."""
    match Kind(row.kind):
        case Kind.ARTICLE:
            return article(row.subject_id, row.language)
        case Kind.TERM:
            return absolute(f"{VOCABULARY_PATHS[Vocabulary(row.vocabulary)]}/{row.subject_id}/", {"lang": row.language})
        case Kind.HELP_CONTACT:
            return absolute(f"help-contacts/{row.subject_id}/", {"lang": row.language})
