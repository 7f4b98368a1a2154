"""What the partners' contract refuses, refused where it is typed, in words."""

from functools import cache
from importlib.resources import files
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator, URLValidator
from django.utils.translation import gettext_lazy as _

code = RegexValidator(r"^[a-z0-9]+(?:[-_][a-z0-9]+)*\Z", _("Lower-case letters and digits, joined by single hyphens or underscores."))
_region = RegexValidator(r"^[A-Z]{2}(?:-[A-Z0-9]{1,3})?\Z", _("A code of ISO 3166-1 or ISO 3166-2, such as GB or GB-ENG."))
language_tag = RegexValidator(r"^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*\Z", _("A language tag by BCP 47, such as en or pt-BR."))
number = RegexValidator(r"^(?=.{2,20}\Z)\+?[*#]*[0-9][*#]*[0-9][0-9*#]*\Z", _("Digits only, as they are dialled."))
opening_hours = RegexValidator(
    r"(?:^|\s|;)24/7|[0-2]?[0-9]:[0-5][0-9]\s*-\s*[0-2]?[0-9]:[0-5][0-9]", _("Days and times, such as 24/7 or Mo-Fr 09:30-17:30.")
)
web_address = URLValidator(schemes=["http", "https"], message=_("An address that begins with https:// or http://."))


def region(value: str) -> None:
    """A code of a country that there is, or of a part of it."""
    _region(value)
    if value[:2] not in _countries():
        raise ValidationError(_("There is no country with this code."), code="unknown")


@cache
def _countries() -> frozenset[str]:
    """The codes of ISO 3166-1, as the time zone database lists them."""
    lines = files("tzdata.zoneinfo").joinpath("iso3166.tab").read_text(encoding="utf-8").splitlines()
    return frozenset(line.split("\t")[0] for line in lines if not line.startswith("#"))


def time_zone(value: str) -> None:
    """A name of the time zone database."""
    if value not in _time_zones():
        raise ValidationError(_("There is no time zone of this name. One is called Europe/London."), code="unknown")


@cache
def _time_zones() -> frozenset[str]:
    return frozenset(available_timezones())


def shown_number(value: str) -> None:
    """A number as people read it: plain text with digits in it."""
    if "<" in value or ">" in value or not any(character.isdecimal() for character in value):
        raise ValidationError(_("The number as people read it, without markup."), code="invalid")


def _listed(value: str) -> list[str]:
    found = [item.strip() for item in value.split(",") if item.strip()]
    if not found:
        raise ValidationError(_("Nothing is named between the commas."), code="empty")
    return found


def regions(value: str) -> None:
    """Comma-separated regions."""
    for item in _listed(value):
        region(item)


def language_tags(value: str) -> None:
    """Comma-separated language tags."""
    for item in _listed(value):
        language_tag(item)


def channels(value: str) -> None:
    """Comma-separated codes."""
    for item in _listed(value):
        code(item)
