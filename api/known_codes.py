"""Whether the codes that a filter names are anything here: a mistyped one would give an empty list, and a mirror without a text, for ever.

A term that was taken down stays known, so that nobody's filter breaks on the day it goes. An article shows only terms that are or were
documents themselves.
"""

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import Value

from api import columns, parameters
from api.models import Document, Kind

COLLECTION = "collection"


def check(asked: Mapping[str, Any], *, found_any: bool) -> None:
    """Problem `invalid-parameter` for the first value that no document has; at most one query.

    `found_any`: the filters together found something, which then has each code that was asked for alone. Collections are
    looked at only when nothing was found: there is no list of them but all articles.
    """
    suspects = [name for name in columns.FACETS if name in asked and not (found_any and len(asked[name]) == 1)]
    suspects += [COLLECTION] if COLLECTION in asked and not found_any else []
    known = _known(suspects) if suspects else set()
    for name in suspects:
        for code in asked[name]:
            if (name, code) not in known:
                raise parameters.not_known(name, code, sorted(other for kind, other in known if kind == name))


def _known(names: Collection[str]) -> set[tuple[str, str]]:
    """The codes of some vocabularies and, if they are among the names, of the collections."""
    current = Document.objects.current()
    terms = current.filter(kind=Kind.TERM, vocabulary__in=names).values_list("vocabulary", "slug")
    if COLLECTION not in names:
        return set(terms.distinct())
    return set(terms.union(current.filter(kind=Kind.ARTICLE).values_list(Value(COLLECTION), "collection")))
