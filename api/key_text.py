"""How a key is written: `mnst_live_` or `mnst_test_`, 43 letters and digits of chance, 6 of checksum.

The prefix lets people and secret scanners recognise a key wherever it turns up; the checksum lets a key that was cut or
mistyped be refused without asking the database. What is stored is SHA-256 of the text. A slow hash protects passwords, which
can be guessed; 256 bits of chance cannot, so it would only cost each request its milliseconds.
"""

import hashlib
import re
import secrets
import zlib

PREFIX = "mnst"
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_RANDOM, _CHECKSUM, _HINT = 43, 6, 4
_KEY = re.compile(rf"({PREFIX}_(?:live|test)_[0-9A-Za-z]{{{_RANDOM}}})([0-9A-Za-z]{{{_CHECKSUM}}})", re.ASCII)
_ANYWHERE = re.compile(rf"{PREFIX}_(?:live|test)_", re.ASCII | re.IGNORECASE)


def make(environment: str) -> str:
    """A new key, of 32 random bytes."""
    begun = f"{PREFIX}_{environment}_{_base62(int.from_bytes(secrets.token_bytes(32)), _RANDOM)}"
    return begun + _checksum(begun)


def is_whole(text: str) -> bool:
    """Whether this is written as a key is, with its checksum."""
    match = _KEY.fullmatch(text)
    return bool(match and _checksum(match[1]) == match[2])


def is_within(text: str) -> bool:
    """Whether there is a key, or the beginning of one, anywhere in the text."""
    return bool(_ANYWHERE.search(text))


def digest(text: str) -> str:
    """What is stored of a key: 64 hex digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def hint(text: str) -> str:
    """The beginning of a key, by which people tell it from others: the prefix and four characters."""
    return text[: text.rindex("_") + 1 + _HINT]


def _checksum(begun: str) -> str:
    return _base62(zlib.crc32(begun.encode()), _CHECKSUM)


def _base62(number: int, length: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, len(_DIGITS))
        digits = _DIGITS[digit] + digits
    return digits.rjust(length, _DIGITS[0])
