"""The tables of the translation desk: versions, what was confirmed or overridden segment by segment, comments, launches.

Working material and its history. Readers get nothing of it: what they get follows from the evidence (`cms.models.evidence`).
"""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms.models.evidence import Person, Record


class Version(Record, Person):
    """A translation as one person left it after one sitting. The newest one is what the row holds.

    `segments`: pairs of a key and its `text`, `source` (the source text that it was written against, or confirmed for since)
    and `origin` (as in `Origin`), in the source's order.
    """

    language = models.CharField(max_length=12)
    segments = models.JSONField(default=list)
    text_digest = models.CharField(max_length=64)
    started_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["subject_id", "language", "at"], name="version_by_text")]

    def __str__(self) -> str:
        return f"{self.subject_kind} {self.subject_id} in {self.language} by {self.by_name}"


class Confirmation(Record, Person):
    """Somebody looked at one segment and left it as it is."""

    class Of(models.TextChoices):
        STILL_CORRECT = "still-correct", _("Still correct after its source moved")
        MACHINE_READ = "machine-read", _("A machine's text, read by a person")

    language = models.CharField(max_length=12)
    key = models.CharField(max_length=200)
    of = models.CharField(max_length=15, choices=Of.choices)
    text_digest = models.CharField(max_length=64, help_text="Of the segment's text.")
    source_digest = models.CharField(max_length=64, help_text="Of the segment's source.")

    def __str__(self) -> str:
        return f"{self.key} in {self.language}: {self.of}"


class Override(Record, Person):
    """One person asks to let pass what a check found in a segment; whoever approves the text is the second person."""

    language = models.CharField(max_length=12)
    key = models.CharField(max_length=200)
    check_name = models.CharField(max_length=40)
    segment_digest = models.CharField(max_length=64, help_text="Of the source, the translation and the message: it holds for these alone.")
    reason = models.TextField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.check_name} in {self.key} ({self.language}) overridden by {self.by_name}"


class Comment(Record, Person):
    """A remark on a segment of one language; with the language "" a question about the source, seen in every language."""

    language = models.CharField(max_length=12, blank=True)
    key = models.CharField(max_length=200, blank=True, help_text="The segment; empty for the text as a whole.")
    text = models.TextField()
    parent = models.ForeignKey("self", on_delete=models.CASCADE, null=True, blank=True, related_name="replies")
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by_name = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["subject_id", "language"], name="comment_by_text")]

    def __str__(self) -> str:
        return f"{self.by_name}: {self.text[:40]}"


class CommentTurn(Person):
    """A thread was resolved, or opened again; what it is now stands on its first comment."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="turns")
    is_resolved = models.BooleanField()
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.comment_id} {'resolved' if self.is_resolved else 'opened again'} by {self.by_name}"


class Launch(Person):
    """Approved texts that go live together, all or none: at a time, or when somebody says so."""

    name = models.CharField(max_length=120)
    due_at = models.DateTimeField(_("put live at"), null=True, blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    launched_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    failure = models.TextField(blank=True, help_text="What stood in the way when it was due, in sentences.")

    class Meta:
        verbose_name = _("launch")
        verbose_name_plural = _("launches")

    def __str__(self) -> str:
        return self.name


class LaunchItem(models.Model):
    """One language of one subject in a launch."""

    launch = models.ForeignKey(Launch, on_delete=models.CASCADE, related_name="items")
    subject_id = models.UUIDField(db_index=True)
    subject_kind = models.CharField(max_length=20)
    language = models.CharField(max_length=12)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["launch", "subject_id", "language"], name="a_launch_names_a_text_once"),
        ]

    def __str__(self) -> str:
        return f"{self.subject_kind} {self.subject_id} in {self.language}"
