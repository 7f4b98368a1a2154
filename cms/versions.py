"""The versions of a translation: a version a sitting of a person, and for each segment the source it was written against.

A segment whose source has moved since it was written is to do again, until it is translated anew or somebody confirms that
it is still correct; the others stay done. Pure of readers: what they get follows from approvals alone.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.utils import timezone

from cms import segments
from cms.models import Approval, Confirmation, Origin, Submission, TranslatedModel, Version, signature

#: A person who saves again within this time goes on with the same sitting.
SITTING = timedelta(minutes=30)


class State(StrEnum):
    """How far one segment is."""

    EMPTY = "empty"
    MOVED = "moved"
    DONE = "done"


@dataclass(frozen=True, kw_only=True)
class Part:
    """One segment of a version: its text, the source text that it was written against, and where it came from."""

    key: str
    text: str
    source: str
    origin: str


Parts = Mapping[str, Part]


def of(subject_id: UUID, language: str) -> list[Version]:
    """Every version of one language, the newest first."""
    return list(Version.objects.filter(subject_id=subject_id, language=language).order_by("-at", "-pk"))


def latest(subject_id: UUID, language: str) -> Version | None:
    """The version that the row holds; None for a text that came in before there were versions."""
    return Version.objects.filter(subject_id=subject_id, language=language).order_by("-at", "-pk").first()


def parts(version: Version) -> dict[str, Part]:
    """The segments of a version by key, in order."""
    return {row["key"]: Part(**row) for row in version.segments}


def current_parts(subject_id: UUID, language: str) -> dict[str, Part]:
    """The segments as they stand: of the newest version, or of the last approval where there is none."""
    version = latest(subject_id, language)
    if version:
        return parts(version)
    approval = Approval.objects.filter(subject_id=subject_id, language=language, revoked_at__isnull=True).order_by("-at").first()
    if approval is None:
        return {}
    return {
        key: Part(key=key, text=text, source=approval.source_texts.get(key, ""), origin=approval.origin)
        for key, text in approval.texts.items()
    }


def state(text: str, part: Part | None, source: str) -> State:
    """How far a segment is, whose text and source these are now."""
    if not segments.canonical(text):
        return State.EMPTY
    if part and segments.canonical(part.text) == segments.canonical(text) and segments.canonical(part.source) != segments.canonical(source):
        return State.MOVED
    return State.DONE


def states(texts: segments.Texts, known: Parts, source: segments.Texts) -> dict[str, State]:
    """How far each segment of the source is in a language, in the source's order."""
    return {key: state(texts.get(key, ""), known.get(key), text) for key, text in source.items()}


def unread_machine(subject_id: UUID, language: str, source: segments.Texts) -> list[str]:
    """Segments that a machine wrote, that nobody has changed, and that nobody has confirmed having read."""
    found = [part for part in current_parts(subject_id, language).values() if part.origin == Origin.MACHINE and part.key in source]
    if not found:
        return []
    confirmed = set(
        Confirmation.objects.filter(subject_id=subject_id, language=language).values_list("key", "text_digest", "source_digest")
    )
    return [part.key for part in found if (part.key, digest(part.text), digest(source[part.key])) not in confirmed]


def origin(subject_id: UUID, language: str, source: segments.Texts) -> str:
    """Where a whole translation came from: a machine's as soon as a machine wrote some of it, edited when a person changed some."""
    origins = {part.origin for key, part in current_parts(subject_id, language).items() if key in source}
    if origins == {Origin.MACHINE}:
        return Origin.MACHINE
    return Origin.MACHINE_EDITED if origins & {Origin.MACHINE, Origin.MACHINE_EDITED} else Origin.HUMAN


def digest(text: str) -> str:
    """The digest of one segment; of an empty one ''."""
    canonical = segments.canonical(text)
    return segments.digest(canonical) if canonical else ""


# -- recording --------------------------------------------------------------------------------------------------------


def record(
    subject: TranslatedModel, language: str, texts: segments.Texts, source: segments.Texts, *, by: Any, origin: str = Origin.HUMAN
) -> Version:
    """Record what a save left. A segment that it did not change keeps its source and origin."""
    known = current_parts(subject.public_id, language)
    return _write(subject, language, [_part(key, text, known.get(key), source.get(key, ""), origin) for key, text in texts.items()], by=by)


def _part(key: str, text: str, known: Part | None, source: str, origin: str) -> Part:
    if known and segments.canonical(known.text) == segments.canonical(text):
        return known
    if origin == Origin.HUMAN and known and known.origin in (Origin.MACHINE, Origin.MACHINE_EDITED):
        origin = Origin.MACHINE_EDITED
    return Part(key=key, text=text, source=source, origin=origin)


def confirm(subject: TranslatedModel, language: str, key: str, *, of: str, texts: segments.Texts, source: segments.Texts, by: Any) -> None:
    """Record that somebody looked at a segment and left it: still correct against the source now, or a machine's text, read."""
    text = texts.get(key, "")
    if key not in source or not segments.canonical(text):
        raise ValueError("There is no text to confirm.")
    Confirmation.objects.create(
        subject_id=subject.public_id,
        subject_kind=subject.kind,
        language=language,
        key=key,
        of=of,
        text_digest=digest(text),
        source_digest=digest(source[key]),
        **signature(by),
    )
    known = current_parts(subject.public_id, language)
    confirmed = [
        Part(key=name, text=words, source=source[name] if name == key else _source(known, name, source), origin=_origin(known, name))
        for name, words in texts.items()
    ]
    _write(subject, language, confirmed, by=by)


def _source(known: Parts, key: str, source: segments.Texts) -> str:
    return known[key].source if key in known else source.get(key, "")


def _origin(known: Parts, key: str) -> str:
    return known[key].origin if key in known else Origin.HUMAN


def _write(subject: TranslatedModel, language: str, found: list[Part], *, by: Any) -> Version:
    now = timezone.now()
    content = {"segments": [asdict(part) for part in found], "text_digest": segments.text_digest({part.key: part.text for part in found})}
    newest = latest(subject.public_id, language)
    if newest and _is_same_sitting(newest, by, now):
        for name, value in {**content, "at": now}.items():
            setattr(newest, name, value)
        newest.save(update_fields=[*content, "at"])
        return newest
    return Version.objects.create(
        subject_id=subject.public_id, subject_kind=subject.kind, language=language, at=now, started_at=now, **content, **signature(by)
    )


def _is_same_sitting(newest: Version, by: Any, now: Any) -> bool:
    if by is None or by.pk is None or newest.by_id != by.pk or now - newest.at > SITTING:
        return False
    handed_over = Submission.objects.filter(subject_id=newest.subject_id, language=newest.language, at__gte=newest.at)
    approved = Approval.objects.filter(subject_id=newest.subject_id, language=newest.language, at__gte=newest.at)
    return not handed_over.exists() and not approved.exists()
