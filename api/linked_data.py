"""A document as schema.org's MedicalWebPage, in JSON-LD 1.1, for search engines and assistants.

What schema.org has no words for goes beside it as it stands in the document, as JSON literals: who reads only the text gets
what must be read first in the text, who shows the page gets the rest. No other language of the article is named but the
source: a translation that is published or closed must not change what another language answers.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from api import addresses, canonical, representations
from api.models import Document
from api.representations import Representation

ALONGSIDE = ("attribution", "direction", "lang", "notice", "review", "safety", "sample", "translation")
_TYPES = {
    "substances": "Substance",
    "symptoms": "MedicalSymptom",
    "medicines": "Drug",
    "treatments": "MedicalTherapy",
    "topics": "DefinedTerm",
}


def represent(document: Document, *, requested: str) -> Representation:
    """A document as linked data, with the ETag that it alone has."""
    etag = f"{document.etag}-ld" + ("" if requested == document.language else f"-for-{requested}")
    page = as_linked_data(json.loads(document.body), requested=requested)
    return Representation(content=canonical.dumps(page).encode(), etag=etag)


def as_linked_data(content: Mapping[str, Any], *, requested: str) -> dict[str, Any]:
    """The page. What is not known is not there; `lastReviewed` is there only when a clinician has reviewed the text."""
    url = addresses.absolute(f"articles/{content['id']}/", {"lang": content["lang"]})
    page = {
        "@context": ["https://schema.org", _context()],
        "@type": "MedicalWebPage",
        "@id": url,
        "url": url,
        "identifier": content["id"],
        "name": content["title"],
        "abstract": content["summary"],
        "inLanguage": content["lang"],
        "text": representations.as_text(content),
        "about": list(_about(content)),
        "isBasedOn": [_reference(reference) for reference in content["references"]],
        "license": content["licence"],
        "creditText": content["attribution"]["text"],
        "version": content["version"],
        "dateModified": content["modified_at"],
        **_review(content["review"]),
        **{name: content[name] for name in ALONGSIDE},
    }
    if content["lang"] != content["source_lang"]:
        source = addresses.absolute(f"articles/{content['id']}/", {"lang": content["source_lang"]})
        page["translationOfWork"] = {"@type": "MedicalWebPage", "@id": source, "inLanguage": content["source_lang"]}
    if requested != content["lang"]:
        page["requested_lang"] = requested
    return {name: value for name, value in page.items() if value not in ("", []) or name in ALONGSIDE}


def _context() -> dict[str, Any]:
    """The members that are not schema.org's: each a JSON literal, explained where the API is."""
    at = addresses.absolute("docs/")
    return {name: {"@id": f"{at}#{name}", "@type": "@json"} for name in (*ALONGSIDE, "requested_lang")}


def _about(content: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    for name, kind in _TYPES.items():
        for term in content[name]:
            yield {"@type": kind, "name": term["label"], "identifier": term["code"]}


def _reference(reference: Mapping[str, str]) -> dict[str, Any]:
    work: dict[str, Any] = {"@type": "CreativeWork", "name": reference["title"], "inLanguage": reference["lang"]}
    if reference["publisher"]:
        work["publisher"] = {"@type": "Organization", "name": reference["publisher"]}
    if reference["url"]:
        work["url"] = reference["url"]
    return work


def _review(review: Mapping[str, Any] | None) -> dict[str, Any]:
    if review is None:
        return {}
    reviewer: dict[str, Any] = {"@type": "Person", "jobTitle": review["by_role"]}
    if review["organisation"]:
        reviewer["worksFor"] = {"@type": "Organization", "name": review["organisation"]}
    return {"lastReviewed": review["reviewed_on"], "reviewedBy": reviewer}
