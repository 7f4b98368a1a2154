"""What a partner never wants to be given: standing exclusions, as if those documents were not served.

An excluded document is absent from lists, so that the next language of the chain stands in for it; in the feed it is given as
`gone`, `left-filter`, once; read by itself it is `translation-unavailable` with the reason `excluded`. Closures come through
unchanged: nobody can exclude a recall.
"""

from collections.abc import Iterable
from functools import reduce
from operator import or_

from django.db.models import Q

from api.models import Document, Kind, Partner
from api.parts import Origin, TranslationStatus

_EXCLUDED = {
    "machine": Q(origin=Origin.MACHINE),
    "outdated": Q(translation_status=TranslationStatus.OUTDATED),
    "unreviewed": Q(kind=Kind.ARTICLE, reviewed_on=None),
    "sample": Q(sample=True),
}
NAMES = tuple(sorted(_EXCLUDED))


def of(partner: Partner) -> tuple[str, ...]:
    """The names of a partner's exclusions, in order."""
    return tuple(name for name in NAMES if getattr(partner, f"exclude_{name}"))


def offered(exclusions: Iterable[str]) -> Q:
    """The documents that are left; an empty Q when nothing is excluded."""
    excluded = [_EXCLUDED[name] for name in exclusions]
    return ~reduce(or_, excluded) if excluded else Q()


def excluding(exclusions: Iterable[str], document: Document) -> list[str]:
    """Which of the exclusions keep this document away."""
    return [name for name in exclusions if _keeps_away(name, document)]


def _keeps_away(name: str, document: Document) -> bool:
    match name:
        case "machine":
            return document.origin == Origin.MACHINE
        case "outdated":
            return document.translation_status == TranslationStatus.OUTDATED
        case "unreviewed":
            return document.kind == Kind.ARTICLE and document.reviewed_on is None
        case _:
            return document.sample
