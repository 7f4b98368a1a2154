"""Who is calling: the key of `Authorization: Bearer`, or nobody. A key that does not open anything is never nobody.

Keys are kept in the process for less than a second, so that a key in use costs no query, and revoking one is felt within a
second in every process, with nothing to tell them.
"""

import time
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import unquote_plus

from django.http import HttpRequest
from django.utils import timezone

from api import exclusions, key_text
from api.models import Key, Scope
from api.problems import Problem

KEPT_FOR_S = 0.9
_MOST_KEPT = 10_000
_REALM = 'Bearer realm="Partner API"'


@dataclass(frozen=True, kw_only=True)
class Caller:
    """A key as the API needs it: what it may do, how often, and what its partner never wants to be given."""

    key_id: int
    partner_id: int
    scopes: frozenset[str]
    requests_per_minute: int
    exclusions: tuple[str, ...]
    expires_at: datetime | None
    revoked_at: datetime | None


_kept: dict[str, tuple[float, Caller]] = {}


def of(request: HttpRequest) -> Caller | None:
    """Whose key the request has; None without one. Problem `invalid-parameter` for a key in the address, `not-authenticated`."""
    if key_text.is_within(unquote_plus(request.META.get("QUERY_STRING", ""))):
        raise Problem(
            "invalid-parameter",
            "A key is sent as `Authorization: Bearer <key>` alone. Addresses are written to logs: have this key replaced.",
            errors=[{"parameter": "key", "detail": "A key was sent in the query string."}],
        )
    header = request.META.get("HTTP_AUTHORIZATION")
    return None if header is None else _authenticated(header)


def require(caller: Caller | None, scope: Scope, *, anonymous: bool) -> None:
    """Problem `not-authenticated` when a key is needed and there is none, `forbidden` when the key has another scope."""
    if caller is None and not anonymous:
        raise Problem("not-authenticated", "Send a key as `Authorization: Bearer <key>`.", headers={"WWW-Authenticate": _REALM})
    if caller is not None and scope not in caller.scopes:
        challenge = f'{_REALM}, error="insufficient_scope", scope="{scope}"'
        raise Problem("forbidden", f"The key does not have the scope `{scope}`.", headers={"WWW-Authenticate": challenge})


def forget() -> None:
    """Read every key anew from now on, in this process; others do so within a second."""
    _kept.clear()


def _authenticated(header: str) -> Caller:
    scheme, _, text = header.partition(" ")
    if scheme.lower() != "bearer":
        raise _refused("A key is sent as `Authorization: Bearer <key>`.")
    digest = key_text.digest(text.strip())
    caller = _kept_of(digest)
    if caller is None:
        if not key_text.is_whole(text.strip()):
            raise _refused("The key is not whole: it was cut or mistyped.")
        caller = _find(digest)
    if caller is None:
        raise _refused("There is no such key.")
    if caller.revoked_at:
        raise _refused("The key was revoked.")
    if caller.expires_at and caller.expires_at <= timezone.now():
        raise _refused("The key has expired.")
    return caller


def _kept_of(digest: str) -> Caller | None:
    deadline, kept = _kept.get(digest, (0.0, None))
    return kept if time.monotonic() < deadline else None


def _find(digest: str) -> Caller | None:
    now = time.monotonic()
    key = Key.objects.select_related("partner").filter(digest=digest).first()
    if key is None:
        return None
    caller = Caller(
        key_id=key.pk,
        partner_id=key.partner_id,
        scopes=frozenset(key.scopes),
        requests_per_minute=key.requests_per_minute,
        exclusions=exclusions.of(key.partner),
        expires_at=key.expires_at,
        revoked_at=key.revoked_at,
    )
    if len(_kept) >= _MOST_KEPT:
        _kept.clear()
    _kept[digest] = (now + KEPT_FOR_S, caller)
    return caller


def _refused(detail: str) -> Problem:
    return Problem("not-authenticated", detail, headers={"WWW-Authenticate": f'{_REALM}, error="invalid_token"'})
