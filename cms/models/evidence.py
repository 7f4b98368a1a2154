"""What people decided, and when: rows that record, are never edited but for their end, and outlive pages and users.

Each holds the subject's public id without a foreign key, and copies the person's name and role. What readers get is
computed from these rows alone (`cms.serving`), never from working text.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Person(models.Model):
    """Who did it, copied: an id that may dangle, a name, a role, a qualification ("" where none is claimed)."""

    by_id = models.PositiveBigIntegerField(null=True, editable=False)
    by_name = models.CharField(max_length=200)
    by_role = models.CharField(max_length=200, blank=True)
    by_qualification = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True


def signature(user: Any) -> dict[str, Any]:
    """The four columns of Person for a user; somebody unknown signs as the service itself.

    A loader signs with an unsaved user: it has a name, and no id, role or qualification.
    """
    if user is None:
        return {"by_id": None, "by_name": "Mainstay", "by_role": "", "by_qualification": ""}
    groups = list(user.groups.order_by("name").values_list("name", flat=True)) if user.pk else []
    return {
        "by_id": user.pk,
        "by_name": user.get_full_name() or user.get_username(),
        "by_role": ", ".join(groups) or ("administrator" if user.is_superuser else "no role"),
        "by_qualification": _qualification(user),
    }


def _qualification(user: Any) -> str:
    """What the person's profile says; read through the user, because profiles are defined after evidence."""
    profile = getattr(user, "profile", None) if user.pk else None
    return profile.qualification if profile else ""


class Record(models.Model):
    """A decision about one subject."""

    subject_id = models.UUIDField(db_index=True)
    subject_kind = models.CharField(max_length=20)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True


class Origin(models.TextChoices):
    """Where a text came from (XLIFF's and the contract's words)."""

    SOURCE = "source", _("Source")
    HUMAN = "human", _("Human")
    MACHINE = "machine", _("Machine")
    MACHINE_EDITED = "machine_edited", _("Machine, edited by a person")


class TextsField(models.JSONField):
    """Texts by segment key, in reading order: stored as pairs, because PostgreSQL's `jsonb` puts keys in an order of its own."""

    def get_prep_value(self, value: Any) -> Any:
        return [list(pair) for pair in value.items()] if isinstance(value, dict) else value

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        stored = super().from_db_value(value, expression, connection)
        return dict(stored) if isinstance(stored, list) else stored


class Contribution(Record, Person):
    """Somebody changed the text of one language. Whoever did cannot approve it."""

    language = models.CharField(max_length=12)
    from_digest = models.CharField(max_length=64, blank=True)
    to_digest = models.CharField(max_length=64, blank=True)
    origin = models.CharField(max_length=15, choices=Origin.choices, default=Origin.HUMAN)
    restored_from = models.DateTimeField(
        null=True, help_text="When the version was written that this brought back; empty for a text of its own."
    )

    class Meta:
        indexes = [models.Index(fields=["subject_id", "language", "at"], name="contribution_by_text")]

    def __str__(self) -> str:
        return f"{self.by_name} changed {self.subject_kind} {self.subject_id} in {self.language}"

    @classmethod
    def record(
        cls,
        subject: Any,
        language: str,
        *,
        by: Any,
        from_digest: str,
        to_digest: str,
        origin: str = Origin.HUMAN,
        restored_from: datetime | None = None,
    ) -> None:
        """Record a change of text; a save that changes no text is no contribution.

        It comes after every approval so far, also when a clock has stepped back: "since it was last approved" counts on it.
        """
        if from_digest != to_digest:
            approved_at = Approval.objects.filter(subject_id=subject.public_id).aggregate(models.Max("at"))["at__max"]
            now = timezone.now()
            cls.objects.create(
                at=now if approved_at is None or now > approved_at else approved_at + timedelta(microseconds=1),
                subject_id=subject.public_id,
                subject_kind=subject.kind,
                language=language,
                from_digest=from_digest,
                to_digest=to_digest,
                origin=origin,
                restored_from=restored_from,
                **signature(by),
            )


class Submission(Record, Person):
    """A translation was given for approval; it may come back with a reason."""

    language = models.CharField(max_length=12)
    text_digest = models.CharField(max_length=64)
    note = models.TextField(blank=True)
    returned_at = models.DateTimeField(null=True, blank=True)
    returned_by_name = models.CharField(max_length=200, blank=True)
    return_reason = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.subject_kind} {self.subject_id} in {self.language}, submitted by {self.by_name}"


class Release(Record, Person):
    """A source text with its facts that an editor let go: Wagtail's publish, or the approval of a snippet's source."""

    texts = TextsField(help_text="Segment key → source text, in order.")
    facts = models.JSONField()
    placement = models.JSONField(default=dict)
    images = models.JSONField(default=dict, help_text="Image id → url, width, height, file hash.")
    links = models.JSONField(default=dict, help_text="Page id of a linked article → its public id.")
    text_digest = models.CharField(max_length=64)
    facts_digest = models.CharField(max_length=64)
    severity = models.CharField(max_length=12, blank=True)
    harm = models.CharField(max_length=3, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["subject_id", "at"], name="release_by_subject")]

    def __str__(self) -> str:
        return f"{self.subject_kind} {self.subject_id} released by {self.by_name}"


class Approval(Record, Person):
    """“This text faithfully renders that source text.” It is the evidence, and it is what is rendered.

    The approval of a source binds its facts too (`facts_digest`).
    """

    class Check(models.TextChoices):
        LANGUAGE = "language", _("Language check")
        CLINICAL = "clinical", _("Clinical check")

    language = models.CharField(max_length=12)
    check_kind = models.CharField(max_length=10, choices=Check.choices)
    text_digest = models.CharField(max_length=64)
    source_digest = models.CharField(max_length=64)
    facts_digest = models.CharField(max_length=64, blank=True)
    texts = TextsField(help_text="Segment key → approved text, in order.")
    source_texts = TextsField(default=dict, help_text="Segment key → the source text it was approved against.")
    origin = models.CharField(max_length=15, choices=Origin.choices)
    is_complete = models.BooleanField(default=True, help_text="With this one, every check that the text's risk asks for was made.")
    first_check = models.ForeignKey("self", on_delete=models.PROTECT, null=True, editable=False, related_name="completed_by")
    effective_at = models.DateTimeField(
        null=True, help_text="When it began to count for readers; empty while another check, or its launch, is awaited."
    )
    severity = models.CharField(max_length=12, blank=True, help_text="How much it changes of what readers had in this language.")
    note = models.CharField(max_length=300, blank=True)
    overrides = models.JSONField(default=list, help_text="What the checks found and two people let pass: key, check, message, reason, by.")
    break_glass_reason = models.TextField(blank=True, help_text="Why it was given without the second person; shown until confirmed.")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by_name = models.CharField(max_length=200, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by_name = models.CharField(max_length=200, blank=True)
    revoke_reason = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["subject_id", "language", "at"], name="approval_by_text")]

    def __str__(self) -> str:
        return f"{self.subject_kind} {self.subject_id} in {self.language}, approved by {self.by_name}"


class SourceChange(Record, Person):
    """The source document changed: from which text to which, how much, and what that means for each translation."""

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="changes")
    approval = models.ForeignKey(Approval, on_delete=models.PROTECT, null=True, related_name="changes")
    from_digest = models.CharField(max_length=64, blank=True)
    to_digest = models.CharField(max_length=64)
    severity = models.CharField(max_length=12)
    note = models.CharField(max_length=300, blank=True)
    choices = models.JSONField(default=dict, help_text="Language → notice or hold, for a safety change.")
    raises = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="raised_by", help_text="The change whose severity was raised later."
    )

    def __str__(self) -> str:
        return f"{self.subject_kind} {self.subject_id}: {self.severity} change"


class Closure(Record, Person):
    """One person's decision that readers must not get a text, in one language or in all (language "")."""

    class State(models.TextChoices):
        HELD = "held", _("Paused for safety")
        GONE = "gone", _("Retired")
        RECALLED = "recalled", _("Recalled")

    class Cause(models.TextChoices):
        DECISION = "decision", _("Decision")
        PAGE = "page", _("The page was unpublished, expired or deleted")
        DEADLINE = "deadline", _("A safety change was not translated in time")

    state = models.CharField(max_length=10, choices=State.choices)
    cause = models.CharField(max_length=10, choices=Cause.choices, default=Cause.DECISION)
    language = models.CharField(max_length=12, blank=True)
    reason = models.TextField()
    details = models.JSONField(default=dict, blank=True)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by_name = models.CharField(max_length=200, blank=True)
    lift_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(state="held", lifted_at__isnull=False), name="a_pause_is_lifted_by_an_approval_only")
        ]

    def __str__(self) -> str:
        return f"{self.subject_kind} {self.subject_id} {self.language or 'all languages'}: {self.state}"

    def reason_code(self) -> str:
        """What partners are told, as a stable code; the words that a person wrote stay inside."""
        if self.cause == self.Cause.PAGE:
            return "unpublished"
        if self.cause == self.Cause.DEADLINE:
            return "safety-change-not-translated"
        return {"held": "paused-for-safety", "gone": "retired", "recalled": "recalled"}[self.state]


class NoticePosting(Record, Person):
    """A notice put above the text of an article, of all that show a term, or of the whole library."""

    class Scope(models.TextChoices):
        ARTICLE = "article", _("An article")
        TERM = "term", _("All articles about a term")
        LIBRARY = "library", _("The whole library")

    scope = models.CharField(max_length=10, choices=Scope.choices)
    notice_id = models.UUIDField()
    reason = models.TextField(blank=True)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by_name = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"notice {self.notice_id} on {self.scope} {self.subject_id}"

    def concerns(self, article_id: UUID, term_ids: Collection[UUID]) -> bool:
        """Whether an article with these terms stands under this notice."""
        match self.scope:
            case self.Scope.LIBRARY:
                return True
            case self.Scope.ARTICLE:
                return self.subject_id == article_id
            case _:
                return self.subject_id in term_ids


class Review(Record, Person):
    """“Reviewed, no change”: somebody read the source that readers have, and it still holds. It moves the review's dates alone."""

    text_digest = models.CharField(max_length=64)
    facts_digest = models.CharField(max_length=64)
    reviewed_on = models.DateField()
    next_due_on = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.subject_kind} {self.subject_id} reviewed on {self.reviewed_on}"


class Lapse(Record):
    """The day came on which a review fell due, and nobody had reviewed the source again. It is noted once for each such day."""

    due_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject_id", "due_on"], name="a_review_lapses_once")]

    def __str__(self) -> str:
        return f"{self.subject_kind} {self.subject_id}: the review was due on {self.due_on}"


class DueRendering(models.Model):
    """A document that shows something that changed, and must be rendered anew."""

    subject_id = models.UUIDField(unique=True)
    subject_kind = models.CharField(max_length=20)
    since = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.subject_kind} {self.subject_id}"
