"""Texts that travel with every article: safety advice, and notices put above a text."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.fields import RichTextField
from wagtail.search import index

from cms import languages
from cms.models import validators
from cms.models.snippets import TranslatedSnippet

RICH_TEXT_FEATURES = ["bold", "ul", "ol", "link"]


class SafetyAdvice(TranslatedSnippet, index.Indexed):
    """Advice that is rendered before the text of each article that refers to it."""

    kind = "advice"
    text_fields = {"heading": False, "text": True}

    code = models.SlugField(
        _("code"), max_length=60, unique=True, validators=[validators.code], help_text=_("Stable for ever: partners store it.")
    )
    sort_order = models.PositiveIntegerField(_("order"), default=0)
    heading = models.CharField(_("heading"), max_length=150)
    text = RichTextField(_("text"), features=RICH_TEXT_FEATURES)

    search_fields = [
        *[index.SearchField(languages.column(field, tag)) for field in ("heading", "text") for tag in languages.TAGS],
        *[index.AutocompleteField(languages.column("heading", tag)) for tag in languages.TAGS],
        index.AutocompleteField("code"),
    ]

    class Meta:
        verbose_name = _("safety advice")
        verbose_name_plural = _("safety advice")

    def __str__(self) -> str:
        return languages.read(self, "heading", languages.SOURCE) or self.code

    def facts(self) -> dict[str, Any]:
        return {"code": self.code}


class Notice(TranslatedSnippet, index.Indexed):
    """A line or two that stand above a text: that it is a sample, that it is outdated, that there is a danger."""

    class Purpose(models.TextChoices):
        SAMPLE = "sample", _("Sample text")
        OUTDATED = "outdated", _("Outdated translation")
        SOURCE_CHANGED = "source-changed", _("Translation that lacks a safety change of its source")
        SAFETY = "safety", _("Safety notice, to be put where it is needed")

    class Severity(models.TextChoices):
        INFORMATION = "information", _("For information")
        SUBSTANTIVE = "substantive", _("The meaning has changed")
        SAFETY = "safety", _("Somebody could come to harm")

    kind = "notice"
    text_fields = {"text": True}

    code = models.SlugField(_("code"), max_length=60, unique=True, validators=[validators.code])
    purpose = models.CharField(_("purpose"), max_length=20, choices=Purpose.choices, default=Purpose.SAFETY)
    severity = models.CharField(_("severity"), max_length=20, choices=Severity.choices, default=Severity.SAFETY)
    sort_order = models.PositiveIntegerField(_("order"), default=0)
    text = RichTextField(_("text"), features=RICH_TEXT_FEATURES)

    search_fields = [
        *[index.SearchField(languages.column("text", tag)) for tag in languages.TAGS],
        index.SearchField("code"),
        index.AutocompleteField("code"),
    ]

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")

    def __str__(self) -> str:
        return f"{self.code} ({self.get_purpose_display()})"

    def facts(self) -> dict[str, Any]:
        return {"code": self.code, "purpose": self.purpose, "severity": self.severity}
