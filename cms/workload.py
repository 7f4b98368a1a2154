"""How much there is to translate: the passages and words of the newest source that a translation does not follow yet.

Three queries for however many texts; the texts are large, so ask for those that are shown.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from uuid import UUID

from django.utils.html import strip_tags

from cms import segments
from cms.glance import Glance
from cms.models import Approval, Release, Version

_WORD = re.compile(r"\w+")
#: Subjects whose texts are in memory at once.
AT_ONCE = 200

Text = tuple[UUID, str]


@dataclass(frozen=True, kw_only=True)
class Load:
    """What is left to do of one translation."""

    passages: int = 0
    words: int = 0


NOTHING = Load()


def of(seen: Glance, wanted: Iterable[Text]) -> dict[Text, Load]:
    """The load of each text, by subject and language; of a subject without any source nothing is known."""
    by_subject: dict[UUID, list[str]] = defaultdict(list)
    for subject_id, tag in wanted:
        if seen.newest_source(subject_id) is not None:
            by_subject[subject_id].append(tag)
    found: dict[Text, Load] = {}
    remaining = iter(by_subject.items())
    while batch := dict(islice(remaining, AT_ONCE)):
        found |= dict(_loads(seen, batch))
    return found


def _loads(seen: Glance, wanted: Mapping[UUID, list[str]]) -> Iterator[tuple[Text, Load]]:
    newest = {subject_id: seen.newest_source(subject_id) for subject_id in wanted}
    approvals = {(subject_id, tag): seen.approval(subject_id, tag) for subject_id, tags in wanted.items() for tag in tags}
    released = {row.pk for row in newest.values() if isinstance(row, Release)}
    signed = {row.pk for row in newest.values() if isinstance(row, Approval)}
    rows = Approval.objects.filter(pk__in=signed | {row.pk for row in approvals.values() if row})
    approved = {
        pk: (subject_id, texts, sources) for pk, subject_id, texts, sources in rows.values_list("pk", "subject_id", "texts", "source_texts")
    }
    sources = dict(Release.objects.filter(pk__in=released).values_list("subject_id", "texts"))
    sources |= {approved[pk][0]: approved[pk][1] for pk in signed}
    versions = {(row.subject_id, row.language): row for row in Version.objects.filter(subject_id__in=wanted).order_by("at")}
    for subject_id, tags in wanted.items():
        source = _Source(sources[subject_id])
        for tag in tags:
            approval, version = approvals[subject_id, tag], versions.get((subject_id, tag))
            against = approved[approval.pk][2] if approval else {}
            if version and not (approval and approval.at > version.at):
                against = {row["key"]: row["source"] for row in version.segments if row["text"]}
            yield (subject_id, tag), source.beyond(against)


class _Source:
    """The passages of one source, each read and counted once however many languages ask."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.texts = texts
        self._words: dict[str, int] = {}
        self._canonical: dict[str, str] = {}

    def beyond(self, against: Mapping[str, str]) -> Load:
        """What a translation lacks that was written against those texts."""
        keys = [key for key, text in self.texts.items() if not self._is_same(text, against.get(key, ""))]
        return Load(passages=len(keys), words=sum(self._count(key) for key in keys))

    def _is_same(self, text: str, other: str) -> bool:
        return text == other or self._fold(text) == self._fold(other)

    def _fold(self, text: str) -> str:
        if text not in self._canonical:
            self._canonical[text] = segments.canonical(text)
        return self._canonical[text]

    def _count(self, key: str) -> int:
        if key not in self._words:
            self._words[key] = len(_WORD.findall(strip_tags(self.texts[key])))
        return self._words[key]
