"""Who is told what by mail at once: what was assigned, what came back, and what concerns safety. The rest is `cms.daily_mail`.

One plain message a person and cause, in the language of their admin, after the commit. Nobody is told of what they did
themselves, and a loader tells nobody. Each kind can be turned off, but what a safety lead is told.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import mail
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cms import due, evidence, languages, people, subjects
from cms.models import Approval, Assignment, Closure, Mail, SourceChange, Submission
from cms.serving import standing

#: Reserved (RFC 2606): nobody gets mail there, so none is sent.
NOWHERE = ".invalid"
#: What a message is made of, in the language that is active: its subject and its lines.
Words = tuple[str, list[str]]


def assigned(given: Sequence[Assignment], *, by: Any) -> None:
    """Whoever has to do it is told what was given to them or to their team, until when, by whom: all of it in one mail."""

    def of(user: Any) -> list[Assignment]:
        held = people.known(user)
        return [row for row in given if row.person_id == user.pk or (row.person_id is None and row.language in held)]

    def words(user: Any) -> Words | None:
        rows = of(user)
        if not rows:
            return None
        titles = {row.subject_id: _named(row)["title"] for row in rows}
        counted = ngettext("%(count)d translation assigned to you", "%(count)d translations assigned to you", len(rows)) % {
            "count": len(rows)
        }
        subject = _("Assigned to you: %(title)s (%(language)s)") % _named(rows[0]) if len(rows) == 1 else counted
        due_on, note = rows[0].due_on, rows[0].note
        return subject, [
            _("%(name)s assigned to you:") % {"name": rows[0].by_name},
            *[
                f"{titles[row.subject_id]}, {languages.own_name(row.language)}"
                + ("" if row.person_id else " (" + _("to everybody who translates into it") + ")")
                + f":\n{_address('translate', row, row.language)}"
                for row in rows
            ],
            _("Due on %(date)s.") % {"date": due.day(due_on)} if due_on else "",
            note,
        ]

    if given:
        _tell(lambda: [user for user in _able("translate") if of(user)], words, by=by, kind=Mail.ASSIGNED)


def returned(submission: Submission, *, by: Any) -> None:
    """Its translator is told why a translation came back."""

    def words(user: Any) -> Words:
        return _("%(language)s returned: %(title)s") % _named(submission), [
            _("%(name)s returned your translation:") % {"name": submission.returned_by_name},
            submission.return_reason,
            _address("translate", submission, submission.language),
        ]

    _tell(lambda: reachable(pk=submission.by_id), words, by=by, kind=Mail.RETURNED)


def source_changed(change: SourceChange, *, by: Any) -> None:
    """Of a safety change, translators are told what to do in their languages, and until when; safety leads are told of each."""
    if not change.from_digest or change.severity != "safety":
        return

    def behind(user: Any) -> list[str]:
        decided = evidence.of(change.subject_id)
        held = people.known(user) if user.has_perm("cms.translate") and wants(user, Mail.SAFETY) else frozenset()
        return [tag for tag in languages.TARGETS if tag in held and standing(decided, tag).outdated_by]

    def words(user: Any) -> Words | None:
        tags, last = behind(user), due.on(change.severity, change.at)
        if not tags and not user.has_perm("cms.post_notice"):
            return None
        lines = [change.note]
        if tags and last:
            lines.append(_("To translate until %(date)s:") % {"date": due.day(last)})
            lines += [f"{languages.own_name(tag)}: {_address('translate', change, tag)}" for tag in tags]
        lines.append(_("What readers get: %(address)s") % {"address": _address("readers", change)})
        named = {**_named(change), "severity": due.SEVERITIES[change.severity]}
        return _("The source changed (%(severity)s): %(title)s") % named, lines

    _tell(lambda: [*_able("translate"), *_able("post_notice")], words, by=by)


def taken_down(closure: Closure, *, by: Any) -> None:
    """Safety leads are told of what was paused, retired or recalled."""

    def words(user: Any) -> Words:
        where = languages.own_name(closure.language) if closure.language else _("All languages")
        return f"{closure.get_state_display()}: {_named(closure)['title']}", [
            f"{where}. {closure.by_name}:",
            closure.reason,
            _address("readers", closure),
        ]

    _tell(lambda: _able("post_notice"), words, by=by)


def approved_alone(approval: Approval, *, by: Any) -> None:
    """Safety leads are told that one person approved a text without the second, and why."""

    def words(user: Any) -> Words:
        return _("Approved alone: %(title)s") % _named(approval), [
            _("%(name)s approved %(language)s without a second person, because:") % {"name": approval.by_name, **_named(approval)},
            approval.break_glass_reason,
            _("Somebody else has to confirm it: %(address)s") % {"address": _address("readers", approval)},
        ]

    _tell(lambda: _able("post_notice"), words, by=by)


# -- who, and how ----------------------------------------------------------------------------------------------------


def _tell(whom: Callable[[], Iterable[Any]], words: Callable[[Any], Words | None], *, by: Any, kind: str = "") -> None:
    """Write to each of them once, when what they are told of is committed. A failing mail server undoes nothing, and is logged."""
    if by is not None and by.pk is None:
        return

    def send() -> None:
        unique = {user.pk: user for user in whom() if by is None or user.pk != by.pk}
        messages = [made for user in unique.values() if wants(user, kind) and (made := _message(user, words))]
        if messages:
            mail.get_connection().send_messages(messages)

    transaction.on_commit(send, robust=True)


def _message(user: Any, words: Callable[[Any], Words | None]) -> mail.EmailMessage | None:
    with speak_to(user):
        found = words(user)
        return message(user, *found) if found else None


def wants(user: Any, kind: str) -> bool:
    """Whether somebody has left this kind of mail on."""
    return kind not in getattr(getattr(user, "profile", None), "muted", [])


def speak_to(user: Any) -> Any:
    """A context in which words are those of the language of somebody's admin."""
    profile = getattr(user, "wagtail_userprofile", None)
    return translation.override((profile and profile.preferred_language) or settings.LANGUAGE_CODE)


def message(user: Any, subject: str, lines: list[str]) -> mail.EmailMessage:
    """A plain mail: its paragraphs, without the empty ones."""
    return mail.EmailMessage(" ".join(subject.split()), "\n\n".join(line for line in lines if line) + "\n", to=[user.email])


def reachable(**wanted: Any) -> Iterator[Any]:
    """Whoever logs in and has an address at which somebody is."""
    rows = get_user_model().objects.filter(is_active=True, **wanted).exclude(email="").exclude(email__endswith=NOWHERE)
    yield from rows.select_related("wagtail_userprofile", "profile").order_by("pk")


def _able(permission: str) -> Iterator[Any]:
    """Whoever may do this by their role; a superuser without one is written to about nothing."""
    yield from reachable(pk__in=people.able(permission).values("pk"))


def _named(row: Any) -> dict[str, str]:
    """The title of what a decision is about, and the language of the decision."""
    return {
        "title": _title(row.subject_kind, row.subject_id),
        "language": languages.own_name(getattr(row, "language", "") or languages.SOURCE),
    }


def _title(kind: str, subject_id: UUID) -> str:
    model = subjects.MODELS.get(kind)
    found = model._default_manager.filter(public_id=subject_id).first() if model else None
    return str(found or subject_id)


def _address(screen: str, row: Any, *more: str) -> str:
    return str(settings.WAGTAILADMIN_BASE_URL) + reverse(f"mainstay:{screen}", args=[row.subject_kind, row.subject_id, *more])
