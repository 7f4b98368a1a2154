"""What every model with translated columns has: a public id, and saves that touch no translation.

modeltranslation keeps all languages in one row. A stale instance, an old revision or a form in another
language would therefore overwrite a translator's newer text. So an ordinary save writes the source and the
facts; the translations (the *targets*) have one writer, an UPDATE of one language.
"""

import uuid
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db import models
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from modelcluster.models import get_all_child_m2m_relations, get_all_child_relations
from modeltranslation.translator import translator

from cms import languages, segments
from cms.segments import Segment


class TargetColumnsNotWritable(ValueError):
    """A save named a translation's column; only the desk's UPDATE of one language writes these."""


class TranslatedModel(models.Model):
    """A subject of review: it has a public id, a source text, facts, and a text in each other language.

    A subclass names its `kind` and its plain and rich text fields; `facts()` is what a sign-off binds beside the text.
    """

    kind: str
    #: Translated fields that readers see, in order; True where the field holds HTML.
    text_fields: Mapping[str, bool]

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    translator_note = models.TextField(
        _("note for translators"),
        max_length=1000,
        blank=True,
        help_text=_("It stands above the text while somebody translates. Readers and partners never see it."),
    )

    class Meta:
        abstract = True

    @classmethod
    def translated_fields(cls) -> tuple[str, ...]:
        """The registered fields, by their bare names."""
        return tuple(translator.get_options_for_model(cls).all_fields)

    @classmethod
    def target_columns(cls) -> frozenset[str]:
        """The columns of every language but the source."""
        return frozenset(languages.column(field, tag) for field in cls.translated_fields() for tag in languages.TARGETS)

    def segments_in(self, tag: str) -> Iterable[Segment]:
        """The segments of one language as this instance holds them, empty ones too."""
        for field, rich in self.text_fields.items():
            yield Segment(key=field, text=languages.read(self, field, tag) or "", rich=rich)

    def texts_in(self, tag: str) -> dict[str, str]:
        """The non-empty segments of one language by key, in order."""
        return {segment.key: segment.text for segment in self.segments_in(tag) if segments.canonical(segment.text)}

    def notes(self) -> dict[str, str]:
        """What the author tells translators, by segment; "" is about the whole. In no digest and in no document."""
        return {"": self.translator_note.strip()} if self.translator_note.strip() else {}

    def facts(self) -> dict[str, Any]:
        """Everything a document shows of this subject that is not text: JSON, in a stable order."""
        raise NotImplementedError

    def source_digest(self) -> str:
        """The digest of the source text and the facts together: whoever changes it has written some of it."""
        return segments.digest([segments.text_digest(self.texts_in(languages.SOURCE)), self.facts()])

    def placement(self) -> dict[str, Any]:
        """Where the subject stands (slug, collection): shown, but not bound by a sign-off."""
        return {}

    def structure(self) -> list[dict[str, Any]]:
        """The body with its texts taken out; empty for a subject without a body."""
        return []

    def target_update(self, tag: str, texts: Mapping[str, str], source_structure: list[dict[str, Any]]) -> dict[str, Any]:
        """The columns and values of the one UPDATE that stores a translation."""
        return {
            languages.column(field, tag): segments.well_formed(texts.get(field, "")) if rich else texts.get(field, "")
            for field, rich in self.text_fields.items()
        }

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        with translation.override(languages.code(languages.SOURCE)):
            if self._state.adding:
                super().save(*args, **kwargs)
            else:
                super().save(*args, update_fields=self._savable(update_fields), **kwargs)

    def _savable(self, update_fields: Iterable[str] | None) -> list[str]:
        targets = self.target_columns()
        if update_fields is not None:
            named = list(update_fields)
            if not targets.isdisjoint(named):
                raise TargetColumnsNotWritable(sorted(targets.intersection(named)))
            return named
        columns = [field.name for field in self._meta.concrete_fields if not field.primary_key and field.name not in targets]
        children = [relation.get_accessor_name() for relation in get_all_child_relations(self)]
        parental = [field.name for field in get_all_child_m2m_relations(self)]
        return [*columns, *children, *parental]

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        """Leave the bare names out: under an Arabic admin they read the Arabic text, which may well be empty."""
        super().clean_fields(exclude={*(exclude or ()), *self.translated_fields()})
