"""Where pages turn into documents: from recorded decisions to what partners read, and nowhere else.

`publish(subject_id)` brings a subject's documents in line with what is released, approved and not closed. It reads evidence
only, so running it again, or rebuilding everything, changes nothing. It is called inside `store.writing()`, after the page
rows were locked.
"""

import json
import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from api import sandbox, store
from api.models import Document
from cms import languages, rendering, segments
from cms import serving as standing
from cms.models import Approval, Article, DueRendering, HelpContact, Notice, NoticePosting, Release, Term
from cms.resolving import NotShowable, Resolver
from cms.serving import Closed, Decisions, Missing, Served, State

#: The kinds of subject that have documents of their own, in the store's words; advice and notices are shown inside articles.
DOCUMENT_KINDS = {Article.kind: "article", Term.kind: "term", HelpContact.kind: "help_contact"}
BATCH = 200
logger = logging.getLogger(__name__)
#: What the store adds to a content when it goes out.
_STAMPS = ("version", "modified_at", "text_modified_at")


@dataclass(frozen=True, kw_only=True)
class Published:
    """A document as it should be: its content, and whose texts it shows."""

    content: dict[str, Any]
    text_digest: str
    shows: list[UUID]


@dataclass(frozen=True, kw_only=True)
class Lacking(Closed):
    """Held for want of something that it has to show. `needs` is all that it would show: it comes back with one of these."""

    needs: list[UUID]


def serving(subject_id: UUID, language: str) -> standing.Serving:
    """What readers may get of a subject in a language, from the decisions alone."""
    resolver = Resolver()
    return standing.serving(resolver.decisions([subject_id])[subject_id], language)


def document(subject_id: UUID, kind: str, language: str, resolver: Resolver) -> Published | Closed | Missing:
    """What should be stored for one language of a subject."""
    decisions = resolver.decisions([subject_id])[subject_id]
    state = standing.serving(decisions, language)
    if not isinstance(state, Served):
        return state
    try:
        return _RENDERERS[kind](subject_id, language, state, decisions, resolver)
    except NotShowable as lacking:
        return Lacking(state=State.HELD, reason=lacking.reason, since=state.release.at, needs=_needs(state, decisions))


def publish(
    subject_id: UUID,
    kind: str,
    *,
    tags: Iterable[str] = languages.TAGS,
    update_type: str = "republish",
    note: str = "",
    resolver: Resolver | None = None,
) -> None:
    """Store what should be stored in these languages; what is so already stays untouched."""
    if kind not in DOCUMENT_KINDS:
        return
    resolver = resolver or Resolver()
    for language in tags:
        wanted = document(subject_id, kind, language, resolver)
        match wanted:
            case Published():
                store.put(
                    kind=DOCUMENT_KINDS[kind],
                    subject_id=subject_id,
                    language=language,
                    content=wanted.content,
                    text_digest=wanted.text_digest,
                    update_type=update_type,
                    change_note=note,
                    change_note_language=languages.SOURCE if note else "",
                    shows=wanted.shows,
                )
            case Closed() if store.current(kind=DOCUMENT_KINDS[kind], subject_id=subject_id, language=language):
                store.close(
                    kind=DOCUMENT_KINDS[kind],
                    subject_id=subject_id,
                    language=language,
                    state=wanted.state,
                    reason=wanted.reason,
                    details=wanted.details,
                    update_type="safety" if wanted.state in (State.HELD, State.RECALLED) else update_type,
                    shows=wanted.needs if isinstance(wanted, Lacking) else None,
                )
            case _:
                pass


def difference(subject_id: UUID, kind: str, language: str, resolver: Resolver) -> str:
    """What of a stored document is not as it should be, in words; "" when publishing it again would change nothing."""
    wanted = document(subject_id, kind, language, resolver)
    stored = store.current(kind=DOCUMENT_KINDS[kind], subject_id=subject_id, language=language)
    if stored is None:
        return "should be published, and is missing" if isinstance(wanted, Published) else ""
    match wanted:
        case Missing():
            return f"is {stored.state}, and should not be there"
        case Published() if stored.state != "published":
            return f"should be published, and is {stored.state}"
        case Published():
            names = list(_differing(wanted.content, json.loads(stored.body)))
            names += ["shows"] if {str(shown) for shown in wanted.shows} != set(stored.shows.strip("|").split("|")) - {""} else []
            return f"differs in {', '.join(names)}" if names else ""
        case Closed() if (stored.state, stored.reason, stored.details) != (wanted.state, wanted.reason, wanted.details):
            return f"should be {wanted.state} ({wanted.reason}), and is {stored.state} ({stored.reason})"
    return ""


def _differing(content: Mapping[str, Any], body: Mapping[str, Any]) -> Iterator[str]:
    said = json.loads(json.dumps(content))
    for name in sorted({*said, *body}.difference(_STAMPS)):
        if name not in said or name not in body or said[name] != body[name]:
            yield name


def stored(subject_id: UUID, kind: str) -> dict[str, Document]:
    """What partners get now, or are told instead, by language; nothing for a kind without documents of its own."""
    return store.current_of(kind=DOCUMENT_KINDS[kind], subject_id=subject_id) if kind in DOCUMENT_KINDS else {}


def spread(subject_ids: Iterable[UUID]) -> None:
    """Record which documents show something that changed, or now may, and render the first batch of them now."""
    for subject_id in subject_ids:
        shown_by = {(shower, kind) for kind, shower, _language in store.showing(subject_id)}
        record_due(shown_by | set(_waiting_for_notice(subject_id)))
    work_off_batch()


def under(posting: NoticePosting) -> Iterator[tuple[UUID, str]]:
    """The articles that a posting stands above, whether they show it yet or not."""
    match posting.scope:
        case NoticePosting.Scope.ARTICLE:
            yield posting.subject_id, Article.kind
        case NoticePosting.Scope.TERM:
            yield from ((shower, kind) for kind, shower, _language in store.showing(posting.subject_id))
        case _:
            yield from _articles()


def _waiting_for_notice(notice_id: UUID) -> Iterator[tuple[UUID, str]]:
    """The articles that would show a notice now that it is approved: it was posted before, or the library keeps it for a purpose."""
    for posting in NoticePosting.objects.filter(notice_id=notice_id, lifted_at__isnull=True):
        yield from under(posting)
    released = Release.objects.filter(subject_id=notice_id, subject_kind=Notice.kind).order_by("-at").first()
    if released and released.facts["purpose"] != Notice.Purpose.SAFETY:
        yield from _articles()


def _articles() -> Iterator[tuple[UUID, str]]:
    return (row for row in subjects_with_documents() if row[1] == Article.kind)


def record_due(subjects: Iterable[tuple[UUID, str]]) -> None:
    """Record documents that must be rendered anew; recording one twice is recording it once."""
    DueRendering.objects.bulk_create(
        [DueRendering(subject_id=subject_id, subject_kind=kind) for subject_id, kind in sorted(subjects, key=str)], ignore_conflicts=True
    )


def work_off_batch() -> int:
    """Render a batch of what is due, in one transaction under the lock; how many there were."""
    with store.writing():
        due = list(DueRendering.objects.order_by("pk")[:BATCH])
        if not due:
            return 0
        resolver = Resolver()
        for row in due:
            _render_due(row, resolver)
        DueRendering.objects.filter(pk__in=[row.pk for row in due]).delete()
    return len(due)


def _render_due(row: DueRendering, resolver: Resolver) -> None:
    """Render one document of a batch. One that the contract refuses is held: it must not keep the others, or a closure, from readers."""
    try:
        with transaction.atomic():
            publish(row.subject_id, row.subject_kind, resolver=resolver)
    except store.ContractViolation:
        logger.exception("%s %s cannot be rendered, and is held", row.subject_kind, row.subject_id)
        kind = DOCUMENT_KINDS[row.subject_kind]
        for language, document in store.current_of(kind=kind, subject_id=row.subject_id).items():
            if document.state == "published":
                store.close(kind=kind, subject_id=row.subject_id, language=language, state=State.HELD, reason="not-renderable")


def work_off() -> int:
    """Render everything that is due, batch by batch, each in its own transaction; how many there were."""
    total = 0
    while count := work_off_batch():
        total += count
    return total


def reviews_due_before(day: date) -> Iterator[tuple[UUID, date]]:
    """(public id, day) of each review that a published article names and that was due before a day, in whatever language."""
    rows = Document.objects.published().filter(kind="article", review_due_on__lt=day).exclude(subject_id__in=sandbox.IDS)
    for subject_id, due_on in rows.values_list("subject_id", "review_due_on").distinct():
        if due_on:
            yield subject_id, due_on


def subjects_with_documents() -> list[tuple[UUID, str]]:
    """(public id, kind) of everything ever released that may have documents."""
    rows = Release.objects.filter(subject_kind__in=DOCUMENT_KINDS).values_list("subject_id", "subject_kind").distinct()
    return sorted(rows.order_by("subject_kind", "subject_id"), key=lambda row: (row[1] != Term.kind, str(row[0])))


# -- one renderer a kind ---------------------------------------------------------------------------------------------


def _needs(served: Served, decisions: Decisions) -> list[UUID]:
    facts = served.release.facts
    placement = (decisions.latest_release() or served.release).placement
    topic = [placement["collection"]["topic"]] if placement else []
    return [UUID(found) for found in dict.fromkeys([*topic, *facts.get("terms", []), *facts.get("advice", [])])]


def _article(subject_id: UUID, language: str, served: Served, decisions: Decisions, resolver: Resolver) -> Published:
    latest = decisions.latest_release() or served.release
    shown = resolver.shown(public_id=subject_id, release=served.release, placement=latest.placement, language=language, served=served)
    content = rendering.article(
        public_id=subject_id,
        language=language,
        texts=served.texts,
        facts=served.release.facts,
        placement=latest.placement,
        images=served.release.images,
        links=served.release.links,
        translation=_translation(served, language),
        review=_review(served.release, decisions, resolver),
        shown=shown,
    )
    return Published(content=content, text_digest=segments.text_digest(served.texts), shows=shown.subjects())


def _term(subject_id: UUID, language: str, served: Served, decisions: Decisions, resolver: Resolver) -> Published:
    content = rendering.term(
        public_id=subject_id,
        language=language,
        texts=served.texts,
        facts=served.release.facts,
        translation=_translation(served, language),
        sample=served.release.facts["sample"],
    )
    return Published(content=content, text_digest=segments.text_digest(served.texts), shows=[])


def _help_contact(subject_id: UUID, language: str, served: Served, decisions: Decisions, resolver: Resolver) -> Published:
    if not served.release.facts["verified_on"]:
        raise NotShowable("unverified", str(subject_id))
    content = rendering.help_contact(
        public_id=subject_id,
        language=language,
        texts=served.texts,
        facts=served.release.facts,
        translation=_translation(served, language),
    )
    return Published(content=content, text_digest=segments.text_digest(served.texts), shows=[])


_RENDERERS = {Article.kind: _article, Term.kind: _term, HelpContact.kind: _help_contact}


def _translation(served: Served, language: str) -> rendering.Translation:
    if language == languages.SOURCE:
        return rendering.Translation(origin="source", clinical_check=_check(served.approval))
    approval = served.approval
    checks = [approval.first_check, approval] if approval and approval.first_check_id else [approval]
    by_kind = {check.check_kind: _check(check) for check in checks if check}
    return rendering.Translation(
        origin=approval.origin if approval else "human",
        outdated_by=served.outdated_by,
        carried_over=served.carried_over,
        language_check=by_kind.get(Approval.Check.LANGUAGE),
        clinical_check=by_kind.get(Approval.Check.CLINICAL),
    )


def _check(approval: Approval | None) -> dict[str, str] | None:
    """Who checked, and when; a sample loader is nobody, and claims no check."""
    if approval is None or approval.by_id is None:
        return None
    return {"on": approval.at.date().isoformat(), "by_role": approval.by_role}


def _review(release: Release, decisions: Decisions, resolver: Resolver) -> dict[str, Any] | None:
    """The clinical review of a source, when a person signed it off."""
    approval = decisions.approval_of(release)
    if approval is None or approval.by_id is None:
        return None
    again = decisions.review_of(release)
    if again and again.at < approval.at:
        again = None
    due_on = again.next_due_on.isoformat() if again and again.next_due_on else release.facts["review_due_on"]
    return {
        "reviewed_on": again.reviewed_on.isoformat() if again else release.facts["reviewed_on"] or approval.at.date().isoformat(),
        "next_due_on": due_on,
        "status": "overdue" if resolver.has_lapsed(release.subject_id, due_on) else "current",
        "by_role": again.by_role if again else approval.by_role,
        "organisation": settings.LIBRARY_NAME,
    }
