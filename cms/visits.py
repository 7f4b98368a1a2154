"""When a person was here before: what has happened since is new to them.

Whoever opens the first screen on another day than last time begins a visit; until then everything stays as it was.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Q
from django.utils import timezone

from cms.models import Profile

#: For somebody who was never here before.
AT_FIRST = timedelta(days=30)


def note(user: Any, *, now: datetime) -> None:
    """The first screen is opened: on another day than last time, the visit before has ended."""
    today = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    begun = Profile.objects.filter(Q(visited_at=None) | Q(visited_at__lt=today), user_id=user.pk)
    begun.update(visited_before_at=F("visited_at"), visited_at=now)


def since(user: Any) -> datetime:
    """When the visit before this one began."""
    before = Profile.objects.filter(user_id=user.pk).values_list("visited_before_at", flat=True).first()
    return before or timezone.now() - AT_FIRST
