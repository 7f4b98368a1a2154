"""A library of many articles, made from the sample library: a few templates by the real store, then rows like theirs in bulk.

A template is an article of about 2,000 words in eight languages, mixed from the sample's blocks. Copies of it are the rows that
the store would have written, with another id, slug and title: body, gzip, list entry, digest, what is searched.
"""

import itertools
import json
import random
import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from django.db import connection

from api import canonical, contract, gzipped, languages, representations, store, words
from api.models import Document, Kind, SearchWord, State

WORDS = 2_000
#: Names that make each copy another, a few of them frequent and most rare.
INVENTED = [
    f"{start}{middle}{end}ine"
    for start in ("bra", "cle", "dro", "fli", "gro")
    for middle in ("vo", "xa", "mi", "lu")
    for end in ("dor", "pat", "sen", "tul")
]
_WEIGHTS = [1 / rank for rank in range(1, len(INVENTED) + 1)]
_LEADING = frozenset(contract.LEADING)
_STAMPED = ("version", "modified_at", "text_modified_at")
_BATCH = 2_000
_MADE_ANEW = {"number", "subject_id", "slug", "title", "body", "compressed", "entry", "etag", "content_digest"}


def make(*, documents: int, templates: int) -> None:
    """Publish the templates, then copy them until there are as many articles' documents as wanted."""
    generator = random.Random(4)
    originals = _templates(templates, generator)
    copies = documents // len(languages.TAGS) - templates
    _copy_documents(originals, copies, generator)


# -- templates, by the store -------------------------------------------------------------------------------------------


def _templates(count: int, generator: random.Random) -> list[uuid.UUID]:
    """The articles that are mixed, each in every language."""
    samples: dict[str, list[dict[str, Any]]] = {tag: [] for tag in languages.TAGS}
    for document in Document.objects.published().filter(kind=Kind.ARTICLE).order_by("number"):
        samples[document.language].append(json.loads(document.body))
    identities = []
    for number in range(count):
        identity = uuid.UUID(int=generator.getrandbits(128), version=4)
        identities.append(identity)
        for tag in languages.TAGS:
            content = _mixed(samples[tag][number % len(samples[tag])], samples[tag], generator)
            content |= {"id": str(identity), "slug": f"mixed-{number}"}
            with store.writing():
                store.put(
                    kind=Kind.ARTICLE,
                    subject_id=identity,
                    language=tag,
                    content=content,
                    text_digest=f"mixed {number} {tag}",
                    update_type="new",
                )
    return identities


def _mixed(base: Mapping[str, Any], samples: list[dict[str, Any]], generator: random.Random) -> dict[str, Any]:
    """The base with blocks of all samples in its sections, until it is long enough."""
    pool = [block for sample in samples for section in sample["sections"] for block in section["blocks"] if block["type"] not in _LEADING]
    words = sum(sample["reading"]["words"] for sample in samples)
    wanted = max(len(base["sections"]), round(len(pool) * WORDS / words))
    shuffled = itertools.chain.from_iterable(generator.sample(pool, len(pool)) for _ in itertools.count())
    each = -(-wanted // len(base["sections"]))
    sections = []
    for position, section in enumerate(base["sections"]):
        leading = [block for block in section["blocks"] if block["type"] in _LEADING]
        blocks = [{**block, "id": f"{position}-{at}"} for at, block in enumerate(itertools.islice(shuffled, each))]
        markup = "".join(block["html"] for block in (*leading, *blocks))
        sections.append({**section, "blocks": [*leading, *blocks], "html": markup})
    content = {name: value for name, value in base.items() if name not in _STAMPED}
    return {**content, "sections": sections, "reading": {"words": WORDS, "minutes": 10}}


# -- copies, in bulk ---------------------------------------------------------------------------------------------------


def _copy_documents(originals: list[uuid.UUID], copies: int, generator: random.Random) -> None:
    rows = {
        (row.subject_id, row.language): _Template(row)
        for row in Document.objects.filter(subject_id__in=originals, state=State.PUBLISHED, current=True)
    }
    number = Document.objects.order_by("-number").values_list("number", flat=True)[0]
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
        cursor.execute("DROP INDEX search_by_vector")
        cursor.execute("DROP INDEX search_by_head")
        cursor.execute("CREATE TEMPORARY TABLE copied (number bigint, original bigint, words text, language text)")
        for first in range(0, copies, _BATCH):
            batch = list(_copies(rows, originals, range(first, min(first + _BATCH, copies)), number, generator))
            number += len(batch)
            _write(cursor, batch)
        _copy_entries(cursor)
        for statement in ("vector", "head"):
            cursor.execute(
                f"CREATE INDEX search_by_{statement} ON api_searchentry USING gin ({statement}) WITH (gin_pending_list_limit = 256)"
            )
        cursor.execute("DROP TABLE copied")
    invented = [SearchWord(language=tag, word=word, **_halves(word)) for tag in languages.TAGS for word in INVENTED]
    SearchWord.objects.bulk_create(invented, ignore_conflicts=True)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE api_document, api_searchentry, api_searchword")


def _halves(word: str) -> dict[str, str]:
    start, end = words.halves(word)
    return {"start": start, "end": end}


class _Template:
    """A stored document that can be written again under another id, slug and title."""

    def __init__(self, row: Document) -> None:
        self.row = row
        self.content = json.loads(row.body)
        # The sections are by far the most, and the same in each copy: they are written and compressed once.
        self.sections = canonical.dumps(self.content["sections"])
        self.compressed = gzipped.compress(self.sections.encode())
        self.before = {name: value for name, value in self.content.items() if name < "sections"}
        self.after = {name: value for name, value in self.content.items() if name > "sections"}

    def again(self, identity: uuid.UUID, slug: str, words: str) -> tuple[Any, ...]:
        """subject_id, slug, title, body, compressed, entry, etag"""
        title = f"{self.content['title']}: {words}"
        after = {**self.after, "slug": slug, "title": title}
        before = {**self.before, "id": str(identity)}
        head = f'{canonical.dumps(before)[:-1]},"sections":'
        tail = f",{canonical.dumps(after)[1:]}"
        body = f"{head}{self.sections}{tail}"
        compressed = gzipped.join([gzipped.compress(head.encode()), self.compressed, gzipped.compress(tail.encode())])
        return identity, slug, title, body, compressed, representations.entry({**before, **after}), canonical.digest(body)


def _copies(
    rows: Mapping[tuple[uuid.UUID, str], _Template], originals: list[uuid.UUID], which: range, number: int, generator: random.Random
) -> Iterator[tuple[int, _Template, str, tuple[Any, ...]]]:
    for index in which:
        identity = uuid.UUID(int=generator.getrandbits(128), version=4)
        words = " ".join(generator.choices(INVENTED, _WEIGHTS, k=3))
        for tag in languages.TAGS:
            number += 1
            template = rows[originals[index % len(originals)], tag]
            yield number, template, words, template.again(identity, f"copy-{index}", words)


def _write(cursor: Any, batch: list[tuple[int, _Template, str, tuple[Any, ...]]]) -> None:
    same = [field.column for field in Document._meta.concrete_fields if field.column not in _MADE_ANEW]
    own = "subject_id, slug, title, body, compressed, entry, etag, content_digest"
    cursor.execute(
        "CREATE TEMPORARY TABLE IF NOT EXISTS written (number bigint, original bigint, subject_id uuid, slug text, title text,"
        " body text, compressed bytea, entry text, etag text)"
    )
    cursor.execute("TRUNCATE written")
    with cursor.copy("COPY written FROM STDIN (FORMAT BINARY)") as copy:
        copy.set_types(["int8", "int8", "uuid", "text", "text", "text", "bytea", "text", "text"])
        for number, template, _words, made in batch:
            copy.write_row((number, template.row.number, *made))
    with cursor.copy("COPY copied FROM STDIN") as copy:
        for number, template, words, _made in batch:
            copy.write_row((number, template.row.number, words, template.row.language))
    columns = ", ".join(same)
    of_original = ", ".join(f"original.{name}" for name in same)
    cursor.execute(
        f"INSERT INTO api_document (number, {own}, {columns})"
        " SELECT made.number, made.subject_id, made.slug, made.title, made.body, made.compressed, made.entry, made.etag, made.etag,"
        f" {of_original} FROM written made JOIN api_document original ON original.number = made.original"
    )


def _copy_entries(cursor: Any) -> None:
    """What is searched of a copy: its template's, with the words of its own title."""
    own = "setweight(to_tsvector('simple', copied.words), 'A')"
    cursor.execute(
        "INSERT INTO api_searchentry (document_id, first, shown, folded, head, vector)"
        f" SELECT copied.number, entry.first, entry.shown, entry.folded, {own} || entry.head, {own} || entry.vector"
        " FROM copied JOIN api_searchentry entry ON entry.document_id = copied.original"
    )
