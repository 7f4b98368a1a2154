"""Which language is asked for, and which may stand in for it. Nothing here is guessed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from api import languages, parameters

_MOST_CHARACTERS = 1000
_RANGE = re.compile(r"\s*(\*|[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*)\s*(?:;\s*q\s*=\s*([01](?:\.[0-9]{0,3})?)\s*)?")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The language asked for, first in the chain of what may be served."""

    chain: tuple[str, ...]
    negotiated: bool = False

    @property
    def language(self) -> str:
        """The language that was asked for."""
        return self.chain[0]


def asked(values: Mapping[str, Any], accept_language: str) -> Asked:
    """What `lang`, `fallback` and, for `lang=auto` alone, Accept-Language ask for."""
    language = values.get("lang", languages.SOURCE)
    negotiated = language == parameters.AUTO
    if negotiated:
        language = best(accept_language)
    match values.get("fallback", "none"):
        case "none":
            others: tuple[str, ...] = ()
        case "default":
            others = languages.get(language).fallback
        case tuple() as given:
            others = given
    return Asked(chain=tuple(dict.fromkeys((language, *others))), negotiated=negotiated)


def best(accept_language: str) -> str:
    """The language for an Accept-Language header by RFC 4647: lookup, then basic filtering, range by range; else the source."""
    for wanted in _ranges(accept_language):
        if wanted == "*":
            break
        found = _lookup(wanted) or _filter(wanted)
        if found:
            return found
    return languages.SOURCE


def _ranges(header: str) -> list[str]:
    """The ranges that are acceptable, best first; equal ones in the order written."""
    if len(header) > _MOST_CHARACTERS:
        header = header[:_MOST_CHARACTERS].rpartition(",")[0]
    weighed = []
    for part in header.split(","):
        match = _RANGE.fullmatch(part)
        if match and (quality := float(match[2] or 1)) > 0:
            weighed.append((-quality, match[1].lower()))
    return [wanted for _, wanted in sorted(weighed, key=lambda pair: pair[0])]


def _lookup(wanted: str) -> str | None:
    """RFC 4647, 3.4: `es-MX` finds `es`. A single letter before the end goes with what follows it."""
    tags = {tag.lower(): tag for tag in languages.TAGS}
    parts = wanted.split("-")
    while parts:
        if "-".join(parts) in tags:
            return tags["-".join(parts)]
        parts.pop()
        while parts and len(parts[-1]) == 1:
            parts.pop()
    return None


def _filter(wanted: str) -> str | None:
    """RFC 4647, 3.3.1: `pt` finds `pt-BR`."""
    return next((tag for tag in languages.TAGS if tag.lower().startswith(f"{wanted}-")), None)
