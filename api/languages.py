"""The one list of languages: what a document may be written in, and what a partner may ask for.

Tags follow BCP 47. Adding a language is one entry here and one migration of the editors' columns;
a system check compares the two.
"""

import difflib
from dataclasses import dataclass
from typing import Literal

Direction = Literal["ltr", "rtl"]


@dataclass(frozen=True, kw_only=True)
class Language:
    """One language: its BCP 47 tag, its own and its English name, its direction, and where `fallback=default` goes next."""

    tag: str
    own_name: str
    english_name: str
    direction: Direction = "ltr"
    fallback: tuple[str, ...] = ("en",)


ALL: tuple[Language, ...] = (
    Language(tag="en", own_name="English", english_name="English", fallback=()),
    Language(tag="es", own_name="Español", english_name="Spanish"),
    Language(tag="fr", own_name="Français", english_name="French"),
    Language(tag="pt-BR", own_name="Português (Brasil)", english_name="Brazilian Portuguese"),
    Language(tag="ar", own_name="العربية", english_name="Arabic", direction="rtl"),
    Language(tag="ru", own_name="Русский", english_name="Russian"),
    Language(tag="vi", own_name="Tiếng Việt", english_name="Vietnamese"),
    Language(tag="zh-Hans", own_name="简体中文", english_name="Simplified Chinese"),
)
SOURCE = ALL[0].tag
TAGS: tuple[str, ...] = tuple(language.tag for language in ALL)
TARGETS: tuple[str, ...] = TAGS[1:]
_BY_LOWER_TAG = {language.tag.lower(): language for language in ALL}


class UnknownLanguage(ValueError):
    """The tag names no language of the library. `nearest` is the tag that was probably meant, or None."""

    def __init__(self, tag: str) -> None:
        super().__init__(tag)
        self.tag = tag
        self.nearest = nearest(tag)


def get(tag: str) -> Language:
    """The language of a tag in any case; UnknownLanguage if the library has none."""
    try:
        return _BY_LOWER_TAG[tag.lower()]
    except KeyError:
        raise UnknownLanguage(tag) from None


def nearest(tag: str) -> str | None:
    """The tag that somebody who wrote `tag` probably meant: the same primary language first, then a near spelling."""
    primary = tag.lower().replace("_", "-").split("-")[0]
    for language in ALL:
        if language.tag.lower().split("-")[0] == primary:
            return language.tag
    close = difflib.get_close_matches(tag.lower(), _BY_LOWER_TAG, n=1, cutoff=0.5)
    return _BY_LOWER_TAG[close[0]].tag if close else None
