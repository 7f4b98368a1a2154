"""The one table that partners read, numbered documents, append-only; and beside it what is searched, made from it."""

import json
from typing import Any
from uuid import UUID

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Q


class Kind(models.TextChoices):
    """What a document is about."""

    ARTICLE = "article", "Article"
    TERM = "term", "Term"
    HELP_CONTACT = "help_contact", "Help contact"


class State(models.TextChoices):
    """What readers may get. All but `published` are tombstones: rows without a body, kept for ever."""

    PUBLISHED = "published", "Published"
    HELD = "held", "Held: stop showing it, it will come back"
    GONE = "gone", "Gone"
    RECALLED = "recalled", "Recalled: remove it, and confirm"


class UpdateType(models.TextChoices):
    """Why a row was written, in the words of the change feed."""

    NEW = "new", "New"
    MINOR = "minor", "Minor"
    SUBSTANTIVE = "substantive", "Substantive"
    SAFETY = "safety", "Safety"
    REVIEWED = "reviewed", "Reviewed"
    REPUBLISH = "republish", "Republish"


class DocumentQuerySet(models.QuerySet["Document"]):
    """How documents are read. What is stored beside the body is read only where it is what is sent."""

    def current(self) -> "DocumentQuerySet":
        """The latest row of each (kind, subject, language), tombstones too."""
        return self.filter(current=True).defer("compressed", "entry")

    def published(self) -> "DocumentQuerySet":
        """What readers get: current rows with a body."""
        return self.current().filter(state=State.PUBLISHED)

    def entries(self) -> "DocumentQuerySet":
        """The rows with what stands in a list, without their bodies."""
        return self.defer(None).defer("compressed", "body")

    def since(self, number: int) -> "DocumentQuerySet":
        """Current rows after a number, ascending: what the change feed gives. From 0 it is the full copy."""
        return self.current().filter(number__gt=number).order_by("number")

    def of(self, *, kind: str, subject_id: UUID) -> "DocumentQuerySet":
        """Every row of one subject."""
        return self.filter(kind=kind, subject_id=subject_id)


class Document(models.Model):
    """One language of one article, term or help contact, as it went out under one number.

    Only `api.store` writes here. A row is never changed but for `current` (and `shows`, an index for the
    publisher which no reader sees), and never deleted. A tombstone keeps the indexed columns of the row before it.
    """

    number = models.BigIntegerField(primary_key=True)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    subject_id = models.UUIDField()
    language = models.CharField(max_length=16)
    state = models.CharField(max_length=16, choices=State.choices)
    current = models.BooleanField(default=True)
    version = models.PositiveIntegerField()

    body = models.TextField(blank=True, help_text="Canonical JSON, sent as it is; empty on tombstones.")
    compressed = models.BinaryField(null=True, help_text="The body as gzip, sent as it is.")
    entry = models.TextField(blank=True, help_text="The body as it stands in a list, without its long parts.")
    etag = models.CharField(max_length=64)
    content_digest = models.CharField(max_length=64)
    text_digest = models.CharField(max_length=128, blank=True)
    text_modified_at = models.DateTimeField()
    modified_at = models.DateTimeField()

    update_type = models.CharField(max_length=16, choices=UpdateType.choices)
    change_note = models.TextField(blank=True)
    change_note_language = models.CharField(max_length=16, blank=True)
    reason = models.TextField(blank=True)
    details = models.JSONField(default=dict, blank=True, help_text="Of a closure: severity, instruction, replacement, since…")

    slug = models.CharField(max_length=255, blank=True)
    title = models.TextField(blank=True)
    collection = models.CharField(max_length=255, blank=True)
    vocabulary = models.CharField(max_length=16, blank=True)
    region = models.CharField(max_length=8, blank=True)
    contact_kind = models.CharField(max_length=32, blank=True)
    translation_status = models.CharField(max_length=16, blank=True)
    origin = models.CharField(max_length=16, blank=True)
    sample = models.BooleanField(default=False)
    reviewed_on = models.DateField(null=True, blank=True)
    review_due_on = models.DateField(null=True, blank=True)
    facets = models.TextField(blank=True, help_text="`|topic:withdrawal|substance:heroin|`: one contains-lookup answers a filter.")
    shows = models.TextField(blank=True, help_text="`|uuid|uuid|`: the subjects whose text is inside this document.")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_id", "language"], condition=Q(current=True), name="one_current_row_per_subject_and_language"
            ),
            models.UniqueConstraint(
                fields=["kind", "subject_id", "language", "version"], name="each_version_once_per_subject_and_language"
            ),
            models.CheckConstraint(
                condition=(Q(state="published") & ~Q(body="")) | (~Q(state="published") & Q(body="")),
                name="body_is_there_exactly_when_published",
            ),
            models.CheckConstraint(condition=Q(number__gt=0), name="number_is_above_zero"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="kind_is_known"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="state_is_known"),
        ]
        indexes = [
            models.Index(fields=["number"], condition=Q(current=True), name="feed_by_number"),
            models.Index(fields=["kind", "slug"], name="any_slug_ever"),
            models.Index(
                fields=["kind", "language", "number", "sample"], condition=Q(current=True, state="published"), name="list_by_number"
            ),
            models.Index(
                fields=["kind", "language", "title", "number"], condition=Q(current=True, state="published"), name="list_by_title"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.kind} {self.slug or self.subject_id} ({self.language}) version {self.version}, {self.state}"

    def content(self) -> dict[str, Any] | None:
        """The document as it went out; None of a tombstone."""
        parsed: dict[str, Any] | None = json.loads(self.body) if self.body else None
        return parsed

    @property
    def quoted_etag(self) -> str:
        """The ETag as HTTP writes it."""
        return f'"{self.etag}"'


class Vector(models.TextField):  # type: ignore[type-arg] # Django's fields take none at run time
    """A tsvector of PostgreSQL. On SQLite it stays empty: there FTS5 has a table of its own."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "tsvector" if connection.vendor == "postgresql" else "text"


class SearchEntry(models.Model):
    """What is searched of one current article in one language. Only `api.search` writes and reads here."""

    document = models.OneToOneField(Document, on_delete=models.CASCADE, primary_key=True, related_name="search_entry")
    first = models.TextField(help_text="What an excerpt must begin with: the sample's sentence, the notice.")
    shown = models.TextField(help_text="Summary, headings and text, a passage a line.")
    folded = models.TextField(help_text="The same as it is compared.")
    head = Vector(null=True, help_text="Title, summary, headings: what is ranked.")
    vector = Vector(null=True, help_text="All of it: what is found.")

    def __str__(self) -> str:
        return f"What is searched of document {self.document_id}"


class SearchWord(models.Model):
    """A word of the index. Its halves find it again when it is asked for with a typing error."""

    language = models.CharField(max_length=16)
    word = models.CharField(max_length=160)
    start = models.CharField(max_length=96, blank=True)
    end = models.CharField(max_length=96, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["language", "word"], name="each_word_once_per_language")]
        indexes = [
            models.Index(fields=["start", "language"], name="words_by_their_start"),
            models.Index(fields=["end", "language"], name="words_by_their_end"),
        ]

    def __str__(self) -> str:
        return f"{self.word} ({self.language})"
