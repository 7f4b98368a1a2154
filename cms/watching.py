"""What has to be watched: by safety leads, clinical reviewers and editors. What concerns the service itself is `cms.housekeeping`."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import WorkflowState

from cms import due, languages, people
from cms.glance import Glance, Subject
from cms.models import Approval, Article, Comment, Override, Review
from cms.serving import Standing, State
from cms.waiting import Item, Section, readers_url, section, translation_url

#: Days before a review or the last day of a key at which somebody is told.
AHEAD = 30


# -- safety ----------------------------------------------------------------------------------------------------------


def unsafe(glance: Glance) -> Section:
    """Texts that are held, or stand under a notice: the nearest deadline first, then the longest held."""
    items = [
        item
        for subject in glance.subjects.values()
        for tag in languages.TAGS
        if (item := _unsafe(subject, tag, glance.standing(subject.public_id, tag)))
    ]
    return section("unsafe", _("Held, or under a notice"), items, _("No text is held, and none stands under a safety notice."))


def _unsafe(subject: Subject, tag: str, standing: Standing) -> Item | None:
    cause = standing.held if standing.state == State.HELD else standing.noticed if standing.state == State.NOTICED else None
    if cause is None:
        return None
    days = (timezone.now() - cause.at).days
    since = _("since %(date)s") % {"date": due.day(cause.at)}
    if days:
        since = ngettext("%(count)d day, %(since)s", "%(count)d days, %(since)s", days) % {"count": days, "since": since}
    last = due.on("safety", cause.at) if standing.state == State.NOTICED else None
    return Item(
        name=subject.name,
        url=readers_url(subject),
        language=languages.get(tag),
        what=_("Under a notice") if last else _("Held"),
        why=f"{_reason(cause.reason)} ({since})",
        due_on=last,
        is_safety=True,
        order=(last is None, last or cause.at.date(), subject.name),
    )


def _reason(code: str) -> str:
    return {
        "paused-for-safety": _("Paused for safety"),
        "source-safety-change": _("The source changed for safety"),
        "safety-change-not-translated": _("A safety change was not translated in time"),
        "approval-revoked": _("Its approval was taken back"),
    }.get(code, code)


def unconfirmed(user: Any, glance: Glance) -> Section:
    """Approvals that one person gave alone, in an emergency, until another confirms them: where the text is read, for who may."""
    items = [
        Item(
            name=glance.subjects[row.subject_id].name,
            url=_where_confirmed(user, glance.subjects[row.subject_id], row.language),
            language=languages.get(row.language),
            what=_("Waits for a second person"),
            why=(_("You approved it alone on %(date)s.") if row.by_id == user.pk else _("%(name)s approved it alone on %(date)s."))
            % {"name": row.by_name, "date": due.day(row.at)},
            said=row.break_glass_reason,
            is_safety=True,
            order=(row.at,),
        )
        for row in Approval.objects.exclude(break_glass_reason="").filter(confirmed_at=None, revoked_at=None).defer("texts", "source_texts")
        if row.subject_id in glance.subjects
    ]
    return section("unconfirmed", _("Approved alone, not confirmed yet"), items, _("Every approval had its second person."))


def _where_confirmed(user: Any, subject: Subject, tag: str) -> str:
    return translation_url(subject, tag) if tag == languages.SOURCE or user.has_perm("cms.approve_translation") else readers_url(subject)


def long_outdated(glance: Glance) -> Section:
    """Translations that have lacked a substantive change for longer than they should."""
    items = []
    for subject in glance.subjects.values():
        for tag in languages.TARGETS:
            standing = glance.standing(subject.public_id, tag)
            change = glance.change_since(subject.public_id, standing.approval) if standing.outdated_by and standing.approval else None
            last = due.on("substantive", change.at) if change and standing.state == State.OUTDATED else None
            if change and last and last < timezone.localdate():
                items.append(
                    Item(
                        name=subject.name,
                        url=readers_url(subject),
                        language=languages.get(tag),
                        why=_("The source changed on %(date)s.") % {"date": due.day(change.at)},
                        said=change.note,
                        due_on=last,
                        order=(last, subject.name),
                    )
                )
    return section("long-outdated", _("Outdated for too long"), items, _("No translation has been outdated for more than 60 days."))


# -- sources ---------------------------------------------------------------------------------------------------------


def unsigned(glance: Glance) -> Section:
    """Sources that their editor let go and that wait for somebody's signature: partners do not have them yet."""
    items = [
        Item(
            name=subject.name,
            url=readers_url(subject),
            why=_("Published here on %(date)s, waiting for sign-off.") % {"date": due.day(released.at)},
            order=(released.at,),
        )
        for subject in glance.subjects.values()
        if (released := glance.decisions[subject.public_id].latest_release())
        and glance.decisions[subject.public_id].approval_of(released) is None
    ]
    return section("unsigned", _("Published, waiting for sign-off"), items, _("Everything that was published is signed off."))


def questions(glance: Glance, *, since: datetime | None = None) -> Section:
    """What translators ask about a source; all that is open, or what was asked since then."""
    rows = Comment.objects.filter(language="", parent=None, resolved_at=None)
    items = [
        Item(
            name=glance.subjects[row.subject_id].name,
            url=readers_url(glance.subjects[row.subject_id]),
            why=_("%(name)s asked on %(date)s.") % {"name": row.by_name, "date": due.day(row.at)},
            said=row.text,
            order=(row.at,),
        )
        for row in (rows.filter(at__gt=since) if since else rows)
        if row.subject_id in glance.subjects
    ]
    return section("questions", _("Questions about the source"), items, _("No question is open."))


def reviews(glance: Glance) -> Section:
    """Articles whose medical review is due soon, or overdue."""
    moved: dict[UUID, Any] = dict(Review.objects.values_list("subject_id").annotate(Max("next_due_on")))
    until = timezone.localdate() + timedelta(days=AHEAD)
    items = []
    for subject in glance.subjects.values():
        dates = [found for found in (subject.review_due_on, moved.get(subject.public_id)) if found]
        if subject.kind == Article.kind and dates and (last := max(dates)) <= until:
            items.append(Item(name=subject.name, url=readers_url(subject), due_on=last, order=(last, subject.name)))
    return section("reviews", _("Reviews"), items, _("No review is due in the next 30 days."))


def minor_changes(glance: Glance, *, since: datetime) -> Section:
    """What editors called minor: translations carry it over unseen, so somebody else looks whether it is."""
    raised = {change.raises_id for decided in glance.decisions.values() for change in decided.changes if change.raises_id}
    items = [
        Item(
            name=subject.name,
            url=reverse("mainstay:timeline", args=[subject.kind, subject.public_id]),
            why=_("%(name)s changed it on %(date)s and called that minor.") % {"name": change.by_name, "date": due.day(change.at)},
            said=change.note,
            act=(_("Raise…"), reverse("mainstay:raise_severity", args=[subject.public_id, change.pk])),
            order=(-change.at.timestamp(),),
        )
        for subject in glance.subjects.values()
        if subject.kind == Article.kind
        for change in glance.decisions[subject.public_id].changes
        if change.severity == "minor" and change.at > since and change.pk not in raised and change.from_digest != change.to_digest
    ]
    return section("minor", _("Minor changes since your last visit"), items, _("Nothing was changed as minor since your last visit."))


def overrides(glance: Glance, *, since: datetime) -> Section:
    """What the checks found and somebody asked to let pass."""
    items = [
        Item(
            name=subject.name,
            url=translation_url(subject, row.language),
            language=languages.get(row.language),
            why=_("%(name)s asked to let pass what a check found, on %(date)s.") % {"name": row.by_name, "date": due.day(row.at)},
            said=row.reason,
            order=(-row.at.timestamp(),),
        )
        for row in Override.objects.filter(at__gt=since, withdrawn_at=None)
        if (subject := glance.subjects.get(row.subject_id))
    ]
    return section("overrides", _("Let pass since your last visit"), items, _("Nobody asked to let anything pass since your last visit."))


# -- editors ---------------------------------------------------------------------------------------------------------


def returned_sources(glance: Glance) -> Section:
    """Sources whose sign-off was refused, with what is to be changed."""
    by_page = {subject.page_id: subject for subject in glance.subjects.values() if subject.page_id}
    states = WorkflowState.objects.filter(status=WorkflowState.STATUS_NEEDS_CHANGES, content_type__app_label="cms")
    items = [
        Item(
            name=subject.name,
            url=reverse("wagtailadmin_pages:edit", args=[subject.page_id]),
            why=_("%(name)s asked for changes on %(date)s.") % {"name": _finisher(task), "date": due.day(task.finished_at)},
            said=task.comment,
            order=(task.finished_at,),
        )
        for row in states.select_related("current_task_state__finished_by")
        if (subject := by_page.get(int(row.object_id))) and (task := row.current_task_state) and task.finished_at
    ]
    return section("returned-sources", _("Returned to their editor"), items, _("No source was returned."))


def _finisher(task: Any) -> str:
    return people.name(task.finished_by) if task.finished_by else _("Somebody")


def drafts(glance: Glance) -> Section:
    """What was written and neither published nor submitted, the newest first."""
    by_page = {subject.page_id: subject for subject in glance.subjects.values() if subject.page_id}
    submitted = WorkflowState.objects.active().filter(content_type__app_label="cms").values_list("object_id", flat=True)
    rows = Article.objects.filter(has_unpublished_changes=True).exclude(pk__in=[int(pk) for pk in submitted])
    columns = ("pk", "live", "latest_revision_created_at", "latest_revision__user__username")
    items = [
        Item(
            name=by_page[pk].name,
            url=reverse("wagtailadmin_pages:edit", args=[pk]),
            why=(
                _("Changed since it was published, last on %(date)s by %(name)s.")
                if live
                else _("Never published; changed last on %(date)s by %(name)s.")
            )
            % {"date": due.day(at) if at else "–", "name": who or _("somebody")},
            order=(-at.timestamp() if at else 0.0,),
        )
        for pk, live, at, who in rows.values_list(*columns)
        if pk in by_page
    ]
    return section("drafts", _("Drafts"), items, _("There is no draft."))


def behind(glance: Glance) -> Section:
    """Articles whose change has not reached every language, the nearest day first."""
    items = []
    for subject in glance.subjects.values():
        lacking = [(tag, found) for tag in languages.TARGETS if (found := glance.standing(subject.public_id, tag)).outdated_by]
        if not lacking or subject.kind != Article.kind:
            continue
        changes = [
            change for _tag, found in lacking if found.approval and (change := glance.change_since(subject.public_id, found.approval))
        ]
        days = [day for change in changes if (day := due.on(change.severity, change.at))]
        items.append(
            Item(
                name=subject.name,
                url=readers_url(subject),
                what=ngettext("%(count)d language behind", "%(count)d languages behind", len(lacking)) % {"count": len(lacking)},
                why=", ".join(f"\N{FIRST STRONG ISOLATE}{languages.own_name(tag)}\N{POP DIRECTIONAL ISOLATE}" for tag, _found in lacking),
                said=max(changes, key=lambda change: change.at).note if changes else "",
                due_on=min(days, default=None),
                is_safety=any(found.outdated_by == "safety" for _tag, found in lacking),
                order=(min(days, default=date.max), subject.name),
            )
        )
    return section("behind", _("Languages behind"), items, _("Every translation follows its source."))
