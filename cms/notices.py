"""Putting a notice above texts: of one article, of all about a term, or of the whole library; and taking it off again."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from api import store
from cms import publishing
from cms.models import Notice, NoticePosting, signature

#: The subject of a posting on the whole library: there is one library.
LIBRARY = UUID(int=0)


def post(notice: Notice, *, scope: str, subject_id: UUID = LIBRARY, by: Any, reason: str = "") -> NoticePosting:
    """Put a notice up. It appears in each language in which the notice is approved, at once."""
    with transaction.atomic(), store.writing():
        posting = NoticePosting.objects.create(
            subject_id=subject_id, subject_kind=scope, scope=scope, notice_id=notice.public_id, reason=reason, **signature(by)
        )
        _render_anew(posting)
    return posting


def lift(posting: NoticePosting, *, by: Any) -> None:
    """Take a notice off."""
    with transaction.atomic(), store.writing():
        posting.lifted_at, posting.lifted_by_name = timezone.now(), signature(by)["by_name"]
        posting.save(update_fields=["lifted_at", "lifted_by_name"])
        _render_anew(posting)


def _render_anew(posting: NoticePosting) -> None:
    publishing.record_due(publishing.under(posting))
    publishing.work_off_batch()
