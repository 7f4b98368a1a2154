"""Partners, their keys, and how they use them. Nothing here says who a partner's readers are."""

from datetime import datetime

from django.db import models
from django.db.models import Q


class Environment(models.TextChoices):
    """What a key is for."""

    LIVE = "live", "Production"
    TEST = "test", "Sandbox"


class Scope(models.TextChoices):
    """What a key may do."""

    READ = "read", "Read content"
    PARTNER = "partner", "Read the partner's own record"
    REPORT = "report", "Report mistakes in texts"


class Partner(models.Model):
    """Somebody who shows the library's texts to readers. `languages` and `topics` are interests, and restrict nothing."""

    name = models.CharField(max_length=200, unique=True)
    technical_name = models.CharField(max_length=200, blank=True)
    technical_email = models.EmailField()
    content_name = models.CharField(max_length=200, blank=True)
    content_email = models.EmailField(blank=True)
    incident_name = models.CharField(max_length=200, blank=True)
    incident_email = models.EmailField(blank=True)
    incident_second_email = models.EmailField(blank=True)
    incident_telephone = models.CharField(max_length=40, blank=True)
    terms_version = models.CharField(max_length=40, blank=True)
    terms_accepted_on = models.DateField(null=True, blank=True)
    languages = models.JSONField(default=list, blank=True)
    topics = models.JSONField(default=list, blank=True)
    exclude_machine = models.BooleanField(default=False)
    exclude_outdated = models.BooleanField(default=False)
    exclude_unreviewed = models.BooleanField(default=False)
    exclude_sample = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class KeyQuerySet(models.QuerySet["Key"]):
    """How keys are read."""

    def alive(self, at: datetime) -> "KeyQuerySet":
        """Keys that open something at this moment."""
        return self.filter(Q(revoked_at=None), Q(expires_at=None) | Q(expires_at__gt=at))


class Key(models.Model):
    """A key of a partner. Its text is nowhere: `digest` is what is compared, `hint` what people recognise it by."""

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="keys")
    label = models.CharField(max_length=100, blank=True)
    environment = models.CharField(max_length=8, choices=Environment.choices)
    scopes = models.JSONField(default=list)
    requests_per_minute = models.PositiveIntegerField()
    digest = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=20)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by")
    issued_at = models.DateTimeField()
    issued_by = models.CharField(max_length=200)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.CharField(max_length=200, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    objects = KeyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(environment__in=Environment.values), name="environment_is_known"),
            models.CheckConstraint(condition=Q(requests_per_minute__gt=0), name="a_key_may_ask_something"),
        ]

    def __str__(self) -> str:
        return f"{self.hint}…"

    def is_alive(self, at: datetime) -> bool:
        """Whether the key opens anything at this moment."""
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > at)


class Use(models.Model):
    """Requests of a key to one endpoint on one day (UTC), and how many of them were refused for the limit."""

    key = models.ForeignKey(Key, on_delete=models.PROTECT, related_name="uses")
    day = models.DateField()
    endpoint = models.CharField(max_length=100)
    requests = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "day", "endpoint"], name="one_use_per_key_day_and_endpoint")]

    def __str__(self) -> str:
        return f"{self.key_id} {self.day} {self.endpoint}: {self.requests}"


class SyncPosition(models.Model):
    """Where a key's reader of the change feed stood when it last asked: all up to `number`, by `filter`, it has."""

    key = models.OneToOneField(Key, on_delete=models.PROTECT, related_name="position")
    number = models.BigIntegerField()
    filter = models.JSONField(help_text="As `feed.written` writes it.")
    read_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.key_id} at {self.number}"
