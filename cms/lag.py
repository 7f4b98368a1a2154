"""How long readers of a translation wait for what changed in its source: from the change until the translation is current again.

Read from the decisions, so it holds for texts that are gone too.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from uuid import UUID

from django.db.models import F

from cms import behind, evidence, languages
from cms.behind import SEVERITIES
from cms.models import Article, Collection, Release, SourceChange
from cms.serving import Decisions


@dataclass(frozen=True, kw_only=True)
class Lag:
    """One change of a source in one translation: how grave, since when, and until when; None while it is not current again."""

    subject_id: UUID
    collection: str
    language: str
    severity: str
    note: str
    since: datetime
    until: datetime | None

    @property
    def is_open(self) -> bool:
        return self.until is None

    def lasted(self, now: datetime) -> timedelta:
        """How long it took, or has taken so far."""
        return (self.until or now) - self.since


@dataclass(frozen=True, kw_only=True)
class Summary:
    """The changes of one severity in one language: how long the followed ones took, and how long the open ones have waited.

    Times are None where there is nothing to measure.
    """

    language: str
    severity: str
    followed: int
    median: timedelta | None
    ninetieth: timedelta | None
    longest: timedelta | None
    open: int
    open_for: timedelta | None


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which changes are asked about; what is empty asks for all. `begin` and `end` bound the change of the source."""

    languages: tuple[str, ...] = languages.TARGETS
    severities: tuple[str, ...] = SEVERITIES
    collection: str = ""
    begin: datetime | None = None
    end: datetime | None = None

    def takes(self, lag: Lag) -> bool:
        return (
            lag.severity in self.severities
            and self.collection in ("", lag.collection)
            and (self.begin is None or lag.since >= self.begin)
            and (self.end is None or lag.since <= self.end)
        )


def lags(wanted: Wanted) -> list[Lag]:
    """The changes, open ones first, the oldest of them first; then the latest. Five queries, however many articles."""
    changed = (
        SourceChange.objects.filter(subject_kind=Article.kind, raises=None).exclude(from_digest="").exclude(to_digest=F("from_digest"))
    )
    if wanted.begin:
        changed = changed.filter(at__gte=wanted.begin)
    if wanted.end:
        changed = changed.filter(at__lte=wanted.end)
    decided = evidence.outlines_of(changed.values_list("subject_id", flat=True))
    found = [
        lag
        for subject_id, decisions in decided.items()
        for language in wanted.languages
        for lag in _of_language(subject_id, decisions, language)
        if wanted.takes(lag)
    ]
    return sorted(found, key=lambda lag: (not lag.is_open, lag.since.timestamp() * (1 if lag.is_open else -1)))


def summaries(found: Iterable[Lag], *, now: datetime) -> list[Summary]:
    """A line a language and severity, in the order of the languages and from the gravest down."""
    groups: dict[tuple[str, str], list[Lag]] = defaultdict(list)
    for lag in found:
        groups[lag.language, lag.severity].append(lag)
    keys = [(language, severity) for language in languages.TARGETS for severity in SEVERITIES]
    return [_summary(*key, groups[key], now) for key in keys if key in groups]


def _summary(language: str, severity: str, found: list[Lag], now: datetime) -> Summary:
    took = sorted(lag.lasted(now) for lag in found if not lag.is_open)
    waited = [lag.lasted(now) for lag in found if lag.is_open]
    return Summary(
        language=language,
        severity=severity,
        followed=len(took),
        median=(took[(len(took) - 1) // 2] + took[len(took) // 2]) / 2 if took else None,
        ninetieth=took[ceil(len(took) * 0.9) - 1] if took else None,
        longest=took[-1] if took else None,
        open=len(waited),
        open_for=max(waited, default=None),
    )


def _of_language(subject_id: UUID, decisions: Decisions, language: str) -> Iterator[Lag]:
    grades, latest = behind.grades(decisions), decisions.latest_release()
    collection = latest.placement["collection"]["slug"] if latest else ""
    for change, until in behind.changes(decisions, language):
        yield Lag(
            subject_id=subject_id,
            collection=collection,
            language=language,
            severity=grades[change.pk],
            note=change.note,
            since=change.at,
            until=until,
        )


def collections() -> list[tuple[str, str]]:
    """The collections to choose from: slug and title, in the order of the library."""
    return list(Collection.objects.order_by("path").values_list("slug", "title"))


def titles(subject_ids: Iterable[UUID]) -> dict[UUID, str]:
    """What articles are called, those that are deleted too. Two queries."""
    wanted = set(subject_ids)
    named = dict(Article.objects.filter(public_id__in=wanted).values_list("public_id", "draft_title"))
    gone = Release.objects.filter(subject_id__in=wanted - set(named)).order_by("at")
    return {row.subject_id: row.texts.get("headline", str(row.subject_id)) for row in gone} | named
