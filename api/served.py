"""What readers were given, and when: the numbered documents are never changed, so each row answers for its own time."""

from datetime import datetime
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery

from api.models import Document


def known(subject_id: UUID) -> bool:
    """Whether anything of this id was ever stored."""
    return Document.objects.filter(subject_id=subject_id).exists()


def between(*, subject_id: UUID, language: str, first: datetime, last: datetime) -> QuerySet[Document]:
    """The rows that were the answer at some moment from the first to the last (both inclusive), in order; tombstones too.

    Each was the answer from its `modified_at` to its `until`; None: it still is.
    """
    rows = Document.objects.filter(subject_id=subject_id, language=language)
    later = Document.objects.filter(subject_id=subject_id, language=language, number__gt=OuterRef("number")).order_by("number")
    rows = rows.annotate(until=Subquery(later.values("modified_at")[:1]))
    return rows.filter(Q(until=None) | Q(until__gt=first), modified_at__lte=last).defer("compressed", "entry").order_by("number")
