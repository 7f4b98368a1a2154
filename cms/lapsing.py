"""Reviews that fall due: the day is noted as a fact, and the documents are rendered anew from it.

A document says `overdue` because a lapse is on record, never because of today's date: rendered again tomorrow, or compared by the
reconciler, it says the same. A review that comes later has another due day, for which there is no lapse.
"""

from datetime import date
from uuid import UUID

from django.utils import timezone

from api import store
from cms import publishing
from cms.models import Article, Lapse


def work_off() -> int:
    """Note the reviews that have fallen due, and render what says so; how many there were."""
    today = timezone.now().date()
    if not _lapsed(today):
        return 0
    with store.writing():
        lapsed = _lapsed(today)
        Lapse.objects.bulk_create(
            [Lapse(subject_id=subject_id, subject_kind=Article.kind, due_on=due_on) for subject_id, due_on in lapsed], ignore_conflicts=True
        )
        publishing.record_due((subject_id, Article.kind) for subject_id, _due_on in lapsed)
    publishing.work_off()
    return len(lapsed)


def _lapsed(today: date) -> list[tuple[UUID, date]]:
    """What readers get with a review that was due before today, less what is noted already."""
    known = set(Lapse.objects.values_list("subject_id", "due_on"))
    return sorted(set(publishing.reviews_due_before(today)) - known)
