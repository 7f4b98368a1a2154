"""What a translator sees: how far the working text of one language has got, and what moved in its source.

The other question, what readers get, is `cms.serving`; the two have nothing in common.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from cms import segments
from cms.models import Approval, Submission, TranslatedModel
from cms.serving import Decisions


class Working(StrEnum):
    """How far a translation has got."""

    MISSING = "missing"
    IN_PROGRESS = "in progress"
    IN_REVIEW = "in review"
    RETURNED = "returned"
    DONE = "done"


@dataclass(frozen=True, kw_only=True)
class WorkingState:
    """The state, how many of the source's segments are translated, and the keys of those whose source moved since approval."""

    state: Working
    translated: int
    total: int
    moved: tuple[str, ...] = ()
    approval: Approval | None = field(default=None)


def working(subject: TranslatedModel, language: str, decisions: Decisions, source: Mapping[str, str]) -> WorkingState:
    """The working state of one language against the source texts that a translation is made from."""
    texts = subject.texts_in(language)
    approval = _latest_approval(decisions, language)
    translated = sum(1 for key in source if key in texts)
    state = _state(subject, language, texts, source, approval)
    moved = _moved(approval.source_texts, source) if approval else ()
    return WorkingState(state=state, translated=translated, total=len(source), moved=moved, approval=approval)


def _state(
    subject: TranslatedModel, language: str, texts: Mapping[str, str], source: Mapping[str, str], approval: Approval | None
) -> Working:
    if not texts:
        return Working.MISSING
    digest = segments.text_digest(texts)
    if approval and (approval.text_digest, approval.source_digest) == (digest, segments.text_digest(source)):
        return Working.DONE
    submission = Submission.objects.filter(subject_id=subject.public_id, language=language).order_by("-at").first()
    if submission and submission.text_digest == digest:
        return Working.RETURNED if submission.returned_at else Working.IN_REVIEW
    return Working.IN_PROGRESS


def _latest_approval(decisions: Decisions, language: str) -> Approval | None:
    rows = [approval for approval in decisions.approvals if approval.language == language and not approval.revoked_at]
    return max(rows, key=lambda approval: approval.at, default=None)


def _moved(before: Mapping[str, str], now: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(key for key, text in now.items() if segments.canonical(before.get(key, "")) != segments.canonical(text))
