"""Partners as people here see them: their keys, what they use them for, how fresh their copies are. Every act is logged."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from api import partners
from api.partners import Environment, Issued, Key, NotReady, NotRotatable, Partner, Scope
from api.partners import standing as api_standing
from cms import audit

__all__ = [
    "Environment",
    "Issued",
    "Key",
    "NotReady",
    "NotRotatable",
    "Overview",
    "Partner",
    "Scope",
    "expiring",
    "issue",
    "lacking",
    "overview",
    "revoke",
    "rotate",
]

USE_DAYS = 14
ENVIRONMENTS: dict[str, Promise] = {Environment.LIVE: _("Production"), Environment.TEST: _("Sandbox")}
SCOPES: dict[str, Promise] = {
    Scope.READ: _("Read content"),
    Scope.PARTNER: _("Read the partner's own record"),
    Scope.REPORT: _("Report mistakes in texts"),
}
FRESHNESS: dict[str, Promise] = {
    "never": _("Has not read the change feed yet"),
    "fresh": _("Fresh: lacks nothing older than two polls"),
    "behind": _("Behind: lacks what is older than two polls"),
    "stale": _("Stale: may still show what was taken away"),
}
LABELS: dict[str, Promise] = {
    "incident_name": _("who is reached in an incident"),
    "incident_email": _("their first address"),
    "incident_second_email": _("a second address, another than the first"),
    "incident_telephone": _("a telephone number"),
    "terms_version": _("the version of the terms that was accepted"),
    "terms_accepted_on": _("the day on which the terms were accepted"),
}


@dataclass(frozen=True, kw_only=True)
class KeyRow:
    """A key, what it is for, and whether it still opens anything."""

    key: Key
    environment: Promise
    scopes: list[Promise]
    state: str
    state_label: Promise
    can_be_rotated: bool


@dataclass(frozen=True, kw_only=True)
class Copy:
    """How the partner's copy stands, by the keys of one environment."""

    environment: Promise
    freshness: str
    label: Promise
    sync: api_standing.Sync | None


@dataclass(frozen=True, kw_only=True)
class EndpointRow:
    """Requests to one endpoint, under the path that the API's description gives it."""

    path: str
    requests: int
    refused: int


@dataclass(frozen=True, kw_only=True)
class Overview:
    """All that is shown of a partner beside its own form."""

    keys: list[KeyRow]
    copies: list[Copy]
    days: list[partners.UseOfDay]
    endpoints: list[EndpointRow]
    most_on_a_day: int
    most_of_an_endpoint: int
    lacking: list[Promise]


def issue(
    partner: Partner,
    *,
    by: Any,
    environment: str,
    scopes: list[str],
    label: str,
    requests_per_minute: int | None,
    expires_at: datetime | None,
) -> Issued:
    """A new key, logged. NotReady when it is for production and the partner lacks something."""
    issued = partners.issue(
        partner=partner,
        environment=environment,
        scopes=scopes,
        label=label,
        requests_per_minute=requests_per_minute,
        expires_at=expires_at,
        by=_name(by),
    )
    audit.log_key(partner, "issue_key", by=by, hint=issued.key.hint)
    return issued


def rotate(key: Key, *, by: Any, overlap: timedelta) -> Issued:
    """A key like this one, which works on for as long as the overlap; logged. NotRotatable."""
    issued = partners.rotate(key=key, overlap=overlap, by=_name(by))
    audit.log_key(key.partner, "rotate_key", by=by, hint=key.hint)
    return issued


def revoke(key: Key, *, by: Any) -> None:
    """Close a key within a second, everywhere; logged."""
    partners.revoke(key=key, by=_name(by))
    audit.log_key(key.partner, "revoke_key", by=by, hint=key.hint)


def lacking(partner: Partner) -> list[Promise]:
    """What a production key needs that is not there, in words."""
    return [LABELS[name] for name in partners.lacking(partner)]


def overview(partner: Partner) -> Overview:
    """Keys, the newest first; copies; use."""
    days = partners.use_by_day(partner, days=USE_DAYS)
    endpoints = partners.use_by_endpoint(partner, days=USE_DAYS)
    return Overview(
        keys=[_row(key) for key in partner.keys.select_related("replaced_by").order_by("-issued_at", "-pk")],
        copies=[_copy(partner, environment) for environment in ENVIRONMENTS],
        days=days,
        endpoints=[EndpointRow(path=_path(use.endpoint), requests=use.requests, refused=use.refused) for use in endpoints],
        most_on_a_day=max(use.requests for use in days) or 1,
        most_of_an_endpoint=max((use.requests for use in endpoints), default=1),
        lacking=lacking(partner),
    )


def expiring(*, before: datetime) -> list[Key]:
    """Keys that work now, and will not at that moment, with their partners; without those that another replaces."""
    alive = Key.objects.alive(timezone.now()).filter(expires_at__lt=before, replaced_by=None)
    return list(alive.select_related("partner").order_by("expires_at"))


def _row(key: Key) -> KeyRow:
    replaced = hasattr(key, "replaced_by")
    if key.revoked_at:
        state, label = "revoked", _("Revoked")
    elif not key.is_alive(timezone.now()):
        state, label = "expired", _("Expired")
    else:
        state, label = ("replaced", _("Replaced, works until it expires")) if replaced else ("alive", pgettext_lazy("a key", "Works"))
    return KeyRow(
        key=key,
        environment=ENVIRONMENTS[key.environment],
        scopes=[label for scope, label in SCOPES.items() if scope in key.scopes],
        state=state,
        state_label=label,
        can_be_rotated=state == "alive",
    )


def _copy(partner: Partner, environment: str) -> Copy:
    stands = api_standing.of(partner, environment=environment)
    return Copy(environment=ENVIRONMENTS[environment], freshness=stands.freshness, label=FRESHNESS[stands.freshness], sync=stands.sync)


def _path(endpoint: str) -> str:
    """`api/v1/articles/<str:reference>/` → `/articles/{reference}/`."""
    return "/" + endpoint.removeprefix("api/v1/").replace("<str:", "{").replace(">", "}")


def _name(user: Any) -> str:
    return str(user.get_full_name() or user.get_username())
