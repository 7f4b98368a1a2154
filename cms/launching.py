"""Putting approved texts live together, all or none: at a time, or when somebody says so.

What was approved for later is looked at again in that moment. Where one text cannot go out none does, and whoever made the
launch is told why. Rows are locked in one order: the launch, the articles ascending by pk, the shared texts, the numbers.
"""

import logging
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from api import store
from cms import audit, evidence, languages, obstacles, publishing, segments, subjects
from cms.models import Approval, Article, Launch, LaunchItem, TranslatedModel, signature
from cms.serving import Decisions, State, standing

logger = logging.getLogger(__name__)


class NotLaunchable(ValueError):
    """The launch cannot be made, carried out or cancelled; the message says why."""


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A text that was approved for later and is in no open launch yet."""

    subject: TranslatedModel
    approval: Approval

    @property
    def value(self) -> str:
        """How a form names it."""
        return f"{self.approval.subject_kind}.{self.approval.subject_id}.{self.approval.language}"


@dataclass(frozen=True, kw_only=True)
class Checked:
    """One text of a launch: what it is called, the approval that would count, and what stands in its way, in sentences."""

    item: LaunchItem
    name: str
    approval: Approval | None
    blocks: list[str]

    @property
    def language_name(self) -> str:
        return languages.own_name(self.item.language)


def waiting() -> list[Waiting]:
    """What may be put into a launch: approved with all its checks, and held back."""
    taken = set(LaunchItem.objects.filter(launch__in=_open()).values_list("subject_id", "language"))
    rows = Approval.objects.filter(is_complete=True, effective_at__isnull=True, revoked_at__isnull=True).order_by("at")
    newest = {(row.subject_id, row.language): row for row in rows}
    found = _subjects((row.subject_kind, row.subject_id) for row in newest.values())
    return [
        Waiting(subject=found[row.subject_id], approval=row)
        for key, row in newest.items()
        if key not in taken and row.subject_id in found and not _counts_since(row)
    ]


def _counts_since(approval: Approval) -> bool:
    """Whether a later approval of this language counts already: what was held back is no longer wanted."""
    later = Approval.objects.filter(subject_id=approval.subject_id, language=approval.language, effective_at__gte=approval.at)
    return later.exists()


def make(name: str, wanted: Collection[Waiting], *, by: Any, due_at: datetime | None = None) -> Launch:
    """A launch of these texts. Without a time it waits until somebody puts it live."""
    if not wanted:
        raise NotLaunchable(_("Choose at least one text."))
    if due_at is not None and due_at <= timezone.now():
        raise NotLaunchable(_("This moment is over. Leave it empty, and put the texts live yourself."))
    with transaction.atomic():
        launch = Launch.objects.create(name=name, due_at=due_at, **signature(by))
        LaunchItem.objects.bulk_create(
            LaunchItem(
                launch=launch, subject_id=row.approval.subject_id, subject_kind=row.approval.subject_kind, language=row.approval.language
            )
            for row in wanted
        )
    return launch


def cancel(launch: Launch) -> None:
    """Take it off: its texts stay approved, and wait."""
    with transaction.atomic():
        locked = Launch.objects.select_for_update().get(pk=launch.pk)
        _require_open(locked)
        locked.cancelled_at = timezone.now()
        locked.save(update_fields=["cancelled_at"])


def check(launch: Launch) -> list[Checked]:
    """Every text of a launch with what blocks it now."""
    items = list(launch.items.order_by("subject_kind", "subject_id", "language"))
    found = _subjects((item.subject_kind, item.subject_id) for item in items)
    decisions = evidence.of_many(item.subject_id for item in items)
    return [_check(item, found.get(item.subject_id), decisions[item.subject_id]) for item in items]


def due() -> list[Launch]:
    """Launches whose moment has come, the earliest first; one that failed waits for a person."""
    return list(_open().filter(due_at__lte=timezone.now(), failed_at__isnull=True).order_by("due_at", "pk"))


def launch(wanted: Launch, *, by: Any) -> Launch:
    """Put all of it live, or nothing, and then keep and tell why. Raises NotLaunchable for one that is over already."""
    with transaction.atomic():
        locked = Launch.objects.select_for_update().get(pk=wanted.pk)
        _require_open(locked)
        _lock_subjects(locked)
        with store.writing():
            checked = check(locked)
            blocks = [_("%(name)s in %(language)s: %(why)s") % _named(row, why) for row in checked for why in row.blocks]
            if not blocks:
                blocks = _put_live_or_say_why(checked, by=by)
            if blocks:
                _fail(locked, blocks)
            else:
                locked.launched_at, locked.failed_at, locked.failure = timezone.now(), None, ""
            locked.save(update_fields=["launched_at", "failed_at", "failure"])
    return locked


def _put_live_or_say_why(checked: list[Checked], *, by: Any) -> list[str]:
    """Nothing of it stays when one document would break the contract with partners."""
    try:
        with transaction.atomic():
            for row in checked:
                _put_live(row, by=by)
            publishing.spread(dict.fromkeys(row.item.subject_id for row in checked))
    except store.ContractViolation as violation:
        logger.exception("A launch would store a document that partners cannot read.")
        return [_("A document would not be readable for partners: %(why)s") % {"why": violation}]
    return []


def _put_live(row: Checked, *, by: Any) -> None:
    approval, item = row.approval, row.item
    if approval is None or approval.effective_at:
        return
    approval.effective_at = evidence.next_moment(evidence.of(item.subject_id))
    approval.save(update_fields=["effective_at"])
    update_type = approval.severity or "substantive"
    publishing.publish(item.subject_id, item.subject_kind, tags=[item.language], update_type=update_type, note=approval.note)
    audit.log(subjects.get(item.subject_kind, item.subject_id), "launch", by=by, language=item.language)


def _fail(launch: Launch, blocks: list[str]) -> None:
    launch.failed_at, launch.failure = timezone.now(), "\n".join(blocks)
    maker = get_user_model().objects.filter(pk__in=[launch.by_id], is_active=True).exclude(email="").first()
    if maker:
        send_mail(
            _("Not put live: %(name)s") % {"name": launch.name},
            _("Nothing of “%(name)s” was put live, because:") % {"name": launch.name} + "\n\n" + launch.failure,
            settings.DEFAULT_FROM_EMAIL,
            [maker.email],
        )


def _named(row: Checked, why: str) -> dict[str, str]:
    return {"name": row.name, "language": row.language_name, "why": why}


# -- what blocks ------------------------------------------------------------------------------------------------------


def _check(item: LaunchItem, subject: TranslatedModel | None, decisions: Decisions) -> Checked:
    if subject is None:
        return Checked(item=item, name=str(item.subject_id), approval=None, blocks=[_("It was deleted.")])
    approval = _approval(item, decisions)
    blocks = list(_blocks(item, subject, decisions, approval))
    return Checked(item=item, name=str(subject), approval=approval, blocks=blocks)


def _approval(item: LaunchItem, decisions: Decisions) -> Approval | None:
    rows = [row for row in decisions.approvals if row.language == item.language and row.is_complete and not row.revoked_at]
    return max(rows, key=lambda row: row.at, default=None)


def _blocks(item: LaunchItem, subject: TranslatedModel, decisions: Decisions, approval: Approval | None) -> Iterator[str]:
    if approval is None:
        yield _("It is not approved.")
        return
    now = standing(decisions, item.language)
    live = standing(decisions, languages.SOURCE)
    texts = subject.texts_in(item.language)
    if segments.text_digest(texts) != approval.text_digest:
        yield _("The text has changed since it was approved.")
    if live.live is None:
        yield _("Its source is not live.")
    elif live.live.text_digest != approval.source_digest:
        yield _("The source has moved since it was approved.")
    if now.state in (State.GONE, State.RECALLED):
        yield _("It was taken down. Bring it back first.")
    if any(cause and not cause.is_older_than(approval) for cause in (now.held, now.noticed)):
        yield _("Something was said against the text since it was approved, so it has to be approved again.")
    if not approval.effective_at:
        approver = get_user_model()(pk=approval.by_id)  # who may have left
        yield from obstacles.of_translation(subject, item.language, texts, approval.source_texts, by=approver)


def _require_open(launch: Launch) -> None:
    if launch.launched_at:
        raise NotLaunchable(_("It is live already."))
    if launch.cancelled_at:
        raise NotLaunchable(_("It was cancelled."))


def _open() -> Any:
    return Launch.objects.filter(launched_at__isnull=True, cancelled_at__isnull=True)


def _lock_subjects(launch: Launch) -> None:
    """Articles first, ascending by pk, as everybody locks them; then the shared texts, kind by kind."""
    wanted = dict.fromkeys(launch.items.values_list("subject_kind", "subject_id"))
    for kind, model in sorted(subjects.MODELS.items(), key=lambda pair: (pair[0] != Article.kind, pair[0])):
        ids = [subject_id for found, subject_id in wanted if found == kind]
        if ids and kind == Article.kind:
            list(Article.objects.filter(public_id__in=ids).for_update())
        elif ids:
            list(model._default_manager.filter(public_id__in=ids).select_for_update().order_by("pk"))


def _subjects(wanted: Iterable[tuple[str, UUID]]) -> dict[UUID, TranslatedModel]:
    """The subjects that exist, by public id, in one query a kind."""
    asked = set(wanted)
    return {
        row.public_id: row
        for kind, model in subjects.MODELS.items()
        for row in model._default_manager.filter(public_id__in=[subject_id for found, subject_id in asked if found == kind])
    }
