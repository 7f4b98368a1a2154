"""Writing translations: the one writer of a target's columns."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from wagtail.models import ReferenceIndex
from wagtail.search.index import insert_or_update_object

from cms import audit, evidence, languages, segments, sign_off
from cms.models import Article, Contribution, Origin, TranslatedModel


class TextMoved(ValueError):
    """Somebody else saved this language since the form was opened. `theirs` is what is stored now, by segment."""

    def __init__(self, theirs: Mapping[str, str]) -> None:
        super().__init__("Somebody else has saved this text since you opened it.")
        self.theirs = dict(theirs)


def reference(subject: TranslatedModel) -> tuple[dict[str, str], str]:
    """The source that a translation is made against, by segment, and its digest."""
    return sign_off.reference_source(subject, evidence.of(subject.public_id))


def save(
    subject: TranslatedModel, language: str, texts: Mapping[str, str], *, started_from: str, by: Any, origin: str = Origin.HUMAN
) -> bool:
    """Store a translation: one UPDATE of one language, its row locked; whether the text changed.

    `texts` maps every segment of the source to its translation ("" where there is none yet); `started_from` is the digest
    of the text that the translator's form was filled with. Raises TextMoved when that is no longer what is stored.
    """
    if language == languages.SOURCE:
        raise ValueError("A source is written in its own editor.")
    with transaction.atomic():
        locked = sign_off.lock(subject)
        stored = locked.texts_in(language)
        if segments.text_digest(stored) != started_from:
            raise TextMoved(stored)
        kept = {key: text for key, text in texts.items() if segments.canonical(text)}
        update = locked.target_update(language, kept, _structure(locked))
        for name, value in update.items():
            setattr(locked, name, value)
        before, after = segments.text_digest(stored), segments.text_digest(locked.texts_in(language))
        if before == after:
            return False
        type(locked)._default_manager.filter(pk=locked.pk).update(**update)
        Contribution.record(locked, language, by=by, from_digest=before, to_digest=after, origin=origin)
        audit.log(locked, "translate", by=by, language=language)
        _refresh_indexes(locked)
    return True


def _structure(subject: TranslatedModel) -> segments.RawBody:
    """The structure of the source that the translation is made against: of the newest that has a place for each of its texts."""
    decisions = evidence.of(subject.public_id)
    released = decisions.latest_release()
    latest = sign_off.source_of(subject).structure()
    wanted = set(sign_off.reference_source(subject, decisions)[0])
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
