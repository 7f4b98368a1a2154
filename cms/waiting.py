"""What waits for a person, best first: each a text, why it waits, until when, and where to go.

Translators, language reviewers and clinical reviewers; what safety leads, editors and administrators watch is `cms.watching`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cms import due, languages, people, workload
from cms.glance import GRAVITY, Glance, Subject
from cms.models import Approval, Assignment, SourceChange, Submission

#: How many of a section are shown; the rest is a number.
SHOWN = 10


@dataclass(kw_only=True)
class Item:
    """One thing to do: `why` in sentences, `said` what somebody wrote to whoever does it, `act` a button and its address."""

    name: str
    url: str = ""
    language: languages.Language | None = None
    what: str = ""
    why: str = ""
    said: str = ""
    due_on: date | None = None
    is_safety: bool = False
    act: tuple[str, str] | None = None
    order: tuple[Any, ...] = ()

    @property
    def is_late(self) -> bool:
        return self.due_on is not None and self.due_on < timezone.localdate()


@dataclass(frozen=True, kw_only=True)
class Section:
    """A heading, what stands under it, and what is said when nothing does."""

    name: str
    heading: str
    items: list[Item] = field(default_factory=list)
    total: int = 0
    empty: str = ""

    @property
    def more(self) -> int:
        return self.total - len(self.items)


def section(name: str, heading: str, items: Iterable[Item], empty: str) -> Section:
    """The first items by their order."""
    found = sorted(items, key=lambda item: item.order)
    return Section(name=name, heading=heading, items=found[:SHOWN], total=len(found), empty=empty)


# -- translators -----------------------------------------------------------------------------------------------------


@dataclass(kw_only=True)
class _Task:
    """A translation to do, before its texts are read."""

    subject: Subject
    tag: str
    source: Any
    approval: Approval | None
    change: SourceChange | None
    returned: Submission | None
    is_begun: bool
    assignment: Assignment | None = None

    @property
    def is_safety(self) -> bool:
        return self.change is not None and self.change.severity == "safety"

    @property
    def due_on(self) -> date | None:
        """The nearer of the day that was given with it, and the last day for the change."""
        days = [self.assignment.due_on if self.assignment else None, due.on(self.change.severity, self.change.at) if self.change else None]
        return min((day for day in days if day), default=None)

    def is_given_to(self, user: Any) -> bool:
        """Whether it is this person's to do, by name or with their team."""
        return self.assignment is not None and self.assignment.person_id in (None, user.pk)

    @property
    def by_due_day(self) -> tuple[Any, ...]:
        return (self.due_on or date.max, *self.order)

    @property
    def order(self) -> tuple[Any, ...]:
        gravity = GRAVITY.index(self.change.severity) if self.change else 0
        since = self.change.at if self.change else self.source.at if self.source else timezone.now()
        given_to_another = self.assignment is not None
        return (not self.is_safety, given_to_another, not self.returned, -gravity, not self.approval, not self.is_begun, since)


def for_translator(user: Any, glance: Glance) -> Iterator[Section]:
    """What was given to somebody and to their teams, by its day; then the rest of what there is to translate in the languages that
    they hold: safety first, then what was returned, then the oldest change, and at the end what was given to others."""
    tasks = list(_all_tasks(user, glance))
    given = sorted((task for task in tasks if task.is_given_to(user)), key=lambda task: task.by_due_day)
    others = sorted((task for task in tasks if not task.is_given_to(user)), key=lambda task: task.order)
    shown = _items([*given[:SHOWN], *others[:SHOWN]], glance)
    yield Section(
        name="assigned",
        heading=_("Assigned to you and your teams"),
        items=shown[: len(given[:SHOWN])],
        total=len(given),
        empty=_("Nothing is assigned to you."),
    )
    yield Section(
        name="to-translate",
        heading=_("To translate"),
        items=shown[len(given[:SHOWN]) :],
        total=len(others),
        empty=_("Nothing waits for you. When a source changes, or a translation is returned, it stands here.")
        if people.held(user) & set(languages.TARGETS)
        else _(
            "You hold no language yet, so there is nothing that you can translate. An administrator gives you languages in your account."
        ),
    )


def due_until(user: Any, glance: Glance, last: date, *, name: str, heading: str) -> Section:
    """Of what somebody translates, what is due until a day and is not given to another: theirs, their team's, or nobody's."""
    tasks = [task for task in _all_tasks(user, glance) if task.due_on and task.due_on <= last]
    mine = sorted((task for task in tasks if not task.assignment or task.is_given_to(user)), key=lambda task: task.by_due_day)
    return Section(name=name, heading=heading, items=_items(mine[:SHOWN], glance), total=len(mine))


def changed_since(user: Any, glance: Glance, since: datetime, *, name: str, heading: str) -> Section:
    """Of what somebody translates, what a change of its source left behind since then."""
    tasks = sorted((task for task in _all_tasks(user, glance) if task.change and task.change.at > since), key=lambda task: task.order)
    return Section(name=name, heading=heading, items=_items(tasks[:SHOWN], glance), total=len(tasks))


def _all_tasks(user: Any, glance: Glance) -> Iterator[_Task]:
    held = [tag for tag in languages.TARGETS if tag in people.held(user)]
    return (task for subject in glance.subjects.values() for task in _tasks(subject, held, glance))


def _tasks(subject: Subject, held: list[str], glance: Glance) -> Iterable[_Task]:
    source = glance.newest_source(subject.public_id)
    for tag in held:
        key = (subject.public_id, tag)
        assignment = glance.assignments.get(key)
        if source is None and not assignment:
            continue
        approval, submission = glance.approval(*key), glance.submissions.get(key)
        written = glance.contributions.get(key, "")
        given = submission if submission and submission.text_digest == written and not _is_newer(approval, submission) else None
        if given and not given.returned_at:
            continue
        is_behind = source is not None and (approval is None or approval.source_digest != source.text_digest)
        if not is_behind and not given and not assignment:
            continue
        change = glance.change_since(subject.public_id, approval) if approval and is_behind else None
        if change and change.severity == "minor" and not given and not assignment:
            continue  # readers were told that the old text still says the same
        yield _Task(
            subject=subject,
            tag=tag,
            source=source,
            approval=approval,
            change=change,
            returned=given,
            is_begun=bool(written),
            assignment=assignment,
        )


def _is_newer(approval: Approval | None, submission: Submission) -> bool:
    return approval is not None and approval.at > submission.at


def _items(tasks: list[_Task], glance: Glance) -> list[Item]:
    loads = workload.of(glance, [(task.subject.public_id, task.tag) for task in tasks])
    return [_item(task, loads.get((task.subject.public_id, task.tag), workload.NOTHING)) for task in tasks]


def _item(task: _Task, load: workload.Load) -> Item:
    passages = ngettext("%(count)d passage to do", "%(count)d passages to do", load.passages) % {"count": load.passages}
    words = ngettext("%(count)d word", "%(count)d words", load.words) % {"count": load.words}
    given = task.assignment
    return Item(
        name=task.subject.name,
        url=translation_url(task.subject, task.tag),
        language=languages.get(task.tag),
        what=f"{passages}, {words}" if load.passages else "",
        why=" ".join(part for part in (_given(given) if given else "", _why(task)) if part),
        said=_said(task),
        due_on=task.due_on,
        is_safety=task.is_safety,
    )


def _said(task: _Task) -> str:
    if task.returned:
        return task.returned.return_reason
    if task.assignment and task.assignment.note:
        return task.assignment.note
    return task.change.note if task.change else ""


def _given(given: Assignment) -> str:
    """To whom, by whom and when."""
    named = {"name": given.by_name, "date": due.day(given.at)}
    if given.person is None:
        return _("Assigned to everybody who translates into it, by %(name)s on %(date)s.") % named
    return _("Assigned to %(to)s by %(name)s on %(date)s.") % {**named, "to": people.name(given.person)}


def _why(task: _Task) -> str:
    if task.returned and task.returned.returned_at:
        return _("%(name)s returned it on %(date)s.") % {"name": task.returned.returned_by_name, "date": due.day(task.returned.returned_at)}
    if task.change:
        return _("The source changed (%(severity)s) on %(date)s.") % {
            "severity": due.SEVERITIES[task.change.severity],
            "date": due.day(task.change.at),
        }
    if task.source is None:
        return _("Its source is not published yet.")
    if task.approval:
        return _("The source changed on %(date)s; readers do not have it yet.") % {"date": due.day(task.source.at)}
    return _("Begun, not submitted yet.") if task.is_begun else _("Not translated yet.")


# -- reviewers -------------------------------------------------------------------------------------------------------


def for_reviewer(user: Any, glance: Glance) -> Section:
    """Translations given for approval in the languages that somebody holds, the oldest first, and checks that lack their second."""
    held = people.held(user)
    items = [
        Item(
            name=glance.subjects[submission.subject_id].name,
            url=translation_url(glance.subjects[submission.subject_id], submission.language),
            language=languages.get(submission.language),
            why=_("%(name)s submitted it on %(date)s.") % {"name": submission.by_name, "date": due.day(submission.at)},
            said=submission.note,
            order=(not _lacks_safety_change(glance, submission), submission.at),
            is_safety=_lacks_safety_change(glance, submission),
        )
        for key, submission in glance.submissions.items()
        if submission.language in held
        and submission.subject_id in glance.subjects
        and submission.by_id != user.pk
        and not submission.returned_at
        and submission.text_digest == glance.contributions.get(key, submission.text_digest)
        and not _is_newer(glance.approval(*key), submission)
    ]
    items += _second_checks(user, glance, held)
    empty = _("No translation waits for your check.")
    return section(
        "to-check", _("To check"), items, empty if held else _("You hold no language yet, so there is nothing that you can check.")
    )


def _lacks_safety_change(glance: Glance, submission: Submission) -> bool:
    approval = glance.approval(submission.subject_id, submission.language)
    change = glance.change_since(submission.subject_id, approval) if approval else None
    return change is not None and change.severity == "safety"


def _second_checks(user: Any, glance: Glance, held: Iterable[str]) -> list[Item]:
    found = []
    for subject in glance.subjects.values():
        for tag in held:
            approval = glance.approval(subject.public_id, tag)
            if approval and not approval.is_complete and approval.by_id != user.pk:
                found.append(
                    Item(
                        name=subject.name,
                        url=translation_url(subject, tag),
                        language=languages.get(tag),
                        why=_("%(name)s checked it on %(date)s; a second person has to.")
                        % {"name": approval.by_name, "date": due.day(approval.at)},
                        order=(True, approval.at),
                    )
                )
    return found


def for_clinical_reviewer(user: Any, glance: Glance) -> Section:
    """Sources that were published, or submitted, and that nobody has signed off."""
    items = [
        Item(
            name=subject.name,
            url=reverse("mainstay:sign_off", args=[subject.kind, subject.public_id]),
            why=_("%(name)s published it on %(date)s.") % {"name": released.by_name, "date": due.day(released.at)},
            said=released.note,
            order=(released.severity != "safety", released.at),
            is_safety=released.severity == "safety",
        )
        for subject in glance.subjects.values()
        if (released := glance.decisions[subject.public_id].latest_release())
        and glance.decisions[subject.public_id].approval_of(released) is None
    ]
    return section("to-sign-off", _("To sign off"), items, _("Every source that was published is signed off."))


# -- words and addresses ---------------------------------------------------------------------------------------------


def translation_url(subject: Subject, tag: str) -> str:
    """Where a text of one language is worked on: its form, or for the source its sign-off."""
    if tag == languages.SOURCE:
        return reverse("mainstay:sign_off", args=[subject.kind, subject.public_id])
    return reverse("mainstay:translate", args=[subject.kind, subject.public_id, tag])


def readers_url(subject: Subject) -> str:
    """What readers get of a text, in all languages."""
    return reverse("mainstay:readers", args=[subject.kind, subject.public_id])
