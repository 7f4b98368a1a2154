"""Partners and their keys: the door for whoever runs the service.

issued = partners.issue(partner=partner, environment="test", scopes=["read"], by="Petra")
issued.text                                        # shown once; nothing keeps it
partners.rotate(key=issued.key, overlap=timedelta(days=7), by="Petra")
partners.revoke(key=issued.key, by="Petra")        # felt within a second everywhere
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils import timezone

from api import callers, key_text, limits, standing
from api.models import Environment, Key, Partner, Scope, Use

__all__ = [
    "Environment",
    "Issued",
    "Key",
    "NotReady",
    "NotRotatable",
    "Partner",
    "Scope",
    "UseOfDay",
    "UseOfEndpoint",
    "issue",
    "lacking",
    "revoke",
    "rotate",
    "standing",
    "use_by_day",
    "use_by_endpoint",
]

_NEEDED_FOR_PRODUCTION = (
    "incident_name",
    "incident_email",
    "incident_second_email",
    "incident_telephone",
    "terms_version",
    "terms_accepted_on",
)


class NotReady(ValueError):
    """The partner lacks what a production key needs. `fields` names it."""

    def __init__(self, fields: list[str]) -> None:
        super().__init__(", ".join(fields))
        self.fields = fields


class NotRotatable(ValueError):
    """The key opens nothing any more, or is being replaced already."""


@dataclass(frozen=True, kw_only=True)
class Issued:
    """A new key, with its text, which is shown now or never."""

    key: Key
    text: str


@dataclass(frozen=True, kw_only=True)
class UseOfDay:
    """Requests of a partner on one day (UTC), and how many were refused for the limit."""

    day: date
    requests: int
    refused: int


@dataclass(frozen=True, kw_only=True)
class UseOfEndpoint:
    """Requests of a partner to one endpoint."""

    endpoint: str
    requests: int
    refused: int


def lacking(partner: Partner) -> list[str]:
    """What a production key needs that the partner has not: somebody must be reachable, in two ways, when a text has to come down."""
    missing = [name for name in _NEEDED_FOR_PRODUCTION if not getattr(partner, name)]
    addresses = (partner.incident_email.lower(), partner.incident_second_email.lower())
    return missing if missing or addresses[0] != addresses[1] else ["incident_second_email"]


def issue(
    *,
    partner: Partner,
    environment: str,
    scopes: Iterable[str],
    by: str,
    label: str = "",
    requests_per_minute: int | None = None,
    expires_at: datetime | None = None,
) -> Issued:
    """A new key. NotReady for a production key of a partner that lacks something; ValueError for unknown scopes or environments."""
    if Environment(environment) == Environment.LIVE and lacking(partner):
        raise NotReady(lacking(partner))
    return _make(
        partner=partner,
        environment=environment,
        scopes=sorted(Scope(scope) for scope in scopes),
        label=label,
        requests_per_minute=requests_per_minute or limits.REQUESTS_PER_MINUTE[environment],
        expires_at=expires_at,
        issued_by=by,
    )


def rotate(*, key: Key, overlap: timedelta, by: str) -> Issued:
    """A key like this one, which itself works on for as long as the overlap. NotRotatable if it is dead, or has been rotated."""
    with transaction.atomic():
        key = Key.objects.select_for_update().get(pk=key.pk)
        now = timezone.now()
        if not key.is_alive(now) or Key.objects.filter(replaces=key).exists():
            raise NotRotatable(str(key))
        issued = _make(
            partner=key.partner,
            environment=key.environment,
            scopes=key.scopes,
            label=key.label,
            requests_per_minute=key.requests_per_minute,
            expires_at=key.expires_at,
            issued_by=by,
            replaces=key,
        )
        key.expires_at = min(now + overlap, key.expires_at or now + overlap)
        key.save(update_fields=["expires_at"])
        transaction.on_commit(callers.forget)
    return issued


def revoke(*, key: Key, by: str) -> None:
    """Close a key for good. A key that was revoked before keeps its moment."""
    Key.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=timezone.now(), revoked_by=by)
    transaction.on_commit(callers.forget)


def use_by_day(partner: Partner, *, days: int) -> list[UseOfDay]:
    """Each of the last days, today last, with nought where nothing was asked."""
    today = timezone.now().date()
    first = today - timedelta(days=days - 1)
    sums = _used(partner, first).values("day").annotate(all=Sum("requests"), no=Sum("refused")).values_list("day", "all", "no")
    found = {day: (requests, refused) for day, requests, refused in sums}
    every = (first + timedelta(days=index) for index in range(days))
    return [UseOfDay(day=day, requests=found.get(day, (0, 0))[0], refused=found.get(day, (0, 0))[1]) for day in every]


def use_by_endpoint(partner: Partner, *, days: int) -> list[UseOfEndpoint]:
    """What was asked in the last days, the most asked first."""
    first = timezone.now().date() - timedelta(days=days - 1)
    sums = _used(partner, first).values("endpoint").annotate(all=Sum("requests"), no=Sum("refused"))
    return [
        UseOfEndpoint(endpoint=endpoint, requests=requests, refused=refused)
        for endpoint, requests, refused in sums.order_by("-all", "endpoint").values_list("endpoint", "all", "no")
    ]


def _used(partner: Partner, first: date) -> QuerySet[Use]:
    return Use.objects.filter(key__partner=partner, day__gte=first)


def _make(*, environment: str, **facts: object) -> Issued:
    text = key_text.make(environment)
    key = Key(environment=environment, digest=key_text.digest(text), hint=key_text.hint(text), issued_at=timezone.now(), **facts)
    key.save(force_insert=True)
    return Issued(key=key, text=text)
