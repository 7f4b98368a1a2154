"""What happens when nobody did what a safety change asked for: after some days a notice is no longer enough, and the text is held.

Computed from the recorded moments, each time anew: there is nothing to forget, and nothing to set back.
"""

from datetime import datetime, timedelta
from uuid import UUID

from cms import closing, evidence, languages
from cms.models import Article, SourceChange

#: So long a translation may stand under a notice that its source has changed for safety.
NOTICE_LASTS = timedelta(days=7)


def past(now: datetime) -> list[tuple[UUID, str]]:
    """(public id, language) of the translations whose notice has stood for too long."""
    before = now - NOTICE_LASTS
    changed = SourceChange.objects.filter(severity=Article.Severity.SAFETY, at__lte=before, subject_kind=Article.kind)
    found = evidence.outlines_of(changed.values_list("subject_id", flat=True).distinct())
    return [
        (subject_id, tag)
        for subject_id, decisions in found.items()
        for tag in languages.TARGETS
        if closing.is_past_deadline(decisions, tag, before=before)
    ]


def work_off(now: datetime) -> int:
    """Hold them, each in a transaction of its own; how many there were."""
    held = 0
    for subject_id, tag in past(now):
        article = Article.objects.filter(public_id=subject_id).first()
        held += article is not None and closing.hold_after_deadline(article, tag, before=now - NOTICE_LASTS)
    return held
