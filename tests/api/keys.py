"""Partners and keys for tests."""

from typing import Any

from django.test import Client
from django.utils import timezone

from api import partners
from api.models import Partner

CONTACTS = {
    "technical_email": "it@example.org",
    "incident_name": "Ines",
    "incident_email": "ines@example.org",
    "incident_second_email": "night@example.org",
    "incident_telephone": "+1 555 0100",
    "terms_version": "1",
}


def partner(name: str = "Example clinics", **changes: Any) -> Partner:
    """A partner that may have a production key."""
    found, _created = Partner.objects.get_or_create(name=name, defaults={**CONTACTS, "terms_accepted_on": timezone.now().date(), **changes})
    return found


def issue(
    owner: Partner | None = None, *, environment: str = "live", scopes: tuple[str, ...] = ("read", "partner", "report"), **facts: Any
) -> partners.Issued:
    return partners.issue(partner=owner or partner(), environment=environment, scopes=scopes, by="Petra", **facts)


def caller(text: str) -> Client:
    """A client that sends this key."""
    return Client(headers={"Authorization": f"Bearer {text}"})
