"""The query string, read strictly: what is unknown, repeated or cannot be meant is an error, never ignored."""

import difflib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import QueryDict
from django.utils.dateparse import parse_datetime

from api import fields, languages
from api.problems import Problem

AUTO = "auto"
DAY_OR_MOMENT = {"type": "string", "anyOf": [{"format": "date-time"}, {"format": "date"}]}
"""The schema of what `moment` and `day_or_moment` read."""
MOST_VALUES = 50
MOST_CHARACTERS = 4000
"""Of all values together."""
_MOST_ERRORS = 10


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """One parameter: how it is read, what it does to a list, and how the OpenAPI shows it."""

    name: str
    description: str
    parse: Callable[[str], Any]
    schema: dict[str, Any] = field(default_factory=lambda: {"type": "string"})
    example: str | None = None
    required: bool = False
    narrows: Callable[[Any], Q] | None = None


class Invalid(ValueError):
    """The value cannot be meant. `nearest` is one that may have been."""

    def __init__(self, detail: str, *, nearest: str | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.nearest = nearest


def read(query: QueryDict, known: Sequence[Parameter]) -> dict[str, Any]:
    """The values of the parameters that were given, by name; Problem `unknown-parameter` or `invalid-parameter`."""
    return parsed({name: query.getlist(name) for name in query}, known, lambda text, parameter: text)


def parsed(given: Mapping[str, list[Any]], known: Sequence[Parameter], written: Callable[[Any, Parameter], str]) -> dict[str, Any]:
    """The values of what was given under each name. `written` makes the text of a value, or raises Invalid."""
    by_name = {parameter.name: parameter for parameter in known}
    unknown = [_error(name, "There is no such parameter here.", _near(name, by_name)) for name in given if name not in by_name]
    if unknown:
        raise _problem("unknown-parameter", unknown)
    values, errors = {}, []
    for parameter in known:
        try:
            if parameter.name in given:
                values[parameter.name] = parameter.parse(written(_once(given[parameter.name]), parameter))
            elif parameter.required:
                raise Invalid(f"Is needed. {parameter.description}")
        except Invalid as error:
            errors.append(_error(parameter.name, error.detail, error.nearest))
    if errors:
        raise _problem("invalid-parameter", errors)
    return values


def invalid(name: str, detail: str) -> Problem:
    """The problem of a value that cannot be meant beside the others."""
    return _problem("invalid-parameter", [_error(name, detail, None)])


def not_known(name: str, value: str, known: Iterable[str]) -> Problem:
    """The problem of a value that is well formed and that nothing here has."""
    return _problem("invalid-parameter", [_error(name, f"`{_short(value)}` is no {name} of this library.", _near(value, known))])


def _once(given: list[Any]) -> Any:
    if len(given) > 1:
        raise Invalid(f"Is given {len(given)} times. Several values are written once, with commas between them.")
    if given[0] == "":
        raise Invalid("Is empty. Leave it out, or give it a value.")
    return given[0]


def _error(name: str, detail: str, nearest: str | None) -> dict[str, str]:
    error = {"parameter": _short(name), "detail": detail}
    return {**error, "nearest": nearest} if nearest else error


def _problem(code: str, errors: list[dict[str, str]]) -> Problem:
    first = errors[0]
    meant = f" Did you mean `{first['nearest']}`?" if "nearest" in first else ""
    members = {"nearest": first["nearest"]} if "nearest" in first else {}
    return Problem(code, f"`{first['parameter']}`: {first['detail']}{meant}", errors=errors[:_MOST_ERRORS], members=members)


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:60] + "…"


def _near(word: str, words: Iterable[str]) -> str | None:
    close = difflib.get_close_matches(word.lower(), list(words), n=1, cutoff=0.5) if len(word) <= 60 else []
    return close[0] if close else None


# How a value is read.


def tag(text: str) -> str:
    """One of the library's languages."""
    try:
        return languages.get(text[:60]).tag
    except languages.UnknownLanguage as error:
        raise Invalid(f"`{_short(text)}` is not a language of this library; `/languages/` lists them.", nearest=error.nearest) from error


def tag_or_auto(text: str) -> str:
    """A language, or `auto`."""
    return AUTO if text.lower() == AUTO else tag(text)


def tags_or_auto(text: str) -> tuple[str, ...]:
    """Languages with commas between them, or `auto`."""
    return (AUTO,) if text.lower() == AUTO else several(tag)(text)


def chain(text: str) -> str | tuple[str, ...]:
    """`none`, `default`, or languages in order."""
    return text.lower() if text.lower() in ("none", "default") else several(tag)(text)


def several(parse: Callable[[str], Any]) -> Callable[[str], tuple[Any, ...]]:
    """Values with commas between them, each once."""

    def parse_each(text: str) -> tuple[Any, ...]:
        if len(text) > MOST_CHARACTERS:
            raise Invalid(f"Is longer than {MOST_CHARACTERS} characters.")
        parts = text.split(",")
        if len(parts) > MOST_VALUES:
            raise Invalid(f"Has more than {MOST_VALUES} values.")
        if not all(parts):
            raise Invalid("Has an empty value between commas.")
        return tuple(dict.fromkeys(parse(part) for part in parts))

    return parse_each


def matching(pattern: str, what: str) -> Callable[[str], str]:
    """Text of a pattern."""
    compiled = re.compile(pattern)

    def parse(text: str) -> str:
        if not compiled.fullmatch(text):
            raise Invalid(f"`{_short(text)}` is not {what}.")
        return text

    return parse


def is_storable(text: str) -> bool:
    """Whether it is text to a database: JSON can write what is none."""
    return "\x00" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


def within(most: int) -> Callable[[str], str]:
    """Any text that says something, up to so many characters."""

    def parse(text: str) -> str:
        if len(text) > most:
            raise Invalid(f"Is longer than {most} characters.")
        if not text.strip() or not is_storable(text):
            raise Invalid("Says nothing, or holds a NUL or half of a surrogate pair.")
        return text.strip()

    return parse


code = matching(fields.CODE, "a code (small letters, digits, hyphens)")


def choice(options: Iterable[str]) -> Callable[[str], str]:
    """One of a few words."""
    known = list(options)

    def parse(text: str) -> str:
        if text not in known:
            raise Invalid(f"`{_short(text)}` is none of {', '.join(known)}.", nearest=_near(text, known))
        return text

    return parse


def whole_number(least: int, most: int) -> Callable[[str], int]:
    """A whole number within bounds."""

    def parse(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", text) or not least <= int(text) <= most:
            raise Invalid(f"`{_short(text)}` is not a whole number from {least} to {most}.")
        return int(text)

    return parse


def truth(text: str) -> bool:
    """`true` or `false`."""
    return choice(["true", "false"])(text) == "true"


def day(text: str) -> date:
    """`YYYY-MM-DD`."""
    try:
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid(f"`{_short(text)}` is not a date like 2026-05-03.") from None


def moment(text: str) -> datetime:
    """RFC 3339, or a date, which is its first moment in UTC."""
    try:
        at = parse_datetime(text) if "T" in text[:40] and len(text) <= 40 and text.isascii() else None
        if at and at.tzinfo:
            return at.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    try:
        only = day(text)
    except Invalid:
        raise Invalid(f"`{_short(text)}` is not a moment like 2026-05-03T09:30:00Z, nor a date.") from None
    return datetime(only.year, only.month, only.day, tzinfo=UTC)


def day_or_moment(text: str) -> tuple[datetime, bool]:
    """A moment, or the first moment of a day in UTC; and whether it is a day."""
    return moment(text), "T" not in text


def identity(text: str) -> UUID:
    """A UUID with hyphens, in any case."""
    try:
        found = UUID(text)
    except ValueError:
        found = None
    if found is None or str(found) != text.lower():
        raise Invalid(f"`{_short(text)}` is not an id: a UUID with hyphens.")
    return found


def regions(text: str) -> tuple[str, ...]:
    """ISO 3166 regions, a country for each subdivision too; `("*",)` for all."""
    if text == "*":
        return ("*",)
    asked = several(_region)(text)
    return tuple(dict.fromkeys([*asked, *(region[:2] for region in asked)]))


def _region(text: str) -> str:
    if not re.fullmatch(fields.REGION, text.upper()) or not text.isascii():
        raise Invalid(f"`{_short(text)}` is not a region: write ISO 3166, as in US or US-CA, or `*`.")
    return text.upper()
