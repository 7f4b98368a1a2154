"""What editors scheduled: pages that go live or expire at a moment, each in its own transaction.

Wagtail's command clears a schedule before it has published, outside a transaction: killed in between, it forgets the page.
Here both are one commit. Only pages are scheduled; no snippet of ours has drafts.
"""

import logging
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from wagtail.models import Page, Revision

from cms.models import Article

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How many pages were brought to where they should be, and how many could not be."""

    done: int
    failed: int


def due() -> list[int]:
    """The pages whose moment to go live or to expire has come, by pk, ascending."""
    now = timezone.now()
    going_live = _approved(now).values_list("object_id", flat=True)
    expired = Page.objects.filter(live=True, expire_at__lt=now).values_list("pk", flat=True)
    return sorted({*map(int, going_live), *expired})


def work_off() -> Outcome:
    """Do what is due. A page that fails keeps its schedule, is logged, and does not stop the others."""
    done = failed = 0
    for page_pk in due():
        try:
            carry_out(page_pk)
            done += 1
        except Exception:
            logger.exception("Page %s could not be published or expired as scheduled.", page_pk)
            failed += 1
    return Outcome(done=done, failed=failed)


@transaction.atomic
def carry_out(page_pk: int) -> None:
    """Publish and expire one page, if it is still due when its row is ours.

    Publishing comes first: a new text replaces an expired one without a gap, and one that is past its own end never shows.
    """
    if not _lock(page_pk):
        return
    now = timezone.now()
    revision = _approved(now).filter(object_id=str(page_pk)).order_by("approved_go_live_at").last()
    if revision:
        revision.publish(log_action="wagtail.publish.scheduled")
    page = Page.objects.filter(pk=page_pk, live=True, expire_at__lt=now).first()
    if page:
        page.specific.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")


def _approved(now: datetime) -> "QuerySet[Revision]":
    revisions: QuerySet[Revision] = Revision.page_revisions.filter(approved_go_live_at__lt=now)
    return revisions


def _lock(page_pk: int) -> bool:
    """Whether the page is still there, now locked: an article's two rows, of another page the one."""
    articles, pages = Article.objects.filter(pk=page_pk).for_update(), Page.objects.filter(pk=page_pk).select_for_update()
    return articles.first() is not None or pages.first() is not None
