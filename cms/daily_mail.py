"""The mail of the day: what waits for somebody and what is new for them, in one plain message a person and day, or none.

It leaves from six in the morning where they are, in the language of their admin. That it was made is on record in the same
transaction, so a second run on that day, or at the same time, makes no second one.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.core import mail
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.models import Page
from wagtail.permissions import policy_registry

from cms import due, glance, telling, waiting, watching
from cms.glance import Glance
from cms.models import Article, Comment, DailyMail, Lapse, Mail
from cms.waiting import Item, Section

logger = logging.getLogger(__name__)

#: The hour from which on it is made, where the person is.
HOUR = 6
#: Days before a day at which somebody is reminded of it.
AHEAD = 3


@dataclass(frozen=True, kw_only=True)
class Reader:
    """For whom the mail is: since when something is new to them, and the day that it is there."""

    user: Any
    seen: Glance
    since: datetime
    today: date


def work_off(now: datetime) -> int:
    """Make the mail of everybody whose day has begun and who has none of that day; how many were sent."""
    waiting_for_it = _without_mail(now)
    if not waiting_for_it:
        return 0
    seen = glance.of_library()
    return sum(_made(user, day, seen, now) for user, day in waiting_for_it)


def _made(user: Any, day: date, seen: Glance, now: datetime) -> bool:
    """One mail that cannot be made keeps nobody else from theirs."""
    try:
        return _make(user, day, seen, now)
    except Exception:
        logger.exception("The mail of the day of account %s could not be made.", user.pk)
        return False


def _without_mail(now: datetime) -> list[tuple[Any, date]]:
    made = set(DailyMail.objects.filter(on__gte=now.date() - timedelta(days=1)).values_list("user_id", "on"))
    people = (user for user in telling.reachable() if not user.is_superuser or user.groups.exists())
    days = [(user, local) for user in people if (local := now.astimezone(_zone(user))).hour >= HOUR]
    return [(user, local.date()) for user, local in days if (user.pk, local.date()) not in made]


def _zone(user: Any) -> ZoneInfo:
    profile = getattr(user, "wagtail_userprofile", None)
    try:
        return ZoneInfo(profile.get_current_time_zone() if profile else settings.TIME_ZONE)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo(settings.TIME_ZONE)


def _make(user: Any, day: date, seen: Glance, now: datetime) -> bool:
    with transaction.atomic():
        record, is_new = DailyMail.objects.get_or_create(user=user, on=day, defaults={"made_at": now})
        if not is_new:
            return False
        last = DailyMail.objects.filter(user=user, on__lt=day).order_by("-on").first()
        reader = Reader(user=user, seen=seen, since=last.made_at if last else now - timedelta(days=1), today=day)
        with telling.speak_to(user):
            sections = [section for section in _sections(reader) if section.items]
            if not sections:
                return False
            message = telling.message(user, _("Today: %(what)s") % {"what": _counted(sections)}, list(_lines(sections)))
        record.was_sent = True
        record.save(update_fields=["was_sent"])
        transaction.on_commit(lambda: mail.get_connection().send_messages([message]), robust=True)
    return True


def _counted(sections: list[Section]) -> str:
    return ", ".join(f"{section.heading} ({section.total})" for section in sections)


def _lines(sections: list[Section]) -> Iterator[str]:
    base = str(settings.WAGTAILADMIN_BASE_URL)
    for section in sections:
        yield section.heading.upper()
        for item in section.items:
            yield "\n".join(line for line in (_title(item), item.why, item.said and f"“{item.said}”", base + item.url) if line)
        if section.more:
            yield _("And %(count)d more.") % {"count": section.more}
    yield _("All of it: %(address)s") % {"address": base + reverse("wagtailadmin_home")}
    yield _("Which mail you get is in your account: %(address)s") % {"address": base + reverse("wagtailadmin_account")}


def _title(item: Item) -> str:
    named = [item.name, *([item.language.own_name] if item.language else [])]
    if item.due_on:
        named.append(_("due on %(date)s") % {"date": due.day(item.due_on)})
    return ", ".join(named)


# -- what it says ----------------------------------------------------------------------------------------------------


def _sections(reader: Reader) -> Iterator[Section]:
    for kind, find in KINDS.items():
        if telling.wants(reader.user, kind) and may_get(reader.user, kind):
            yield from find(reader)


def _due(reader: Reader) -> Iterator[Section]:
    """What is theirs, or their team's, and is due soon or late."""
    until = reader.today + timedelta(days=AHEAD)
    yield waiting.due_until(reader.user, reader.seen, until, name=Mail.DUE, heading=_("Due soon, or late"))


def _changed(reader: Reader) -> Iterator[Section]:
    """Translations that a change of the source left behind since the last mail."""
    yield waiting.changed_since(reader.user, reader.seen, reader.since, name=Mail.CHANGED, heading=_("Changed in the source"))


def _to_check(reader: Reader) -> Iterator[Section]:
    yield waiting.for_reviewer(reader.user, reader.seen)


def _to_sign_off(reader: Reader) -> Iterator[Section]:
    yield waiting.for_clinical_reviewer(reader.user, reader.seen)


def _questions(reader: Reader) -> Iterator[Section]:
    yield watching.questions(reader.seen, since=reader.since)


def _answers(reader: Reader) -> Iterator[Section]:
    """What others said in the threads that somebody began."""
    rows = Comment.objects.filter(parent__by_id=reader.user.pk, at__gt=reader.since).exclude(by_id=reader.user.pk).select_related("parent")
    items = [
        Item(
            name=subject.name,
            url=waiting.translation_url(subject, row.language) if row.language else waiting.readers_url(subject),
            why=_("%(name)s answered on %(date)s.") % {"name": row.by_name, "date": due.day(row.at)},
            said=row.text,
            order=(row.at,),
        )
        for row in rows
        if (subject := reader.seen.subjects.get(row.subject_id))
    ]
    yield waiting.section(Mail.ANSWERS, _("Answers to you"), items, "")


def _reviews(reader: Reader) -> Iterator[Section]:
    """Reviews whose day has come since the last mail."""
    items = [
        Item(name=subject.name, url=waiting.readers_url(subject), due_on=row.due_on, order=(row.due_on,))
        for row in Lapse.objects.filter(at__gt=reader.since, subject_kind=Article.kind)
        if (subject := reader.seen.subjects.get(row.subject_id))
    ]
    yield waiting.section(Mail.REVIEWS, _("Reviews that fell due"), items, "")


#: The kinds of the mail of the day, in its order.
KINDS: dict[str, Callable[[Reader], Iterator[Section]]] = {
    Mail.DUE: _due,
    Mail.CHANGED: _changed,
    Mail.TO_SIGN_OFF: _to_sign_off,
    Mail.TO_CHECK: _to_check,
    Mail.QUESTIONS: _questions,
    Mail.ANSWERS: _answers,
    Mail.REVIEWS: _reviews,
}


def may_get(user: Any, kind: str) -> bool:
    """Whether a kind of mail is ever sent to somebody with these rights."""
    match kind:
        case Mail.ASSIGNED | Mail.RETURNED | Mail.SAFETY | Mail.CHANGED | Mail.DUE:
            return bool(user.has_perm("cms.translate"))
        case Mail.TO_CHECK:
            return bool(user.has_perm("cms.approve_translation"))
        case Mail.TO_SIGN_OFF:
            return bool(user.has_perm("cms.sign_off"))
        case Mail.QUESTIONS:
            return _edits(user)
        case Mail.REVIEWS:
            return _edits(user) or bool(user.has_perm("cms.sign_off"))
    return bool(user.has_perm("cms.translate") or user.has_perm("cms.approve_translation"))


def _edits(user: Any) -> bool:
    return bool(policy_registry.get_by_type(Page).user_has_permission(user, "change"))
