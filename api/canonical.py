"""One way to write JSON, so that equal contents are equal bytes and give equal digests."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any


def dumps(value: Any) -> str:
    """Sorted keys, no spaces, text as it is; ValueError for numbers that JSON has not, TypeError for other objects."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def digest(text: str) -> str:
    """SHA-256 of the text's UTF-8 bytes, 40 hex digits of it. UnicodeEncodeError for lone surrogates."""
    return hashlib.sha256(text.encode()).hexdigest()[:40]


def moment(at: datetime) -> str:
    """RFC 3339 in UTC, always with microseconds: `2026-05-03T09:30:00.000000Z`."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
