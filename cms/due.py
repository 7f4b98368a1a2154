"""Until when what a change left behind has to be done, by its severity; and days in the words of the admin's language."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

#: From the gravest down.
DAYS = {"safety": 7, "substantive": 60}
SEVERITIES: Mapping[str, Promise] = {"minor": _("minor"), "substantive": _("substantive"), "safety": _("safety")}


def on(severity: str, at: datetime) -> date | None:
    """The last day for what a change of that moment left behind; None where nothing has to be done."""
    days = DAYS.get(severity)
    return timezone.localdate(at + timedelta(days=days)) if days else None


def day(at: datetime | date) -> str:
    """A day, or that of a moment, in words."""
    return str(date_format(timezone.localtime(at) if isinstance(at, datetime) else at, "DATE_FORMAT"))


def moment(at: datetime) -> str:
    """A moment in words, its time by twenty-four hours: “a.m.” would end a sentence twice."""
    local = timezone.localtime(at)
    return f"{date_format(local, 'DATE_FORMAT')}, {date_format(local, 'H:i')}"


def in_days(count: int) -> str:
    """For how long, in whole days."""
    return ngettext("%(count)d day", "%(count)d days", count) % {"count": count} if count else gettext("today")
