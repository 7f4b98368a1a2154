"""Our acts in Wagtail's audit log: those on texts each with its language, those on partners each with its key."""

from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import log_actions

from cms import due
from cms.models import TranslatedModel

#: Action → its label, and what the history of a page says about it.
ACTIONS: dict[str, tuple[Promise, Promise]] = {
    "translate": (_("Translate"), _("Changed the translation")),
    "confirm": (_("Confirm passage"), _("Confirmed a passage without changing it")),
    "comment": (_("Comment"), _("Commented")),
    "resolve": (_("Resolve comment"), _("Resolved a comment")),
    "reopen": (_("Open comment again"), _("Opened a comment again")),
    "submit": (_("Submit translation"), _("Submitted the translation")),
    "return": (_("Return translation"), _("Returned the translation")),
    "approve": (_("Approve"), _("Approved")),
    "override": (_("Let pass"), _("Asked to let pass what the checks found")),
    "confirm_alone": (_("Confirm"), _("Confirmed what was approved alone")),
    "raise_severity": (_("Raise severity"), _("Raised the severity of a change")),
    "launch": (_("Put live"), _("Put live with others")),
    "review": (_("Review"), _("Reviewed, and changed nothing")),
    "revoke": (_("Revoke approval"), _("Revoked the approval")),
    "pause": (_("Pause for safety"), _("Paused for safety")),
    "retire": (_("Retire"), _("Retired")),
    "recall": (_("Recall"), _("Recalled")),
    "bring_back": (_("Bring back"), _("Brought back")),
}


def log(subject: TranslatedModel, action: str, *, by: Any, language: str, **data: Any) -> None:
    """Write an act to the history of its subject. A loader is nobody's account, so it is logged without a user."""
    log_actions.log(
        instance=subject,
        action=f"mainstay.{action}",
        user=by if getattr(by, "pk", None) else None,
        data={"language": language, **data},
    )


#: The same for keys, in the history of their partner.
KEY_ACTIONS: dict[str, tuple[Promise, Promise]] = {
    "issue_key": (_("Issue key"), _("Issued a key")),
    "rotate_key": (_("Rotate key"), _("Rotated a key")),
    "revoke_key": (_("Revoke key"), _("Revoked a key")),
}


def log_key(partner: Any, action: str, *, by: Any, hint: str) -> None:
    """Write what was done with a key, of which only its beginning is known, to the history of its partner."""
    log_actions.log(instance=partner, action=f"mainstay.{action}", user=by, data={"key": hint})


#: What was given to somebody to do, with whom and until when.
ASSIGNMENT_ACTIONS: dict[str, tuple[Promise, Promise]] = {
    "assign": (_("Assign translation"), _("Assigned the translation")),
    "take_back": (_("Take assignment back"), _("Took the assignment back")),
}


class KeyFormatter(log_actions.LogFormatter):
    """Says with which key it was done."""

    words: Promise

    def format_message(self, log_entry: Any) -> str:
        return f"{self.words} ({log_entry.data.get('key', '')}…)"


class LanguageFormatter(log_actions.LogFormatter):
    """Says in which language it was done."""

    words: Promise

    def format_message(self, log_entry: Any) -> str:
        language = log_entry.data.get("language") or _("all languages")
        reason = log_entry.data.get("reason")
        return f"{self.words} ({language})" + (f": {reason}" if reason else "")


class AssignmentFormatter(log_actions.LogFormatter):
    """Says in which language it was given, to whom, and until when."""

    words: Promise

    def format_message(self, log_entry: Any) -> str:
        data = log_entry.data
        to, due_on = data.get("to") or gettext("the team"), data.get("due_on")
        until = gettext("until %(date)s") % {"date": due.day(date.fromisoformat(due_on))} if due_on else ""
        return f"{self.words} ({data.get('language', '')}): " + ", ".join(part for part in (to, until) if part)


def register(actions: Any) -> None:
    """Give Wagtail's registry our actions."""
    for known, base in ((ACTIONS, LanguageFormatter), (ASSIGNMENT_ACTIONS, AssignmentFormatter), (KEY_ACTIONS, KeyFormatter)):
        for name, (label, words) in known.items():
            formatter = type(f"{name.title()}Formatter", (base,), {"label": label, "message": words, "words": words})
            actions.register_action(f"mainstay.{name}")(formatter)
