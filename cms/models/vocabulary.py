"""The controlled vocabulary: terms with a stable code and a label in every language."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.search import index

from cms import languages
from cms.models import validators
from cms.models.snippets import TranslatedSnippet


class Term(TranslatedSnippet, index.Indexed):
    """A term of one vocabulary. Its labels go out by approval, like every text."""

    class Vocabulary(models.TextChoices):
        TOPIC = "topic", _("Topics")
        SUBSTANCE = "substance", _("Substances")
        SYMPTOM = "symptom", _("Symptoms")
        MEDICINE = "medicine", _("Medicines")
        TREATMENT = "treatment", _("Treatments")
        ORGANISATION = "organisation", _("Organisations")
        GLOSSARY = "glossary", _("Glossary")

    kind = "term"
    text_fields = {"label": False, "description": False}

    vocabulary = models.CharField(_("vocabulary"), max_length=20, choices=Vocabulary.choices)
    code = models.SlugField(_("code"), max_length=60, validators=[validators.code], help_text=_("Stable for ever: partners store it."))
    term_kind = models.CharField(
        _("kind"),
        max_length=20,
        blank=True,
        validators=[validators.code],
        help_text=_("Physical or psychological for a symptom; class or substance for a substance."),
    )
    url = models.URLField(_("web site"), blank=True, validators=[validators.web_address], help_text=_("Of an organisation."))
    sort_order = models.PositiveIntegerField(_("order"), default=0)
    sample = models.BooleanField(_("sample data"), default=False)
    label = models.CharField(_("label"), max_length=120)
    description = models.TextField(_("description"), blank=True)
    preferred_terms = models.TextField(_("words to use"), blank=True, help_text=_("One a line. Translators see them beside the text."))
    forbidden_terms = models.TextField(_("words to avoid"), blank=True, help_text=_("One a line."))

    search_fields = [
        *[index.SearchField(languages.column("label", tag)) for tag in languages.TAGS],
        *[index.AutocompleteField(languages.column("label", tag)) for tag in languages.TAGS],
        index.SearchField("code"),
        index.AutocompleteField("code"),
        index.FilterField("vocabulary"),
    ]

    class Meta:
        verbose_name = _("term")
        verbose_name_plural = _("vocabulary")
        constraints = [models.UniqueConstraint(fields=["vocabulary", "code"], name="a_code_is_unique_in_its_vocabulary")]

    def __str__(self) -> str:
        return f"{languages.read(self, 'label', languages.SOURCE) or self.code} ({self.get_vocabulary_display()})"

    def facts(self) -> dict[str, Any]:
        return {"vocabulary": self.vocabulary, "code": self.code, "kind": self.term_kind, "url": self.url, "sample": self.sample}
