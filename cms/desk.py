"""Writing translations: the one writer of a target's columns."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from wagtail.models import ReferenceIndex
from wagtail.search.index import insert_or_update_object

from cms import audit, evidence, languages, people, reference, segments, versions
from cms.models import Article, Confirmation, Contribution, Origin, TranslatedModel, Version


class TextMoved(ValueError):
    """Somebody else saved this language since the form was opened. `theirs` is what is stored now, by segment."""

    def __init__(self, theirs: Mapping[str, str]) -> None:
        super().__init__("Somebody else has saved this text since you opened it.")
        self.theirs = dict(theirs)


class UnknownSegment(KeyError):
    """The source has no such segment."""


def source(subject: TranslatedModel) -> tuple[dict[str, str], str]:
    """The source that a translation is made against, by segment, and its digest."""
    return reference.source_texts(subject, evidence.of(subject.public_id))


def save(
    subject: TranslatedModel,
    language: str,
    texts: Mapping[str, str],
    *,
    started_from: str,
    by: Any,
    origin: str = Origin.HUMAN,
    restored_from: datetime | None = None,
) -> bool:
    """Store a translation: one UPDATE of one language, its row locked; whether the text changed.

    `texts` maps every segment of the source to its translation ("" where there is none yet); `started_from` is the digest
    of the text that the translator's form was filled with; `restored_from` the moment of the version that is brought back.
    Raises TextMoved when the text is no longer what is stored, and
    people.LanguageNotHeld for somebody who does not work in the language.
    """

    def whole(stored: Mapping[str, str]) -> Mapping[str, str]:
        if segments.text_digest(stored) != started_from:
            raise TextMoved(stored)
        return texts

    return _store(subject, language, whole, by=by, origin=origin, restored_from=restored_from)


def save_segments(subject: TranslatedModel, language: str, texts: Mapping[str, str], *, started_from: Mapping[str, str], by: Any) -> bool:
    """Store some segments and leave the others as they are; whether the text changed.

    `started_from` maps each of them to the `versions.digest()` of what its translator began with. Raises TextMoved, with
    what is stored in these segments, when somebody else has changed one of them to something else meanwhile, and
    UnknownSegment for one that the source has not.
    """
    known, _digest = source(subject)
    if unknown := set(texts) - set(known):
        raise UnknownSegment(", ".join(sorted(unknown)))

    def merged(stored: Mapping[str, str]) -> Mapping[str, str]:
        moved = {
            key: stored.get(key, "")
            for key, text in texts.items()
            if versions.digest(stored.get(key, "")) not in (started_from[key], versions.digest(text))
        }
        if moved:
            raise TextMoved(moved)
        return {key: texts.get(key, stored.get(key, "")) for key in known}

    return _store(subject, language, merged, by=by, origin=Origin.HUMAN)


def restore(subject: TranslatedModel, version: Version, *, started_from: str, by: Any) -> bool:
    """Save a version's texts again, those for which the source still has a place: a save like any other."""
    known, _digest = source(subject)
    before = versions.parts(version)
    texts = {key: before[key].text if key in before else "" for key in known}
    return save(subject, version.language, texts, started_from=started_from, by=by, restored_from=version.at)


def confirm(subject: TranslatedModel, language: str, key: str, *, of: str, shown: str, by: Any) -> None:
    """Record that a segment is still correct, or that a machine's text was read, if it is still what was `shown`.

    `shown` is `versions.digest()` of the text. Raises TextMoved when it is not, UnknownSegment where there is no text.
    """
    people.require(by, language)
    with transaction.atomic():
        locked = reference.lock(subject)
        texts, (known, _digest) = locked.texts_in(language), source(locked)
        if key not in known or key not in texts:
            raise UnknownSegment(key)
        if versions.digest(texts[key]) != shown:
            raise TextMoved({key: texts[key]})
        versions.confirm(locked, language, key, of=Confirmation.Of(of), texts=texts, source=known, by=by)
        audit.log(locked, "confirm", by=by, language=language, segment=key, of=of)


def _store(
    subject: TranslatedModel,
    language: str,
    wanted: Callable[[Mapping[str, str]], Mapping[str, str]],
    *,
    by: Any,
    origin: str,
    restored_from: datetime | None = None,
) -> bool:
    if language == languages.SOURCE:
        raise ValueError("A source is written in its own editor.")
    people.require(by, language)
    with transaction.atomic():
        locked = reference.lock(subject)
        stored = locked.texts_in(language)
        kept = {key: text for key, text in wanted(stored).items() if segments.canonical(text)}
        update = locked.target_update(language, kept, _structure(locked))
        for name, value in update.items():
            setattr(locked, name, value)
        after = locked.texts_in(language)
        before_digest, after_digest = segments.text_digest(stored), segments.text_digest(after)
        if before_digest == after_digest:
            return False
        type(locked)._default_manager.filter(pk=locked.pk).update(**update)
        digests = {"from_digest": before_digest, "to_digest": after_digest}
        Contribution.record(locked, language, by=by, origin=origin, restored_from=restored_from, **digests)
        versions.record(locked, language, after, source(locked)[0], by=by, origin=origin)
        audit.log(locked, "translate", by=by, language=language)
        _refresh_indexes(locked)
    return True


def _structure(subject: TranslatedModel) -> segments.RawBody:
    """The structure of the source that the translation is made against: of the newest that has a place for each of its texts."""
    decisions = evidence.of(subject.public_id)
    released = decisions.latest_release()
    latest = reference.source_of(subject).structure()
    wanted = set(reference.source_texts(subject, decisions)[0])
    for structure in [released.facts.get("structure", []), latest] if released else [latest]:
        if wanted <= {*subject.text_fields, *(segment.key for segment in segments.body_segments(structure))}:
            return structure
    return latest


def _refresh_indexes(subject: TranslatedModel) -> None:
    """An UPDATE sends no signal, so what listens to signals is told here."""
    fresh = type(subject)._default_manager.get(pk=subject.pk)
    insert_or_update_object(fresh)
    if isinstance(fresh, Article):
        ReferenceIndex.create_or_update_for_object(fresh)
