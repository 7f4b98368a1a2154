"""Giving a translation to somebody to do: to a person who works in its language, or to everybody who does.

One assignment of a text is open at a time. Giving it anew ends the one before; approving the translation ends it too.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from cms import audit, evidence, glance, languages, people, reference, telling
from cms.models import Assignment, TranslatedModel, signature

#: Given in the place of a person: to everybody who translates into the language.
TEAM = None
NOTE_LIMIT = 500


@dataclass(frozen=True, kw_only=True)
class Work:
    """To whom something is given, until when, and what they have to know."""

    to: Any = TEAM
    due_on: date | None = None
    note: str = ""


class NotAssignable(ValueError):
    """It cannot be given like this; `errors` says why, a field of `Work` or `language` each, in sentences."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(" ".join(errors.values()))
        self.errors = errors


def faults(tags: Iterable[str], work: Work) -> dict[str, str]:
    """What stands in the way of giving these languages like this, by field; empty when nothing does."""
    wanted = list(tags)
    found = {}
    if unknown := [tag for tag in wanted if tag not in languages.TARGETS]:
        found["language"] = _("Nothing is translated into %(languages)s.") % {"languages": ", ".join(unknown)}
    elif wrong := _fault_of_person(wanted, work.to):
        found["to"] = wrong
    if work.due_on and work.due_on < timezone.localdate():
        found["due_on"] = _("This day is past.")
    if len(work.note) > NOTE_LIMIT:
        found["note"] = _("At most %(count)d characters.") % {"count": NOTE_LIMIT}
    return found


def _fault_of_person(tags: list[str], to: Any) -> str:
    translators = people.translators()
    if to is TEAM:
        lacking = [tag for tag in tags if not any(tag in held for held in translators.values())]
        return _("Nobody translates into %(languages)s yet.") % {"languages": _in_words(lacking)} if lacking else ""
    if not to.is_active:
        return _("%(name)s cannot log in any more.") % {"name": people.name(to)}
    if to not in people.able("translate"):
        return _("%(name)s is no translator.") % {"name": people.name(to)}
    lacking = [tag for tag in tags if tag not in people.known(to)]
    return _("%(name)s does not work in %(languages)s.") % {"name": people.name(to), "languages": _in_words(lacking)} if lacking else ""


def _in_words(tags: list[str]) -> str:
    return get_text_list([languages.own_name(tag) for tag in tags], _("and"))


def assign(texts: Iterable[tuple[TranslatedModel, str]], work: Work, *, by: Any) -> list[Assignment]:
    """Give texts to somebody, and tell whoever has to do them in one mail. What is done already, or given like this already, is left out.

    Raises NotAssignable, and PermissionDenied for somebody who may not.
    """
    _require(by)
    wanted = list(texts)
    if found := faults(dict.fromkeys(tag for _subject, tag in wanted), work):
        raise NotAssignable(found)
    with transaction.atomic():
        ordered = sorted(wanted, key=lambda text: (text[0].kind, text[0].pk))
        given = [made for subject, tag in ordered if (made := _assign(subject, tag, work, by=by))]
        telling.assigned(given, by=by)
    return given


def _assign(subject: TranslatedModel, language: str, work: Work, *, by: Any) -> Assignment | None:
    locked = reference.lock(subject)
    if glance.is_translated(evidence.outlines_of([locked.public_id])[locked.public_id], language):
        return None
    before, note = Assignment.objects.of(locked.public_id, language), work.note.strip()
    if before and (before.person, before.due_on, before.note) == (work.to, work.due_on, note):
        return None
    if before:
        _end(before, Assignment.Ending.GIVEN_ANEW, by=by)
    made = Assignment.objects.create(
        subject_id=locked.public_id,
        subject_kind=locked.kind,
        language=language,
        person=work.to,
        due_on=work.due_on,
        note=note,
        **signature(by),
    )
    to = people.name(work.to) if work.to else ""
    audit.log(locked, "assign", by=by, language=language, to=to, due_on=work.due_on.isoformat() if work.due_on else "")
    return made


def take_back(subject: TranslatedModel, language: str, *, by: Any) -> bool:
    """End an assignment without putting another in its place; whether there was one."""
    _require(by)
    with transaction.atomic():
        locked = reference.lock(subject)
        before = Assignment.objects.of(locked.public_id, language)
        if before is None:
            return False
        _end(before, Assignment.Ending.TAKEN_BACK, by=by)
        audit.log(locked, "take_back", by=by, language=language, to=people.name(before.person) if before.person else "")
    return True


def end_approved(subject_id: UUID, language: str, *, by: Any) -> None:
    """The translation was approved: what was given to somebody is done."""
    if before := Assignment.objects.of(subject_id, language):
        _end(before, Assignment.Ending.APPROVED, by=by)


def _end(assignment: Assignment, how: str, *, by: Any) -> None:
    assignment.ended_at, assignment.ended_as, assignment.ended_by_name = timezone.now(), how, signature(by)["by_name"]
    assignment.save(update_fields=["ended_at", "ended_as", "ended_by_name"])


def whom(assignment: Assignment) -> str:
    """To whom something is given, in words."""
    if assignment.person:
        return people.name(assignment.person)
    return _("everybody who translates into %(language)s") % {"language": languages.own_name(assignment.language)}


def _require(by: Any) -> None:
    if not by.has_perm("cms.assign"):
        raise PermissionDenied(_("You may not assign translations."))
