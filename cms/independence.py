"""How many people a translation takes: what its risk asks for, and whether two checks are those of two people.

High risk: a language check, and a clinical check by somebody who reads the language or a second language check. Else one check.
"""

from typing import Any

from django.utils.translation import gettext as _

from cms import languages
from cms.models import Approval, Article, TranslatedModel
from cms.serving import Decisions, standing


def is_high_risk(subject: TranslatedModel, decisions: Decisions) -> bool:
    """Whether it takes two checks: by the draft, by what was released, or by what readers have.

    So a risk that was raised counts at once, and one that was lowered when it went live, which takes a sign-off.
    """
    if not isinstance(subject, Article):
        return False
    live = standing(decisions, languages.SOURCE).live
    known = [release.facts["risk"] for release in (decisions.latest_release(), live) if release]
    return Article.Risk.HIGH in (subject.get_latest_revision_as_object().risk, *known)


def first_check(subject: TranslatedModel, language: str, decisions: Decisions, *, text_digest: str, source_digest: str) -> Approval | None:
    """A check of exactly this text against exactly this source that waits for its second, with nothing said against the text since."""
    said_at = standing(decisions, language).last_said_at()
    waiting = [
        row
        for row in decisions.approvals
        if row.language == language
        and not row.is_complete
        and not row.revoked_at
        and (row.text_digest, row.source_digest) == (text_digest, source_digest)
        and (said_at is None or row.at > said_at)
        and not any(later.first_check_id == row.pk for later in decisions.approvals)
    ]
    return max(waiting, key=lambda row: row.at, default=None)


def completes(subject: TranslatedModel, decisions: Decisions, first: Approval | None, *, check: str, by: Any) -> bool:
    """Whether with this check the text has all that its risk asks for. A loader is no person, and vouches for nothing."""
    if by is None or by.pk is None or not is_high_risk(subject, decisions):
        return True
    return first is not None and first.by_id != by.pk and Approval.Check.LANGUAGE in (first.check_kind, check)


def still_needed(first: Approval, *, by: Any) -> str:
    """What a second approval that completes nothing lacks, in words."""
    if first.by_id == by.pk:
        return _("You have checked this text. Its risk asks for a second check, by somebody else.")
    return _("A clinical check is there. What is needed now is a language check, by somebody who works in %(language)s.") % {
        "language": languages.own_name(first.language)
    }
