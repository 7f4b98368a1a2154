"""Giving a translation for approval, and giving it back to its translator with a reason."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from cms import audit, evidence, languages, obstacles, people, reference, segments, telling
from cms.models import Submission, TranslatedModel, signature


class NotSubmittable(ValueError):
    """The translation cannot be submitted or returned as it stands; `reasons` says why, in sentences."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


def submit(subject: TranslatedModel, language: str, *, by: Any, shown: str, note: str = "") -> Submission:
    """Hand the text that was `shown` over for approval. Raises NotSubmittable when it moved or is not whole."""
    people.require(by, language)
    with transaction.atomic():
        locked = reference.lock(subject)
        texts = locked.texts_in(language)
        source, _digest = reference.source_texts(locked, evidence.of(locked.public_id))
        found = [] if segments.text_digest(texts) == shown else [_("The text has changed since it was shown to you. Read it again.")]
        found += obstacles.incomplete(texts, source)
        open_one = open_submission(locked, language)
        if open_one and open_one.text_digest == segments.text_digest(texts):
            found.append(_("It is submitted already, and waits for its check."))
        if found:
            raise NotSubmittable(found)
        submission = Submission.objects.create(
            subject_id=locked.public_id,
            subject_kind=locked.kind,
            language=language,
            text_digest=segments.text_digest(texts),
            note=note.strip(),
            **signature(by),
        )
        audit.log(locked, "submit", by=by, language=language, reason=note.strip())
    return submission


def give_back(subject: TranslatedModel, language: str, *, by: Any, reason: str) -> Submission:
    """Return what was submitted; its translator reads why. Raises NotSubmittable without a reason, or when nothing waits."""
    people.require(by, language)
    if not reason.strip():
        raise NotSubmittable([_("Say what to correct: the translator reads it.")])
    with transaction.atomic():
        locked = reference.lock(subject)
        submission = open_submission(locked, language)
        if submission is None:
            raise NotSubmittable([_("Nothing is submitted in %(language)s.") % {"language": languages.own_name(language)}])
        submission.returned_at, submission.returned_by_name = evidence.next_moment(evidence.of(locked.public_id)), signature(by)["by_name"]
        submission.return_reason = reason.strip()
        submission.save(update_fields=["returned_at", "returned_by_name", "return_reason"])
        audit.log(locked, "return", by=by, language=language, reason=reason.strip())
        telling.returned(submission, by=by)
    return submission


def open_submission(subject: TranslatedModel, language: str) -> Submission | None:
    """What waits for a check: the last submission, unless it was returned."""
    last = Submission.objects.filter(subject_id=subject.public_id, language=language).order_by("-at").first()
    return last if last and not last.returned_at else None
