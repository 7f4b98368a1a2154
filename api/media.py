"""Which form of an answer a client takes: JSON or JSON-LD, compressed or as it is (RFC 9110, 12.4.2 and 12.5)."""

import re

JSON = "application/json"
LINKED_DATA = "application/ld+json"
_MOST_CHARACTERS = 2_000
_QUALITY = re.compile(r";\s*q\s*=\s*(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)\s*(?:;|$)", re.IGNORECASE)


def wants_linked_data(accept: str) -> bool:
    """Whether JSON-LD is named, and JSON is not liked better. A wildcard is not a wish for it."""
    if "ld+json" not in accept.lower():
        return False
    qualities = _qualities(accept)
    wanted = qualities.get(LINKED_DATA, 0)
    if JSON in qualities:
        return wanted > qualities[JSON]
    return wanted > 0 and wanted >= qualities.get("application/*", qualities.get("*/*", 0))


def takes_gzip(accept_encoding: str) -> bool:
    """Whether gzip is taken, and the plain answer is not liked better."""
    qualities = _qualities(accept_encoding)
    gzip = qualities.get("gzip", qualities.get("x-gzip", qualities.get("*", 0)))
    return gzip > 0 and gzip >= qualities.get("identity", 0)


def _qualities(header: str) -> dict[str, float]:
    """Each name in the header with its weight; the parameters of a media type are not looked at."""
    if len(header) > _MOST_CHARACTERS:
        header = header[:_MOST_CHARACTERS].rpartition(",")[0]
    qualities = {}
    for part in header.split(","):
        quality = _QUALITY.search(part)
        qualities[part.partition(";")[0].strip().lower()] = float(quality[1]) if quality else 1.0
    return qualities
