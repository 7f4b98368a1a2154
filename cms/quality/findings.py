"""What a check finds: something in one segment of a translation that is wrong, or looks so."""

from dataclasses import dataclass
from typing import Literal

Level = Literal["error", "warning"]


@dataclass(frozen=True, kw_only=True)
class Finding:
    """`key` is the segment, `check` the name of the check, `message` a sentence for the translator. An error blocks approval."""

    key: str
    check: str
    level: Level
    message: str


def error(key: str, check: str, message: str) -> Finding:
    return Finding(key=key, check=check, level="error", message=message)


def warning(key: str, check: str, message: str) -> Finding:
    return Finding(key=key, check=check, level="warning", message=message)
