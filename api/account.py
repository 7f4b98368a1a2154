"""What a partner sees of itself."""

from typing import Any

from django.http import HttpResponse
from rest_framework.request import Request

from api import answers, canonical, counting, exclusions, responses, standing
from api.models import Key, Partner, Scope
from api.reading import Read


class Account(Read):
    """Read your own record

    Your key and its limit, where your copy stands, and what you must not show now.
    """

    scope = Scope.PARTNER
    needs_key = True
    by_status = {200: answers.Account, 400: answers.Problem}

    def get(self, request: Request) -> HttpResponse:
        key = Key.objects.select_related("partner").get(pk=self.key_in_use.key_id)
        stands = standing.of(key.partner, environment=key.environment)
        count, closed = standing.closed(after=stands.sync.number if stands.sync else None)
        members = {
            **_partner(key.partner),
            "key": _key(key),
            "freshness": stands.freshness,
            "sync": _sync(stands.sync) if stands.sync else None,
            "closed_count": count,
            "closed": closed,
        }
        return responses.private(canonical.dumps(members))


def _partner(partner: Partner) -> dict[str, Any]:
    return {
        "name": partner.name,
        "terms_version": partner.terms_version,
        "interests": {"languages": partner.languages, "topics": partner.topics},
        "exclusions": exclusions.of(partner),
    }


def _key(key: Key) -> dict[str, Any]:
    return {
        "hint": key.hint,
        "label": key.label,
        "environment": key.environment,
        "scopes": key.scopes,
        "limit": {"requests": key.requests_per_minute, "window_s": counting.WINDOW_S},
        "expires_at": canonical.moment(key.expires_at) if key.expires_at else None,
    }


def _sync(sync: standing.Sync) -> dict[str, Any]:
    return {
        "number": sync.number,
        "head": sync.head,
        "unread": sync.unread,
        "unread_since": canonical.moment(sync.unread_since) if sync.unread_since else None,
        "read_at": canonical.moment(sync.read_at),
    }
