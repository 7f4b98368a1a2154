"""The fields that answers are made of, and how their errors read."""

from collections.abc import Iterator, Mapping
from typing import Any

from rest_framework import serializers

from api import html

CODE = r"^[a-z0-9]+(?:[-_][a-z0-9]+)*$"
SLUG = r"^[-\w]+$"
REGION = r"^[A-Z]{2}(?:-[A-Z0-9]{1,3})?$"
LANGUAGE_TAG = r"^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*$"


class Text(serializers.CharField):
    """Text as it is: spaces are kept."""

    def __init__(self, **options: Any) -> None:
        super().__init__(trim_whitespace=False, **options)


class Html(Text):
    """HTML of the allow-list of `api.html`, with absolute links."""

    default_error_messages = {"unclean": "Holds HTML that is not allowed; cleaned, it reads: {cleaned}"}

    def to_internal_value(self, data: Any) -> str:
        value = super().to_internal_value(data)
        cleaned = html.clean(value)
        if cleaned != value:
            self.fail("unclean", cleaned=cleaned if len(cleaned) < 300 else cleaned[:300] + "…")
        return value


class Code(serializers.RegexField):
    """A stable code, the same in all languages."""

    def __init__(self, **options: Any) -> None:
        super().__init__(CODE, max_length=100, **options)


class WebAddress(serializers.URLField):
    """An absolute http or https address."""

    default_error_messages = {"scheme": "Not an http or https address."}

    def to_internal_value(self, data: Any) -> str:
        value = str(super().to_internal_value(data))
        if value and not value.lower().startswith(("http://", "https://")):
            self.fail("scheme")
        return value


class Shape(serializers.Serializer[Any]):
    """An object with exactly these keys."""

    default_error_messages = {"unknown": "The contract has no such key.", "stamped": "The store stamps this."}

    def to_internal_value(self, data: Any) -> Any:
        errors = {}
        for key in data if isinstance(data, Mapping) else ():
            if key not in self.fields:
                errors[key] = [self.error_messages["unknown"]]
            elif self.fields[key].read_only:
                errors[key] = [self.error_messages["stamped"]]
        try:
            value = super().to_internal_value(data)
        except serializers.ValidationError as error:
            raise serializers.ValidationError({**error.detail, **errors} if isinstance(error.detail, dict) else error.detail) from error
        if errors:
            raise serializers.ValidationError(errors)
        return value


def lines(errors: Any, path: str = "") -> Iterator[str]:
    """DRF's nested errors as lines: `sections[0].blocks[1].html: …`."""
    if isinstance(errors, Mapping):
        for key, value in errors.items():
            if key == "non_field_errors":
                yield from lines(value, path)
            elif isinstance(key, int):
                yield from lines(value, f"{path}[{key}]")
            else:
                yield from lines(value, f"{path}.{key}" if path else str(key))
        return
    for index, error in enumerate(errors):
        if isinstance(error, Mapping):
            yield from lines(error, f"{path}[{index}]")
        else:
            yield f"{path or 'document'}: {error}"
