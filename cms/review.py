"""What a translator sees: how far the working text of one language has got, and what moved in its source.

The other question, what readers get, is `cms.serving`; the two have nothing in common.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from cms import segments, versions
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
    """The state, how many of the source's segments are translated, and the keys of those whose source moved since they were written."""

    state: Working
    translated: int
    total: int
    moved: tuple[str, ...] = ()
    approval: Approval | None = field(default=None)
    returned: Submission | None = field(default=None)


def working(subject: TranslatedModel, language: str, decisions: Decisions, source: Mapping[str, str]) -> WorkingState:
    """The working state of one language against the source texts that a translation is made from."""
    texts = subject.texts_in(language)
    approval = _latest_approval(decisions, language)
    translated = sum(1 for key in source if key in texts)
    submission = _open_submission(subject, language, texts)
    return WorkingState(
        state=_state(texts, source, approval, submission),
        translated=translated,
        total=len(source),
        moved=_moved(subject, language, texts, source),
        approval=approval,
        returned=submission if submission and submission.returned_at else None,
    )


def _state(texts: Mapping[str, str], source: Mapping[str, str], approval: Approval | None, submission: Submission | None) -> Working:
    if not texts:
        return Working.MISSING
    if approval and (approval.text_digest, approval.source_digest) == (segments.text_digest(texts), segments.text_digest(source)):
        return Working.DONE
    if submission is None:
        return Working.IN_PROGRESS
    return Working.RETURNED if submission.returned_at else Working.IN_REVIEW


def _open_submission(subject: TranslatedModel, language: str, texts: Mapping[str, str]) -> Submission | None:
    """The last submission, while the text is still the one that was submitted; a returned one until it is submitted again."""
    submission = Submission.objects.filter(subject_id=subject.public_id, language=language).order_by("-at").first()
    if submission is None or (not submission.returned_at and submission.text_digest != segments.text_digest(texts)):
        return None
    return submission


def _latest_approval(decisions: Decisions, language: str) -> Approval | None:
    rows = [row for row in decisions.approvals if row.language == language and row.effective_at and not row.revoked_at]
    return max(rows, key=lambda approval: approval.at, default=None)


def _moved(subject: TranslatedModel, language: str, texts: Mapping[str, str], source: Mapping[str, str]) -> tuple[str, ...]:
    found = versions.states(texts, versions.current_parts(subject.public_id, language), source)
    return tuple(key for key, state in found.items() if state == versions.State.MOVED)
