"""The wall: the only way for a document to go out. `put` publishes one, `close` leaves a tombstone, both inside `writing()`.

    with store.writing():
        store.put(kind="article", subject_id=article.public_id, language="es", content=content,
                  text_digest=digest, update_type="minor", shows=[advice.public_id])
        store.close(kind="article", subject_id=article.public_id, language="fr", state="held", reason="…")

Numbers are given under one lock, and everything that decides what is written must be read after it was taken.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from api import canonical, columns, contract, gzipped, newest, purging, representations, search
from api.contract import ContractViolation
from api.models import Document, Kind, State, UpdateType

__all__ = ["ContractViolation", "NotWriting", "NothingToClose", "as_of", "close", "current", "current_of", "put", "showing", "writing"]

_LOCK = 0x6D61696E73746179  # "mainstay": any constant that nothing else on this database uses
_depth: ContextVar[int] = ContextVar("depth", default=0)


class NotWriting(RuntimeError):
    """`put` or `close` was called outside `with store.writing():`."""


class NothingToClose(LookupError):
    """No document of this subject and language was ever stored."""


@contextmanager
def writing() -> Iterator[None]:
    """One transaction that holds the lock of numbers until it ends. May be nested; the outermost one counts.

    Lock first, read after: a transaction that numbers a row is the only one that does so, hence a reader
    who has seen number n has seen all before it. On SQLite the IMMEDIATE transaction is the lock.
    """
    with transaction.atomic(), ExitStack() as stack:
        if _depth.get() == 0:
            _lock()
            stack.enter_context(newest.changing())
        token = _depth.set(_depth.get() + 1)
        try:
            yield
        finally:
            _depth.reset(token)


def put(
    *,
    kind: str,
    subject_id: UUID,
    language: str,
    content: Mapping[str, Any],
    text_digest: str,
    update_type: str,
    change_note: str = "",
    change_note_language: str = "",
    shows: Iterable[UUID] = (),
) -> Document | None:
    """Publish a content (its shape is in `api.contract`); None when readers already have exactly this.

    `text_digest` is the digest of its words alone: `text_modified_at` moves only with it. `shows` names the
    subjects whose text is inside. `update_type` becomes `new` on a first row. Raises ContractViolation, NotWriting.
    """
    _require_writing()
    digest = _digest(content)
    shown = columns.joined(sorted({str(subject) for subject in shows}))
    before = current(kind=kind, subject_id=subject_id, language=language)
    if before and before.state == State.PUBLISHED and before.content_digest == digest:
        if before.shows != shown:
            Document.objects.filter(pk=before.pk).update(shows=shown)
        return None
    contract.check(kind=kind, content=content)
    _check_identity(subject_id=subject_id, language=language, content=content)
    stamp = _next_stamp()
    text_modified_at = before.text_modified_at if before and before.text_digest == text_digest else stamp.modified_at
    version = before.version + 1 if before else 1
    stamped = {**content, "version": version, "modified_at": canonical.moment(stamp.modified_at)}
    if kind == Kind.ARTICLE:
        stamped["text_modified_at"] = canonical.moment(text_modified_at)
    body = canonical.dumps(stamped)
    return _append(
        before,
        Document(
            number=stamp.number,
            kind=Kind(kind),
            subject_id=subject_id,
            language=language,
            state=State.PUBLISHED,
            version=version,
            body=body,
            compressed=gzipped.compress(body.encode()),
            entry=representations.entry(stamped),
            etag=canonical.digest(body),
            content_digest=digest,
            text_digest=text_digest,
            text_modified_at=text_modified_at,
            modified_at=stamp.modified_at,
            update_type=UpdateType(update_type) if before else UpdateType.NEW,
            change_note=change_note,
            change_note_language=change_note_language,
            shows=shown,
            **columns.read(kind=kind, content=content),
        ),
    )


def close(
    *,
    kind: str,
    subject_id: UUID,
    language: str,
    state: str,
    reason: str,
    details: Mapping[str, Any] | None = None,
    update_type: str = UpdateType.SAFETY,
    change_note: str = "",
    change_note_language: str = "",
    shows: Iterable[UUID] | None = None,
) -> Document | None:
    """Leave a tombstone (`held`, `gone` or `recalled`); None when it is already so, with this reason and these details.

    `shows` names the subjects without which the document cannot be shown: it comes back when one of them changes. Without
    `shows` it is what the row before showed.

    `details` are JSON values that the problem answers show beside `since` and `reason`: `severity`, `instruction`,
    `replacement` (an article's id)… `since` is the moment of the closure when it is not among them.
    Raises NothingToClose when nothing was ever stored, NotWriting, ValueError for `published`.
    """
    _require_writing()
    if State(state) == State.PUBLISHED:
        raise ValueError("A closure is held, gone or recalled; `put` publishes.")
    before = current(kind=kind, subject_id=subject_id, language=language)
    if before is None:
        raise NothingToClose(f"No {kind} {subject_id} was ever stored in {language}.")
    shown = before.shows if shows is None else columns.joined(sorted({str(subject) for subject in shows}))
    facts = canonical.dumps({"state": State(state), "reason": reason, "details": details or {}})
    digest = canonical.digest(facts)
    if before.content_digest == digest:
        if before.shows != shown:
            Document.objects.filter(pk=before.pk).update(shows=shown)
        return None
    stamp = _next_stamp()
    kept = {name: getattr(before, name) for name in _KEPT}
    version = before.version + 1
    return _append(
        before,
        Document(
            **kept,
            number=stamp.number,
            kind=before.kind,
            subject_id=before.subject_id,
            language=before.language,
            state=State(state),
            version=version,
            etag=canonical.digest(f"{facts} {before.kind} {subject_id} {language} {version} {canonical.moment(stamp.modified_at)}"),
            content_digest=digest,
            modified_at=stamp.modified_at,
            update_type=UpdateType(update_type),
            change_note=change_note,
            change_note_language=change_note_language,
            reason=reason,
            details=dict(details or {}),
            shows=shown,
        ),
    )


def current(*, kind: str, subject_id: UUID, language: str) -> Document | None:
    """The latest row of one language of a subject, a tombstone too; None when nothing was ever stored."""
    return Document.objects.current().of(kind=kind, subject_id=subject_id).filter(language=language).first()


def current_of(*, kind: str, subject_id: UUID) -> dict[str, Document]:
    """The latest row of each language of a subject, by tag."""
    return {document.language: document for document in Document.objects.current().of(kind=kind, subject_id=subject_id)}


def as_of(*, kind: str, subject_id: UUID, language: str, moment: datetime) -> Document | None:
    """The row that answered at a moment (inclusive), a tombstone too; None when nothing was stored by then."""
    rows = Document.objects.of(kind=kind, subject_id=subject_id).filter(language=language, modified_at__lte=moment)
    return rows.order_by("-number").first()


def showing(subject_id: UUID) -> list[tuple[str, UUID, str]]:
    """(kind, subject_id, language) of what shows the text of this subject, or is held and would show it, in order of number."""
    rows = Document.objects.current().filter(state__in=(State.PUBLISHED, State.HELD), shows__contains=f"|{subject_id}|").order_by("number")
    return list(rows.values_list("kind", "subject_id", "language"))


_KEPT = [
    "text_digest",
    "text_modified_at",
    "slug",
    "title",
    "collection",
    "vocabulary",
    "region",
    "contact_kind",
    "translation_status",
    "origin",
    "sample",
    "reviewed_on",
    "review_due_on",
    "facets",
]


@dataclass(frozen=True, kw_only=True)
class _Stamp:
    number: int
    modified_at: datetime


def _next_stamp() -> _Stamp:
    """The next number, and a moment after that of the number before it, whatever the clock says."""
    last = Document.objects.order_by("-number").values_list("number", "modified_at").first()
    if last is None:
        return _Stamp(number=1, modified_at=timezone.now())
    return _Stamp(number=last[0] + 1, modified_at=max(timezone.now(), last[1] + timedelta(microseconds=1)))


def _append(before: Document | None, document: Document) -> Document:
    if before:
        Document.objects.filter(pk=before.pk).update(current=False)
    document.save(force_insert=True)
    search.follow(before=before, document=document)
    purging.after_commit(document.subject_id, document.language)
    return document


def _digest(content: Mapping[str, Any]) -> str:
    """The digest of a content; of what is not JSON none, the contract says why."""
    try:
        return canonical.digest(canonical.dumps(content))
    except (TypeError, ValueError):
        return ""


def _check_identity(*, subject_id: UUID, language: str, content: Mapping[str, Any]) -> None:
    errors = []
    if content["id"] != str(subject_id):
        errors.append(f"id: is {content['id']}, but the subject is {subject_id}")
    if content["lang"] != language:
        errors.append(f"lang: is {content['lang']}, but the document is in {language}")
    if errors:
        raise ContractViolation(errors)


def _require_writing() -> None:
    if _depth.get() == 0 or not connection.in_atomic_block:
        raise NotWriting("Documents are written inside `with store.writing():`.")


def _lock() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
