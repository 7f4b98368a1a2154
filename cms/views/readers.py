"""What readers get of one subject, language by language, and where one goes from there."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from cms import coverage, evidence, languages, obstacles, publishing, reference, review, serving, subjects
from cms.models import Article, Assignment, HelpContact, TranslatedModel
from cms.serving import Closed, Decisions, Served, State


@dataclass(frozen=True, kw_only=True)
class Row:
    """One language: what readers get, how the translation stands, and the links to act on it."""

    language: languages.Language
    state: State
    state_label: str
    detail: str
    version: int | None
    modified_at: Any
    working: review.WorkingState | None
    text_url: str
    close_url: str
    can_be_closed: bool
    is_unconfirmed: bool
    assignment: Assignment | None


@dataclass(frozen=True, kw_only=True)
class SourceStanding:
    """How the source stands: what its editor let go, what is signed off, what partners get. `sentence` says it in words."""

    sentence: str
    needs_sign_off: bool
    sign_off_url: str


#: Why readers do not get a text, by the code that partners are told.
REASONS: Mapping[str, Promise] = {
    "paused-for-safety": gettext_lazy("Paused for safety"),
    "source-safety-change": gettext_lazy("The source changed for safety"),
    "safety-change-not-translated": gettext_lazy("A safety change was not translated in time"),
    "approval-revoked": gettext_lazy("Its approval was taken back"),
    "unpublished": gettext_lazy("The page was unpublished"),
}


def state_label(state: State) -> str:
    """The state in the words of the admin's language, the same as in the matrix."""
    return str(coverage.WORDS[state])


def rows(subject: TranslatedModel) -> Iterator[Row]:
    """A row a language, the source first."""
    decisions = evidence.of(subject.public_id)
    source, _digest = reference.source_texts(subject, decisions)
    stored = publishing.stored(subject.public_id, subject.kind)
    given = {row.language: row for row in Assignment.objects.open().filter(subject_id=subject.public_id).select_related("person")}
    for tag in languages.TAGS:
        found = serving.serving(decisions, tag)
        document = stored.get(tag)
        address = [subject.kind, subject.public_id, tag]
        is_source = tag == languages.SOURCE
        yield Row(
            language=languages.get(tag),
            state=found.state,
            state_label=state_label(found.state),
            detail=_detail(found),
            version=document.version if document else None,
            modified_at=document.modified_at if document else _approved_at(found),
            working=None if is_source else review.working(subject, tag, decisions, source),
            text_url=reverse("mainstay:sign_off", args=address[:2]) if is_source else reverse("mainstay:translate", args=address),
            close_url=reverse("mainstay:close", args=address),
            can_be_closed=found.state != State.NONE,
            is_unconfirmed=bool(obstacles.unconfirmed(decisions, tag)),
            assignment=given.get(tag),
        )


def source_standing(subject: TranslatedModel) -> SourceStanding:
    """Released and approved, whichever comes second: which of the two is lacking."""
    decisions = evidence.of(subject.public_id)
    return SourceStanding(
        sentence=_sentence(subject, decisions),
        needs_sign_off=not _is_signed_off(subject, decisions),
        sign_off_url=reverse("mainstay:sign_off", args=[subject.kind, subject.public_id]),
    )


class ReadersView(WagtailAdminTemplateMixin, TemplateView):
    """The table for any kind of subject, on a page of its own."""

    template_name = "cms/readers.html"
    header_icon = "globe"

    def dispatch(self, request: HttpRequest, kind: str, public_id: UUID) -> HttpResponseBase:
        self.subject = subjects.get(kind, public_id)
        return super().dispatch(request)

    def get_page_title(self) -> str:
        return str(self.subject)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, edit_crumb(self.subject), {"url": "", "label": _("Readers and translations")}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(subject=self.subject, **kwargs)


def crumbs(kind: str, public_id: UUID) -> list[dict[str, Any]]:
    """The way back to a subject, while it exists."""
    model = subjects.MODELS.get(kind)
    subject = model._default_manager.filter(public_id=public_id).first() if model else None
    if subject is None:
        return []
    url = reverse("mainstay:readers", args=[kind, public_id])
    return [edit_crumb(subject), {"url": url, "label": _("Readers and translations")}]


def edit_url(subject: TranslatedModel) -> str:
    """Where the source of a subject is edited."""
    if isinstance(subject, Article):
        return reverse("wagtailadmin_pages:edit", args=[subject.pk])
    viewset: Any = type(subject).snippet_viewset  # type: ignore[attr-defined] # Wagtail puts it on each registered snippet
    return reverse(viewset.get_url_name("edit"), args=[subject.pk])


def edit_crumb(subject: TranslatedModel) -> dict[str, Any]:
    """The breadcrumb back to the subject's own editor."""
    return {"url": edit_url(subject), "label": str(subject)}


def _approved_at(found: serving.Serving) -> Any:
    return found.approval.at if isinstance(found, Served) and found.approval else None


def _detail(found: serving.Serving) -> str:
    if isinstance(found, Served):
        if found.carried_over:
            return _("Carried over a minor change of the source")
        if found.outdated_by == "safety":
            return _("Lacks a safety change of the source")
        if found.outdated_by:
            return _("Lacks a change of the source")
        return ""
    if isinstance(found, Closed):
        return str(REASONS.get(found.reason, ""))
    return ""


def _is_signed_off(subject: TranslatedModel, decisions: Decisions) -> bool:
    source = reference.source_of(subject)
    text, facts = reference.shown_digest(source, languages.SOURCE).split(".")
    return any(
        approval.language == languages.SOURCE and not approval.revoked_at and (approval.text_digest, approval.facts_digest) == (text, facts)
        for approval in decisions.approvals
    )


def _sentence(subject: TranslatedModel, decisions: Decisions) -> str:
    released, change = decisions.latest_release(), decisions.latest_change()
    signed = _is_signed_off(subject, decisions)
    if released is None:
        return _("Signed off, and waiting to be published.") if signed else _("Not published yet. Partners get nothing.")
    if change is None:
        return _("Published here, waiting for sign-off; partners get nothing yet.")
    if not publishing.stored(subject.public_id, subject.kind) and isinstance(subject, HelpContact):
        return _("Partners get a contact only when it was verified, and the verification signed off.")
    when = {"date": date_format(timezone.localtime(change.at), "DATE_FORMAT")}
    if (released.text_digest, released.facts_digest) != (change.release.text_digest, change.release.facts_digest):
        return _("Published here, waiting for sign-off; partners still get the version of %(date)s.") % when
    if not signed:
        text, facts = reference.shown_digest(reference.source_of(subject), languages.SOURCE).split(".")
        if (text, facts) == (released.text_digest, released.facts_digest):
            return _("Partners get the version of %(date)s. It is not signed off yet.") % when
        return _("This draft is neither signed off nor published; partners get the version of %(date)s.") % when
    return _("Partners get the version of %(date)s. It is signed off.") % when
