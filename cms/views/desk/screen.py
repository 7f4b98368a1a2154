"""The desk's screen: GET shows it; POST saves the whole form, for who works without JavaScript."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic.base import TemplateResponseMixin
from wagtail.admin import messages
from wagtail.admin.ui.side_panels import BaseSidePanel
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from cms import desk, glance, independence, languages, obstacles, reference, review, segments, submitting, versions
from cms.models import Approval, Article, Assignment
from cms.views import alone, readers
from cms.views.desk import comments
from cms.views.desk.base import DeskView
from cms.views.desk.forms import ApprovalForm, TranslationForm
from cms.views.desk.panels import CommentsPanel, PreviewPanel
from cms.views.desk.rows import Progress, Row, rows


class TranslateView(WagtailAdminTemplateMixin, TemplateResponseMixin, DeskView):
    """One subject in one language."""

    template_name = "cms/desk/desk.html"
    header_icon = "globe"

    def is_allowed(self) -> bool:
        return self.can_translate

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.render_to_response(self.get_context_data())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self.form(request.POST)
        if not form.is_valid():
            messages.validation_error(request, _("The translation was not saved."), form)
            return self.render_to_response(self.get_context_data(form=form))
        try:
            started_from = form.cleaned_data["started_from"]
            changed = desk.save(self.subject, self.language.tag, form.texts(), started_from=started_from, by=request.user)
        except desk.TextMoved as moved:
            return self.show_both(request, form, moved.theirs)
        if changed or request.POST.get("saved_by_itself"):
            messages.success(request, _("Saved. Readers get it when somebody else has approved it."))
        else:
            messages.info(request, _("Nothing had changed, so nothing was saved."))
        return redirect(request.path)

    def show_both(self, request: HttpRequest, form: TranslationForm, theirs: Mapping[str, str]) -> HttpResponse:
        """Somebody else saved meanwhile: their text stands beside this one, and the next save starts from it."""
        messages.error(
            request,
            _("Somebody else has saved this translation since you opened it. Their text is shown beside yours: choose, and save again."),
        )
        data = request.POST.copy()
        data["started_from"] = segments.text_digest(theirs)
        return self.render_to_response(self.get_context_data(form=self.form(data), theirs=theirs, typed=form.texts()), status=409)

    def get_page_title(self) -> str:
        return str(self.subject)

    def get_page_subtitle(self) -> str:
        return f"{languages.get(self.language.tag).own_name} ({self.language.english_name})"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        url = reverse("mainstay:readers", args=[self.subject.kind, self.subject.public_id])
        return [
            *self.breadcrumbs_items,
            readers.edit_crumb(self.subject),
            {"url": url, "label": _("Readers and translations")},
            {"url": "", "label": self.language.own_name},
        ]

    def get_context_data(
        self,
        form: TranslationForm | None = None,
        theirs: Mapping[str, str] | None = None,
        typed: Mapping[str, str] | None = None,
        **kwargs: Any,
    ) -> dict[str, Any]:
        form = form or self.form()
        copies = TranslationForm(prefix="copy", labels=self.labels, target=self.source, rich=self.rich, language=self.language)
        notes = reference.source_of(self.subject).notes()
        found = rows(self.checked, self.labels, rich=self.rich, form=form, copies=copies, typed=typed, theirs=theirs, notes=notes)
        tag = self.language.tag
        context: dict[str, Any] = super().get_context_data(
            form=form,
            media=form.media,
            subject=self.subject,
            language=self.language,
            rows=found,
            filters=_filters(found),
            progress=Progress.of(found),
            working=review.working(self.subject, tag, self.decisions, self.source),
            shown=reference.shown_digest(self.subject, tag),
            source_shown=self.source_digest,
            can_translate=self.can_translate,
            holds_language=self.holds_language,
            submission=submitting.open_submission(self.subject, tag),
            assignment=Assignment.objects.of(self.subject.public_id, tag),
            may_assign=self.request.user.has_perm("cms.assign") and not glance.is_translated(self.decisions, tag),
            is_article=isinstance(self.subject, Article),
            newer_draft=self.newer_draft(),
            address=[self.subject.kind, self.subject.public_id, tag],
            side_panels=self.side_panels(),
            history_url=self.url("versions"),
            note=notes.get("", ""),
            alone=alone.lines(self.decisions, tag, shown=segments.text_digest(self.target), by=self.request.user),
            **(self.approval_context(found) if self.can_approve else {}),
            **kwargs,
        )
        return context

    def approval_context(self, found: list[Row]) -> dict[str, Any]:
        """What an approver needs: what stands in the way, what they let pass, and the form."""
        digests = {"text_digest": segments.text_digest(self.target), "source_digest": self.source_digest}
        first = independence.first_check(self.subject, self.language.tag, self.decisions, **digests)
        return {
            "can_approve": True,
            "approval_form": approval_form(self.request, self, found),
            "obstacles": self.obstacles.all,
            "may_approve_alone": self.may_approve_alone,
            "first_check": first,
            "let_pass": [(row, shown) for row in found for shown in row.found if shown.override],
        }

    def side_panels(self) -> list[BaseSidePanel]:
        """Comments, and for what is read by itself the preview."""
        url, may_say = self.url("comments"), self.can_translate or self.can_approve
        threads = comments.context(self.subject, self.language.tag, self.labels, url=url, may_say=may_say)
        found: list[BaseSidePanel] = [CommentsPanel(self.subject, self.request, threads=threads)]
        if isinstance(self.subject, Article):
            found.append(PreviewPanel(self.subject, self.request, url=self.url("preview")))
        return found

    def newer_draft(self) -> str:
        """The address of a draft of the source that is newer than what is translated; "" when there is none."""
        if not isinstance(self.subject, Article):
            return ""
        newest = self.subject.get_latest_revision_as_object().texts_in(languages.SOURCE)
        return "" if segments.text_digest(newest) == self.source_digest else readers.edit_url(self.subject)


def approval_form(request: HttpRequest, view: DeskView, found: list[Row], data: Any = None) -> ApprovalForm:
    """The form that this person needs for this text."""
    kinds = [Approval.Check.LANGUAGE, *([Approval.Check.CLINICAL] if request.user.has_perm("cms.sign_off") else [])]
    return ApprovalForm(
        data,
        kinds=kinds,
        is_correction=obstacles.is_correction(view.decisions, view.language.tag, view.target, view.source_digest),
        has_warnings=any(shown.finding.level == "warning" for row in found for shown in row.found),
        may_break_glass=view.may_approve_alone,
    )


def _filters(found: list[Row]) -> list[dict[str, Any]]:
    """The filters over the rows with their counts; the first shows all."""
    return [
        {"name": "all", "label": _("All"), "count": len(found)},
        {"name": "todo", "label": _("To do"), "count": sum(row.is_to_do for row in found)},
        {"name": "empty", "label": _("Empty"), "count": sum(row.state == versions.State.EMPTY for row in found)},
        {"name": "moved", "label": _("Source moved"), "count": sum(row.state == versions.State.MOVED for row in found)},
        {"name": "attention", "label": _("Needs attention"), "count": sum(row.needs_attention for row in found)},
        {"name": "comments", "label": _("With comments"), "count": sum(row.comments > 0 for row in found)},
    ]
