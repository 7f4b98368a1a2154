"""Where a reader can call: help contacts, of a country or region and never of a language."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.search import index

from cms import languages
from cms.models import validators
from cms.models.snippets import TranslatedSnippet


class HelpContact(TranslatedSnippet, index.Indexed):
    """A number to call. It is served only when it was verified, and the verification was approved by a second person."""

    class Kind(models.TextChoices):
        EMERGENCY = "emergency", _("Emergency")
        CRISIS = "crisis", _("Crisis line")
        DRUGS = "drugs", _("Drugs help line")
        POISON = "poison", _("Poison centre")
        FAMILY = "family", _("For families")

    class Cost(models.TextChoices):
        FREE = "free", pgettext_lazy("costs nothing", "Free")
        STANDARD = "standard", _("Standard rate")
        UNKNOWN = "unknown", _("Unknown")

    kind = "help_contact"
    text_fields = {"name": False}

    code = models.SlugField(_("code"), max_length=60, unique=True, validators=[validators.code])
    contact_kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    region = models.CharField(
        _("region"), max_length=6, validators=[validators.region], help_text=_("ISO 3166-1 (GB) or ISO 3166-2 (GB-ENG).")
    )
    number = models.CharField(_("number"), max_length=30, validators=[validators.number])
    display = models.CharField(_("number as shown"), max_length=40, validators=[validators.shown_number])
    dialable_from = models.CharField(
        _("can be dialled from"), max_length=60, validators=[validators.regions], help_text=_("Regions, comma-separated.")
    )
    spoken_languages = models.CharField(
        _("languages spoken"), max_length=80, validators=[validators.language_tags], help_text=_("BCP 47 tags, comma-separated.")
    )
    hours = models.CharField(
        _("hours"),
        max_length=80,
        blank=True,
        validators=[validators.opening_hours],
        help_text=_("OpenStreetMap opening hours, such as 24/7 or Mo-Fr 09:30-17:30."),
    )
    time_zone = models.CharField(_("time zone"), max_length=40, blank=True, validators=[validators.time_zone])
    cost = models.CharField(_("cost"), max_length=10, choices=Cost.choices, default=Cost.UNKNOWN)
    channels = models.CharField(
        _("channels"), max_length=60, default="phone", validators=[validators.channels], help_text=_("Comma-separated: phone, text, chat.")
    )
    source = models.URLField(_("source"), validators=[validators.web_address], help_text=_("Where the number was found."))
    verified_on = models.DateField(
        _("verified on"), null=True, blank=True, help_text=_("When somebody called and it was right. Empty: not served.")
    )
    verify_by = models.DateField(_("verify again by"), null=True, blank=True)
    sort_order = models.PositiveIntegerField(_("order"), default=0)
    sample = models.BooleanField(_("sample data"), default=False)
    name = models.CharField(_("name"), max_length=120)

    search_fields = [
        *[index.SearchField(languages.column("name", tag)) for tag in languages.TAGS],
        *[index.AutocompleteField(languages.column("name", tag)) for tag in languages.TAGS],
        index.SearchField("code"),
        index.AutocompleteField("code"),
        index.SearchField("display"),
        index.FilterField("region"),
    ]

    class Meta:
        verbose_name = _("help contact")
        verbose_name_plural = _("help contacts")

    def __str__(self) -> str:
        return f"{self.region}: {languages.read(self, 'name', languages.SOURCE) or self.code} {self.display}"

    def clean(self) -> None:
        super().clean()
        if not _reads_as(self.display, self.number):
            raise ValidationError({"display": _("These are other digits than those of the number that is dialled.")})
        if self.verified_on and self.verified_on > timezone.localdate():
            raise ValidationError({"verified_on": _("This day has not come yet.")})
        if self.verified_on and not self.verify_by:
            raise ValidationError({"verify_by": _("Say by when a verified contact is to be called again.")})
        if self.verified_on and self.verify_by and self.verify_by <= self.verified_on:
            raise ValidationError({"verify_by": _("This is not after the day of the verification.")})

    def facts(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "kind": self.contact_kind,
            "region": self.region,
            "number": self.number,
            "display": self.display,
            "dialable_from": _listed(self.dialable_from),
            "spoken_languages": _listed(self.spoken_languages),
            "hours": self.hours,
            "time_zone": self.time_zone,
            "cost": self.cost,
            "channels": _listed(self.channels),
            "source": self.source,
            "verified_on": self.verified_on.isoformat() if self.verified_on else None,
            "verify_by": self.verify_by.isoformat() if self.verify_by else None,
            "sample": self.sample,
        }


def _reads_as(shown: str, dialled: str) -> bool:
    """Whether a number is shown in the digits that are dialled. Letters stand for digits, and are left to whoever verifies it."""
    digits, wanted = _digits(shown), _digits(dialled)
    return any(character.isalpha() for character in shown) or not wanted or wanted.endswith(digits.lstrip("0"))


def _digits(text: str) -> str:
    return "".join(character for character in text if character in "0123456789")


def _listed(value: str) -> list[str]:
    return [item.strip() for item in value.split(",") if item.strip()]
