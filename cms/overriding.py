"""What the checks find wrong in a translation blocks its approval, until one person says why it may pass and another approves."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from cms import audit, glossary, languages, people, quality, segments
from cms.models import Override, TranslatedModel, signature


class NotOverridable(ValueError):
    """There is nothing to let pass, or no reason was given; the message says which."""


@dataclass(frozen=True, kw_only=True)
class Checked:
    """A translation beside its source, as the checks see it."""

    subject: TranslatedModel
    language: str
    texts: Mapping[str, str]
    source: Mapping[str, str]

    @cached_property
    def errors(self) -> list[quality.Finding]:
        """What blocks."""
        return self._errors()

    def _errors(self) -> list[quality.Finding]:
        words = glossary.words_for(self.language)
        found = quality.findings(self.source, self.texts, language=self.language, words=words)
        return [finding for finding in found if finding.level == "error"]

    @cached_property
    def _said(self) -> list[str]:
        """What was found, in the words of the source's language: the same for everybody, whatever language they read the admin in."""
        with translation.override(languages.SOURCE):
            return [finding.message for finding in self._errors()]

    def digest(self, finding: quality.Finding) -> str:
        """What an override holds for: this finding, in this translation of this source, and no other."""
        said = self._said[self.errors.index(finding)]
        return segments.digest([self.source[finding.key], self.texts.get(finding.key, ""), finding.check, said])

    def override_of(self, finding: quality.Finding, *, for_approver: Any = None) -> Override | None:
        """The latest request to let this pass; for an approver, of somebody else."""
        rows = Override.objects.filter(
            subject_id=self.subject.public_id,
            language=self.language,
            key=finding.key,
            check_name=finding.check,
            segment_digest=self.digest(finding),
            withdrawn_at__isnull=True,
        )
        if for_approver is not None:
            rows = rows.exclude(by_id=for_approver.pk)
        return rows.order_by("-at").first()

    def blocking(self, *, for_approver: Any) -> list[quality.Finding]:
        """The errors that nobody else asked to let pass."""
        return [finding for finding in self.errors if self.override_of(finding, for_approver=for_approver) is None]

    def let_pass(self, *, for_approver: Any) -> list[dict[str, str]]:
        """What passes with an approval, to be kept on it: segment, check, message, reason, and who asked in what capacity."""
        found = [(finding, self.override_of(finding, for_approver=for_approver)) for finding in self.errors]
        return [
            {
                "key": finding.key,
                "check": finding.check,
                "message": finding.message,
                "reason": override.reason,
                "by": override.by_name,
                "by_role": override.by_role,
                "by_qualification": override.by_qualification,
            }
            for finding, override in found
            if override
        ]


def request(checked: Checked, *, key: str, check: str, reason: str, by: Any) -> list[Override]:
    """Ask to let pass what one check finds wrong in a segment. Raises NotOverridable when it is not there, or without a reason."""
    people.require(by, checked.language)
    if not reason.strip():
        raise NotOverridable(_("Say why it may pass: whoever approves the text reads it."))
    findings = [found for found in checked.errors if (found.key, found.check) == (key, check)]
    if not findings:
        raise NotOverridable(_("The checks do not find this any more."))
    with transaction.atomic():
        overrides = [
            Override.objects.create(
                subject_id=checked.subject.public_id,
                subject_kind=checked.subject.kind,
                language=checked.language,
                key=key,
                check_name=check,
                segment_digest=checked.digest(finding),
                reason=reason.strip(),
                **signature(by),
            )
            for finding in findings
        ]
        audit.log(checked.subject, "override", by=by, language=checked.language, reason=reason.strip(), check=check)
    return overrides
