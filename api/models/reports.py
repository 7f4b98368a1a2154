"""Mistakes in texts, as partners report them. Nothing here says who a reader is."""

from django.db import models
from django.db.models import Q

from api.models.partners import Key, Partner


class Harm(models.TextChoices):
    """How much a mistake matters, in the words of a change of the text."""

    SAFETY = "safety", "Somebody could come to harm"
    SUBSTANTIVE = "substantive", "The meaning is wrong"
    MINOR = "minor", "Spelling, style, a broken link"


class Report(models.Model):
    """A mistake in one version of an article in one language, open until somebody answers it."""

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="reports")
    key = models.ForeignKey(Key, on_delete=models.PROTECT, related_name="reports")
    subject_id = models.UUIDField(db_index=True)
    language = models.CharField(max_length=16)
    version = models.PositiveIntegerField()
    title = models.TextField(help_text="Of the version that it is about.")
    what = models.TextField()
    what_digest = models.CharField(max_length=64)
    severity = models.CharField(max_length=12, choices=Harm.choices)
    reported_at = models.DateTimeField()
    answer = models.TextField(blank=True, help_text="The partner reads it.")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "subject_id", "language", "version", "what_digest"], name="a_partner_reports_a_mistake_once"
            ),
            models.CheckConstraint(condition=Q(severity__in=Harm.values), name="severity_is_known"),
            models.CheckConstraint(condition=Q(closed_at=None) | ~Q(answer=""), name="a_closed_report_has_an_answer"),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.language}), version {self.version}"

    @property
    def is_open(self) -> bool:
        """Whether nobody has answered it yet."""
        return self.closed_at is None
