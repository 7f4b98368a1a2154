"""Anonymous callers, told apart without remembering who they are.

What somebody reads here is health data. An address is hashed with a salt that is made anew each day and kept in the cache
alone; it is never stored, nor logged, and tomorrow's hash says nothing about today's.
"""

import hashlib
import ipaddress
import secrets
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.http import HttpRequest

from api import counting

_DAY_S = 86_400
_ASKED_AGAIN_AFTER_S = 60


@dataclass(frozen=True, kw_only=True)
class _Salt:
    """A day's salt, and until when it need not be asked for: a flushed cache is given it back then."""

    day: str
    value: bytes
    until: float


_salt: _Salt | None = None
_lock = threading.Lock()


def name_of(request: HttpRequest) -> str:
    """By which an anonymous caller is counted today: 32 hex digits."""
    return hashlib.blake2b(_network(_address(request)).encode(), key=_todays_salt(), digest_size=16).hexdigest()


def _address(request: HttpRequest) -> str:
    """The address before the proxies that we trust. What stands further left in X-Forwarded-For anybody may have written."""
    forwarded = [entry.strip() for entry in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if entry.strip()]
    trusted = settings.TRUSTED_PROXIES
    if 0 < trusted <= len(forwarded):
        return str(forwarded[-trusted])
    return str(request.META.get("REMOTE_ADDR", ""))


def _network(address: str) -> str:
    """An IPv4 address, or the /64 of an IPv6 one: a single reader has as many addresses as that holds."""
    host = address[1:].partition("]")[0] if address.startswith("[") else address
    host = host.partition(":")[0] if host.count(":") == 1 else host
    try:
        found = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    return str(found.ipv4_mapped or ipaddress.ip_network((found, 64), strict=False))


def _todays_salt() -> bytes:
    global _salt
    day, now = datetime.now(UTC).date().isoformat(), time.monotonic()
    with _lock:
        if _salt is None or _salt.day != day or now >= _salt.until:
            ours = _salt.value if _salt and _salt.day == day else secrets.token_bytes(32)
            value = counting.share(f"salt:{day}", ours, seconds=_DAY_S) or ours
            _salt = _Salt(day=day, value=value, until=now + _ASKED_AGAIN_AFTER_S)
        return _salt.value
