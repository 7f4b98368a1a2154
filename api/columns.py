"""The indexed columns of a document: what lists filter and order by, read from its content."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from api.models import Kind

FACETS = {
    "topic": "topics",
    "substance": "substances",
    "symptom": "symptoms",
    "medicine": "medicines",
    "treatment": "treatments",
    "organisation": "organisations",
}


def facet(name: str, code: str) -> str:
    """How one facet stands in the column, delimiters included."""
    return f"|{name}:{code}|"


def joined(entries: list[str]) -> str:
    """Entries between delimiters: `|a|b|`, empty for none."""
    return f"|{'|'.join(entries)}|" if entries else ""


def read(*, kind: str, content: Mapping[str, Any]) -> dict[str, Any]:
    """Column values of a content that keeps the contract."""
    columns: dict[str, Any] = {
        "translation_status": content["translation"]["status"],
        "origin": content["translation"]["origin"],
        "sample": content["sample"],
    }
    match Kind(kind):
        case Kind.ARTICLE:
            columns |= _article(content)
        case Kind.TERM:
            columns |= {"slug": content["code"], "title": content["label"], "vocabulary": content["vocabulary"]}
        case Kind.HELP_CONTACT:
            columns |= {
                "slug": content["code"],
                "title": content["name"],
                "region": content["region"],
                "contact_kind": content["kind"],
            }
    return columns


def _article(content: Mapping[str, Any]) -> dict[str, Any]:
    facets = [f"{name}:{term['code']}" for name, key in FACETS.items() for term in content[key]]
    facets += [f"audience:{content['audience']}"] if content["audience"] else []
    review = content["review"] or {"reviewed_on": None, "next_due_on": None}
    return {
        "slug": content["slug"],
        "title": content["title"],
        "collection": content["collection"]["slug"] if content["collection"] else "",
        "reviewed_on": review["reviewed_on"] and date.fromisoformat(review["reviewed_on"]),
        "review_due_on": review["next_due_on"] and date.fromisoformat(review["next_due_on"]),
        "facets": joined(facets),
    }
