"""The languages as the editors' side needs them: Django's codes, column names, and reading a text by language.

Only this module builds the name of a translated column; nothing else reads or writes a bare translated attribute.
"""

from typing import Any

from api import languages
from api.languages import SOURCE, TAGS, TARGETS, Language, UnknownLanguage, get

__all__ = ["SOURCE", "TAGS", "TARGETS", "Language", "UnknownLanguage", "code", "column", "get", "own_name", "read"]


def code(tag: str) -> str:
    """Django's language code of a tag (`pt-BR` → `pt-br`)."""
    return tag.lower()


def column(field: str, tag: str) -> str:
    """The column that holds `field` in a language (`headline`, `pt-BR` → `headline_pt_br`)."""
    return f"{field}_{code(tag).replace('-', '_')}"


def read(instance: Any, field: str, tag: str) -> Any:
    """The value of a translated field in one language."""
    return getattr(instance, column(field, tag))


def own_name(tag: str) -> str:
    """The language's name in that language."""
    return languages.get(tag).own_name
