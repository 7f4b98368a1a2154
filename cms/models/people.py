"""What the library knows of a person beside the account: languages, qualification, mail, visits; and what was given to them to do."""

from uuid import UUID

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cms import languages
from cms.models.evidence import Person, Record


class Mail(models.TextChoices):
    """Every kind of mail that a person can turn off: the first three come at once, the others in the mail of the day."""

    ASSIGNED = "assigned", _("Something was assigned to you, or to your team")
    RETURNED = "returned", _("Your translation came back")
    SAFETY = "safety", _("A source changed for safety in a language that you translate")
    CHANGED = "changed", _("A source changed in a language that you translate")
    DUE = "due", _("What you have to do is due soon, or late")
    TO_CHECK = "to-check", _("Translations wait for your check")
    TO_SIGN_OFF = "to-sign-off", _("Sources wait for your sign-off")
    QUESTIONS = "questions", _("Somebody asked about a source")
    ANSWERS = "answers", _("Somebody answered you")
    REVIEWS = "reviews", _("A review fell due")


class Profile(models.Model):
    """A translator or reviewer works in the languages held here, and in no other; nobody holds one by being a superuser."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="profile")
    languages = models.JSONField(_("languages"), default=list, blank=True, help_text=_("That this person writes or checks texts in."))
    qualification = models.CharField(
        _("qualification"), max_length=200, blank=True, help_text=_("Kept with each approval, such as “MD, addiction medicine”.")
    )
    muted = models.JSONField(default=list, blank=True, help_text="The kinds of mail that this person turned off.")
    visited_at = models.DateTimeField(null=True, blank=True, editable=False, help_text="When the visit that goes on began.")
    visited_before_at = models.DateTimeField(null=True, blank=True, editable=False, help_text="When the visit before it began.")

    def __str__(self) -> str:
        return f"{self.user}: {', '.join(languages.own_name(tag) for tag in self.languages)}"


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    """Assignments as the screens read them."""

    def open(self) -> "AssignmentQuerySet":
        """What is still to be done."""
        return self.filter(ended_at=None)

    def of(self, subject_id: UUID, language: str) -> "Assignment | None":
        """The open one of a text."""
        return self.open().filter(subject_id=subject_id, language=language).select_related("person").first()


class Assignment(Record, Person):
    """One language of one text was given to a person, or to everybody who translates into it; `by` is who gave it.

    An account that is deleted leaves what it had to do to the team.
    """

    class Ending(models.TextChoices):
        APPROVED = "approved", _("Approved")
        GIVEN_ANEW = "given-anew", _("Assigned anew")
        TAKEN_BACK = "taken-back", _("Taken back")

    language = models.CharField(max_length=12)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="assignments")
    due_on = models.DateField(null=True)
    note = models.CharField(max_length=500, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_as = models.CharField(max_length=12, choices=Ending.choices, blank=True)
    ended_by_name = models.CharField(max_length=200, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject_id", "language"], condition=models.Q(ended_at=None), name="a_text_has_one_open_assignment"
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at=None, ended_as="") | (models.Q(ended_at__isnull=False) & ~models.Q(ended_as="")),
                name="an_assignment_ends_in_some_way",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject_kind} {self.subject_id} in {self.language}: {self.person or 'the team'}"


class DailyMail(models.Model):
    """The mail of one day to one person was made; whether there was anything to say."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    on = models.DateField()
    made_at = models.DateTimeField()
    was_sent = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "on"], name="a_person_gets_one_mail_a_day")]

    def __str__(self) -> str:
        return f"{self.user} on {self.on}"
