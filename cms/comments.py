"""Remarks on a translation, and questions about its source, passage by passage; with replies, until they are resolved.

A remark is of one language. A question about the source has the language "": whoever opens the subject in any language
sees it, and it is answered once. Working material: nothing of it ever reaches a document.
"""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from cms import audit, evidence, people, reference
from cms.models import Comment, CommentTurn, TranslatedModel, signature

#: The language of a question about the source.
SOURCE = ""
LIMIT = 2000


class NotSayable(ValueError):
    """What was said cannot stand; the message says why, in a sentence."""


def threads(subject_id: UUID, language: str) -> list[Comment]:
    """What was said in a language and asked about its source, each with its `replies`: open ones first, then by time."""
    return list(_threads(subject_id).filter(language__in=(language, SOURCE)))


def questions(subject_id: UUID) -> list[Comment]:
    """The questions about the source, each with its `replies`: open ones first, then by time."""
    return list(_threads(subject_id).filter(language=SOURCE))


def open_by_key(subject_id: UUID, language: str) -> dict[str, int]:
    """How many open threads each segment has, as somebody in this language sees them."""
    found: dict[str, int] = {}
    for thread in threads(subject_id, language):
        if thread.resolved_at is None:
            found[thread.key] = found.get(thread.key, 0) + 1
    return found


def of_subject(subject_id: UUID, pk: int) -> Comment:
    """A thread of a subject by its number; Comment.DoesNotExist for anything else."""
    found: Comment = _threads(subject_id).get(pk=pk)
    return found


def say(subject: TranslatedModel, language: str, key: str, text: str, *, by: Any) -> Comment:
    """Begin a thread on a segment, or with the key "" on the text as a whole.

    Raises NotSayable for no text, too much of it, or a segment that the source has not, and people.LanguageNotHeld.
    """
    if language != SOURCE:
        people.require(by, language)
    known, _digest = reference.source_texts(subject, evidence.of(subject.public_id))
    if key and key not in known:
        raise NotSayable(_("The source has no such passage any more. Load the page again."))
    comment = _write(subject, language, key, text, by=by)
    audit.log(subject, "comment", by=by, language=language, segment=key)
    return comment


def reply(subject: TranslatedModel, thread: Comment, text: str, *, by: Any) -> Comment:
    """Answer in a thread that is open; whoever began it may have been shown it in another language."""
    if thread.language != SOURCE:
        people.require(by, thread.language)
    if Comment.objects.filter(pk=thread.pk, resolved_at__isnull=False).exists():
        raise NotSayable(_("It is resolved meanwhile. Open it again to answer."))
    return _write(subject, thread.language, thread.key, text, by=by, parent=thread)


def resolve(subject: TranslatedModel, thread: Comment, *, by: Any) -> None:
    """Close a thread; once."""
    _turn(subject, thread, "resolve", by=by)


def reopen(subject: TranslatedModel, thread: Comment, *, by: Any) -> None:
    """Open a resolved thread again."""
    _turn(subject, thread, "reopen", by=by)


@transaction.atomic
def _turn(subject: TranslatedModel, thread: Comment, action: str, *, by: Any) -> None:
    if thread.language != SOURCE:
        people.require(by, thread.language)
    is_resolved, now, who = action == "resolve", timezone.now(), signature(by)
    state = {"resolved_at": now, "resolved_by_name": who["by_name"]} if is_resolved else {"resolved_at": None, "resolved_by_name": ""}
    if Comment.objects.filter(pk=thread.pk, resolved_at__isnull=is_resolved).update(**state):
        CommentTurn.objects.create(comment=thread, is_resolved=is_resolved, at=now, **who)
        audit.log(subject, action, by=by, language=thread.language, segment=thread.key)


def _write(subject: TranslatedModel, language: str, key: str, text: str, *, by: Any, parent: Comment | None = None) -> Comment:
    text = text.strip()
    if not text:
        raise NotSayable(_("Write something first."))
    if len(text) > LIMIT:
        raise NotSayable(_("That is too long: at most %(limit)d characters.") % {"limit": LIMIT})
    return Comment.objects.create(
        subject_id=subject.public_id, subject_kind=subject.kind, language=language, key=key, text=text, parent=parent, **signature(by)
    )


def _threads(subject_id: UUID) -> QuerySet[Comment]:
    replies = Prefetch("replies", queryset=Comment.objects.order_by("at", "pk"))
    first = Comment.objects.filter(subject_id=subject_id, parent=None).prefetch_related(replies)
    return first.order_by(F("resolved_at").desc(nulls_first=True), "at", "pk")
