"""What the service has found out about itself: how each job went last, and which documents are not as they should be."""

from django.db import models
from django.utils import timezone


class JobRun(models.Model):
    """How one job went when it ran last; `failure` is what went wrong, empty when nothing did."""

    name = models.CharField(max_length=40, unique=True)
    at = models.DateTimeField(default=timezone.now)
    failure = models.CharField(max_length=300, blank=True)
    well_at = models.DateTimeField(null=True, help_text="When it went well last.")

    def __str__(self) -> str:
        return f"{self.name} at {self.at}"


class Difference(models.Model):
    """A document that is not what its decisions say, as the last comparison of its subject found it."""

    subject_id = models.UUIDField(db_index=True)
    subject_kind = models.CharField(max_length=20)
    language = models.CharField(max_length=12)
    found = models.TextField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject_id", "language"], name="a_document_differs_once")]

    def __str__(self) -> str:
        return f"{self.subject_kind} {self.subject_id} {self.language}: {self.found}"
