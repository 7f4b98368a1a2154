"""Opaque, signed positions. Equal positions are equal texts, so that an unmoved link keeps its ETag."""

from typing import Any

from django.core.signing import BadSignature, Signer

from api import canonical
from api.problems import Problem

MOST_CHARACTERS = 4000


def write(purpose: str, position: list[Any]) -> str:
    """A position in a list or in the feed, as text for a URL."""
    return _signer(purpose).sign_object(position)


def read(purpose: str, text: str) -> list[Any]:
    """The position that `write` was given; Problem `invalid-cursor` for anything else."""
    try:
        if len(text) > MOST_CHARACTERS:
            raise BadSignature
        return list(_signer(purpose).unsign_object(text))
    except (BadSignature, ValueError):
        raise Problem("invalid-cursor", "The cursor was not given by this service, or was cut. Follow the links as they are.") from None


def scope(values: Any) -> str:
    """A short digest of what a cursor belongs to: the filter, the order."""
    return canonical.digest(canonical.dumps(values))[:12]


def other_filter() -> Problem:
    """The problem of a cursor that belongs to another filter."""
    return Problem(
        "invalid-cursor", "The cursor belongs to another filter or order. Follow the links as they are, or start without a cursor."
    )


def _signer(purpose: str) -> Signer:
    return Signer(salt=f"mainstay.cursor.{purpose}", sep=".")
