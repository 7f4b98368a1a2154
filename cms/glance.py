"""The whole library at a glance: every text that is translated, what was decided about it, and where each language stands.

Read once a request, in a number of queries that does not grow with the library: the first screens and the coverage matrix share it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from cms import evidence, languages, subjects
from cms.models import Approval, Article, Assignment, SourceChange, Submission
from cms.serving import Decisions, Standing, standing


@dataclass(frozen=True, kw_only=True)
class Subject:
    """One text of the library by its name; what the facts of an article say of its review."""

    kind: str
    public_id: UUID
    name: str
    page_id: int | None = None
    review_due_on: date | None = None
    sample: bool = False


@dataclass(kw_only=True)
class Glance:
    """Subjects in the order of the library (articles by tree, then the shared texts), and what is known of each."""

    subjects: dict[UUID, Subject]
    decisions: dict[UUID, Decisions]
    _folded: dict[tuple[UUID, str], Standing] = field(default_factory=dict)

    def standing(self, subject_id: UUID, language: str) -> Standing:
        """Where one language stands with readers; folded once."""
        key = (subject_id, language)
        if key not in self._folded:
            self._folded[key] = standing(self.decisions[subject_id], language)
        return self._folded[key]

    def newest_source(self, subject_id: UUID) -> Any:
        """The release or sign-off that a translation is made against, or None while there is neither."""
        return newest_source(self.decisions[subject_id])

    def approval(self, subject_id: UUID, language: str) -> Approval | None:
        """The newest approval of a language that was not taken back."""
        return newest_approval(self.decisions[subject_id], language)

    def change_since(self, subject_id: UUID, approval: Approval) -> SourceChange | None:
        """The gravest change that readers of the source have had since a translation was approved, the newest of them."""
        changes = [row for row in self.decisions[subject_id].changes if row.at > approval.at and row.to_digest != approval.source_digest]
        return max(changes, key=lambda row: (GRAVITY.index(row.severity), row.at), default=None)

    @cached_property
    def submissions(self) -> dict[tuple[UUID, str], Submission]:
        """The newest submission of each text."""
        return evidence.latest_submissions()

    @cached_property
    def assignments(self) -> dict[tuple[UUID, str], Assignment]:
        """What is given to somebody to do, and not done."""
        rows = Assignment.objects.open().select_related("person")
        return {
            (row.subject_id, row.language): row
            for row in rows
            if row.subject_id in self.decisions and not is_translated(self.decisions[row.subject_id], row.language)
        }

    @cached_property
    def contributions(self) -> dict[tuple[UUID, str], str]:
        """The digest of the working text of each translation that somebody ever wrote on."""
        return evidence.latest_contributions()


GRAVITY = ("minor", "substantive", "safety")


def newest_source(decisions: Decisions) -> Any:
    """The release or sign-off that a translation is made against, or None while there is neither."""
    signed = [row for row in decisions.approvals if row.language == languages.SOURCE and not row.revoked_at]
    return max([*decisions.releases, *signed], key=lambda row: row.at, default=None)


def newest_approval(decisions: Decisions, language: str) -> Approval | None:
    """The newest approval of a language that was not taken back."""
    found = [row for row in decisions.approvals if row.language == language and not row.revoked_at]
    return max(found, key=lambda row: row.at, default=None)


def is_translated(decisions: Decisions, language: str) -> bool:
    """Whether the newest source has an approved translation: then there is nothing to translate."""
    source, approval = newest_source(decisions), newest_approval(decisions, language)
    return bool(source and approval and approval.is_complete and approval.source_digest == source.text_digest)


def of_library() -> Glance:
    """Ten queries, however large the library is."""
    found = {subject.public_id: subject for subject in _subjects()}
    return Glance(subjects=found, decisions=evidence.outlines_of(found))


def _subjects() -> Iterator[Subject]:
    columns = ("pk", "public_id", "draft_title", "review_due_on", "sample")
    for pk, public_id, title, due, sample in Article.objects.order_by("path").values_list(*columns):
        yield Subject(kind=Article.kind, public_id=public_id, name=title, page_id=pk, review_due_on=due, sample=sample)
    for kind, model in subjects.MODELS.items():
        if model is not Article:
            for row in model._default_manager.order_by("pk").only("public_id", *_named_by(model)):
                yield Subject(kind=kind, public_id=row.public_id, name=str(row))


def _named_by(model: Any) -> list[str]:
    return [field.name for field in model._meta.concrete_fields if field.name not in model.target_columns()]
