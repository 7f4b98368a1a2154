"""What the partners' contract refuses, refused where it is typed, in words."""

from django.core.validators import RegexValidator, URLValidator
from django.utils.translation import gettext_lazy as _

code = RegexValidator(r"^[a-z0-9]+(?:[-_][a-z0-9]+)*\Z", _("Lower-case letters and digits, joined by single hyphens or underscores."))
region = RegexValidator(r"^[A-Z]{2}(?:-[A-Z0-9]{1,3})?\Z", _("A code of ISO 3166-1 or ISO 3166-2, such as GB or GB-ENG."))
language_tag = RegexValidator(r"^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*\Z", _("A language tag by BCP 47, such as en or pt-BR."))
number = RegexValidator(r"^\+?[0-9*#]{2,20}\Z", _("Digits only, as they are dialled."))
web_address = URLValidator(schemes=["http", "https"], message=_("An address that begins with https:// or http://."))


def _listed(value: str) -> list[str]:
    return [item.strip() for item in value.split(",") if item.strip()]


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
