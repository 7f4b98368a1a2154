"""“Reviewed, no change”: somebody read the source that readers have, and it still holds. It moves the dates of the review alone."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from api import store
from cms import audit, evidence, languages, publishing, reference
from cms.models import Approval, Article, Contribution, Release, Review, signature
from cms.serving import Decisions, standing


class NotReviewable(ValueError):
    """The review cannot be recorded; the message says why."""


def shown_digest(live: Release) -> str:
    """What the reviewer's screen posts back: which source, with which facts, was read."""
    return f"{live.text_digest}.{live.facts_digest}"


def live_source(article: Article) -> Release | None:
    """The source that readers have."""
    return standing(evidence.of(article.public_id), languages.SOURCE).live


def record(article: Article, *, by: Any, shown: str, next_due_on: date) -> Review:
    """Record that the source which readers have still holds, and tell partners when it was read. Raises NotReviewable."""
    today = timezone.localdate()
    with transaction.atomic():
        locked = reference.lock(article)
        with store.writing():
            decisions = evidence.of(locked.public_id)
            live = standing(decisions, languages.SOURCE).live
            if live is None:
                raise NotReviewable(_("Readers do not have it yet, so there is nothing to review."))
            if shown_digest(live) != shown:
                raise NotReviewable(_("The text that readers have is another one than you were shown. Read it again."))
            if next_due_on <= today:
                raise NotReviewable(_("The next review is not after this one."))
            if _wrote_it(decisions, live, by=by):
                raise NotReviewable(_("You wrote some of this text. Somebody else has to review it."))
            review = Review.objects.create(
                subject_id=locked.public_id,
                subject_kind=locked.kind,
                at=evidence.next_moment(decisions),
                text_digest=live.text_digest,
                facts_digest=live.facts_digest,
                reviewed_on=today,
                next_due_on=next_due_on,
                **signature(by),
            )
            audit.log(locked, "review", by=by, language=languages.SOURCE)
            publishing.publish(locked.public_id, locked.kind, update_type="reviewed")
    return review


def _wrote_it(decisions: Decisions, live: Release, *, by: Any) -> bool:
    """Whether this person changed the source between the approval before the one that let it go, and that one."""
    approvals = sorted((row for row in decisions.approvals if _counts(row)), key=lambda row: row.at)
    of_live = [row for row in approvals if (row.text_digest, row.facts_digest) == (live.text_digest, live.facts_digest)]
    until = of_live[0].at if of_live else live.at
    since = [row.at for row in approvals if row.at < until]
    written = Contribution.objects.filter(subject_id=live.subject_id, language=languages.SOURCE, by_id=by.pk, at__lte=until)
    return (written.filter(at__gt=since[-1]) if since else written).exists()


def _counts(approval: Approval) -> bool:
    return approval.language == languages.SOURCE and bool(approval.effective_at) and not approval.revoked_at
