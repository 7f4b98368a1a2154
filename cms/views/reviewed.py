"""“Reviewed, no change”: the source that readers have, to be read again, and the day of the next review."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets import AdminDateInput

from cms import reviewing
from cms.models import Article
from cms.views import readers
from cms.views.desk import labels

A_YEAR = timedelta(days=365)


class ReviewForm(forms.Form):
    """When it is due again; which text was read is posted with it."""

    next_due_on = forms.DateField(label=gettext_lazy("Next review due on"), widget=AdminDateInput)
    shown = forms.CharField(widget=forms.HiddenInput)


class ReviewedView(WagtailAdminTemplateMixin, FormView):  # type: ignore[type-arg] # it takes no parameter when this is loaded
    """A clinical reviewer who did not write the text says that it still holds."""

    template_name = "cms/reviewed.html"
    form_class = ReviewForm
    header_icon = "check"

    def dispatch(self, request: HttpRequest, public_id: UUID) -> HttpResponseBase:
        if not request.user.has_perm("cms.sign_off"):
            raise PermissionDenied
        self.article = get_object_or_404(Article, public_id=public_id)
        self.live = reviewing.live_source(self.article)
        return super().dispatch(request)

    def get_initial(self) -> dict[str, Any]:
        return {"next_due_on": timezone.localdate() + A_YEAR, "shown": reviewing.shown_digest(self.live) if self.live else ""}

    def form_valid(self, form: ReviewForm) -> HttpResponse:
        try:
            reviewing.record(self.article, by=self.request.user, **form.cleaned_data)
        except reviewing.NotReviewable as refused:
            form.add_error(None, str(refused))
            answer: HttpResponse = self.form_invalid(form)
            return answer
        messages.success(self.request, _("Recorded. Partners are told when it was reviewed, and when it is due again."))
        return redirect("mainstay:readers", self.article.kind, self.article.public_id)

    def get_page_title(self) -> str:
        return str(self.article)

    def get_page_subtitle(self) -> str:
        return _("Reviewed, no change")

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        url = reverse("mainstay:readers", args=[self.article.kind, self.article.public_id])
        return [
            *self.breadcrumbs_items,
            readers.edit_crumb(self.article),
            {"url": url, "label": _("Readers and translations")},
            {"url": "", "label": _("Reviewed, no change")},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        texts = self.live.texts if self.live else {}
        stands = labels.of(texts, self.live.facts.get("structure", [])) if self.live else {}
        rows = [{"label": stands[key], "text": text} for key, text in texts.items()]
        return super().get_context_data(article=self.article, rows=rows, **kwargs)
