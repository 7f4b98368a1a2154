"""One document: found by its id, or by any slug it ever had, in the language asked for, or the problem that says why not."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from django.db.models import BooleanField, Case, QuerySet, Value, When

from api import canonical, exclusions, languages, prepared
from api.models import Document, Kind, State
from api.negotiation import Asked
from api.problems import Problem


@dataclass(frozen=True, kw_only=True)
class Found:
    """A document, and the digest of the newest of all when it was read."""

    document: Document
    head: str


def find(
    *,
    kind: Kind,
    reference: str,
    asked: Asked,
    vocabulary: str = "",
    excluded: tuple[str, ...] = (),
    compressed: bool = False,
    known_head: str = "",
) -> Found:
    """The document to serve, in one query; Problem `not-found`, `translation-unavailable`, `held`, `gone` or `recalled`.

    `reference` is an id, or a slug (a code, of terms and contacts), an old one too: compare it with the document's.
    `compressed`: the body is wanted as gzip, and is not read otherwise. Raises Unmoved when `known_head` is the newest still.
    """
    columns = _COMPRESSED if compressed else _WHOLE
    identity = identity_of(reference)
    if identity is None:
        _require_slug(reference)
    sql = _sql(columns, by_identity=identity is not None, vocabulary=bool(vocabulary), languages=len(asked.chain))
    named = [prepared.identity(identity)] if identity else [kind, reference, vocabulary]
    wanted = [known_head, kind, *asked.chain, *([vocabulary] if vocabulary else []), *named]
    rows = prepared.documents(columns, sql, wanted, known_head=known_head)
    head = vars(rows[0])["head"] if rows else ""
    states = {row.language: row for row in rows if row.pk is not None}
    served = walk(states, asked.chain, excluded)
    if served:
        return Found(document=served, head=head)
    every = subject(kind=kind, reference=reference, vocabulary=vocabulary).filter(language__in=languages.TAGS)
    raise _problem({row.language: row for row in every}, asked, excluded)


@cache
def _sql(columns: prepared.Columns, *, by_identity: bool, vocabulary: bool, languages: int) -> str:
    """The newest document's digest, and, unless that is known, the current rows of a subject in some languages."""
    named = "SELECT subject_id FROM api_document WHERE kind = %s AND slug = %s AND vocabulary = %s"
    # A slug may be given again after another article left it: who has it now comes before who had it.
    latest = f"""{named} ORDER BY ("current" AND state = 'published') DESC, number DESC LIMIT 1"""
    return (
        f"SELECT newest.etag AS head, {columns.sql} FROM (SELECT etag FROM api_document ORDER BY number DESC LIMIT 1) newest"
        ' LEFT JOIN api_document document ON newest.etag <> %s AND document."current"'
        f" AND document.kind = %s AND document.language IN ({', '.join(['%s'] * languages)})"
        f"{' AND document.vocabulary = %s' if vocabulary else ''} AND document.subject_id = {'%s' if by_identity else f'({latest})'}"
    )


def subject(*, kind: Kind, reference: str, vocabulary: str = "") -> QuerySet[Document]:
    """The current row of each language of what an id or slug names."""
    rows = Document.objects.current().filter(kind=kind)
    if vocabulary:
        rows = rows.filter(vocabulary=vocabulary)
    identity = identity_of(reference)
    if identity:
        return rows.filter(subject_id=identity)
    _require_slug(reference)
    named = Document.objects.filter(kind=kind, slug=reference, vocabulary=vocabulary)
    # A slug may be given again after another article left it: who has it now comes before who had it.
    has_it_now = Case(When(current=True, state=State.PUBLISHED, then=True), default=Value(False), output_field=BooleanField())
    return rows.filter(subject_id=named.order_by(has_it_now.desc(), "-number").values("subject_id")[:1])


def _require_slug(reference: str) -> None:
    if "\x00" in reference or len(reference) > 255:
        raise _not_found()


def identity_of(reference: str) -> UUID | None:
    """The id that a reference is, in any case; None when it is a slug."""
    try:
        identity = UUID(reference)
    except ValueError:
        return None
    return identity if str(identity) == reference.lower() else None


def walk(states: Mapping[str, Document], chain: tuple[str, ...], excluded: tuple[str, ...] = ()) -> Document | None:
    """The first language of the chain that is served and not excluded. A recall ends the walk: no other language may cover it up."""
    for language in chain:
        row = states.get(language)
        if row and _is_offered(row, excluded):
            return row
        if row and row.state == State.RECALLED:
            return None
    return None


def _is_offered(row: Document, excluded: tuple[str, ...]) -> bool:
    return row.state == State.PUBLISHED and not exclusions.excluding(excluded, row)


def _problem(states: Mapping[str, Document], asked: Asked, excluded: tuple[str, ...]) -> Problem:
    """The problem of the language asked for; of an article that is gone or recalled as a whole, that."""
    if not states:
        return _not_found()
    name = languages.get(asked.language).english_name
    available = [tag for tag in languages.TAGS if tag in states and _is_offered(states[tag], excluded)]
    row = states.get(asked.language)
    source = states.get(languages.SOURCE)
    if row is None and source and source.state in (State.GONE, State.RECALLED):
        row = source
    if row is None:
        identity = str(next(iter(states.values())).subject_id)
        return Problem(
            "translation-unavailable",
            f"There is no {name} text of this yet.",
            members={"id": identity, "lang": asked.language, "available_languages": available},
        )
    if row.state == State.PUBLISHED:
        return Problem(
            "translation-unavailable",
            f"Your organisation asked never to be given this {name} text: {', '.join(exclusions.excluding(excluded, row))}.",
            members={"id": str(row.subject_id), "lang": asked.language, "available_languages": available, "reason": "excluded"},
        )
    members = {"since": canonical.moment(row.modified_at), "reason": row.reason, **row.details}
    if row.state == State.HELD:
        members["available_languages"] = available
    return Problem(row.state, _DETAILS[State(row.state)], members={**members, "id": str(row.subject_id), "lang": asked.language})


_NEEDED = (
    "number",
    "kind",
    "subject_id",
    "language",
    "state",
    "etag",
    "modified_at",
    "slug",
    "translation_status",
    "origin",
    "sample",
    "reviewed_on",
)
_WHOLE, _COMPRESSED = prepared.Columns(*_NEEDED, "body"), prepared.Columns(*_NEEDED, "compressed")


def _not_found() -> Problem:
    return Problem("not-found", "There is nothing of this id or slug, and there never was.")


_DETAILS = {
    State.HELD: "Stop showing this for now. It will come back.",
    State.GONE: "This has been retired. Remove your copy.",
    State.RECALLED: "This has been recalled. Remove your copy now, and confirm.",
}
