"""The timeline of a subject, and the printed proof of what readers saw of one language at a moment."""

from datetime import datetime, time
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets import AdminDateInput

from cms import languages, proof, publishing, timeline
from cms.models import Release
from cms.views import readers


class TimelineView(WagtailAdminTemplateMixin, TemplateView):
    """All acts of a subject, filtered by language. It works from evidence alone, so a deleted page has one too."""

    template_name = "cms/timeline.html"
    header_icon = "history"

    def dispatch(self, request: HttpRequest, kind: str, public_id: UUID) -> HttpResponseBase:
        self.kind, self.public_id = kind, public_id
        self.language = request.GET.get("lang", "")
        if self.language and self.language not in languages.TAGS:
            raise Http404(f"There is no language {self.language}.")
        self.entries = timeline.of(public_id, self.language)
        if not self.entries and not timeline.of(public_id):
            raise Http404(f"Nothing was ever recorded about {kind} {public_id}.")
        return super().dispatch(request)

    def get_page_title(self) -> str:
        return named(self.kind, self.public_id)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, *readers.crumbs(self.kind, self.public_id), {"url": "", "label": _("Timeline")}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            entries=self.entries,
            language=self.language,
            languages=[languages.get(tag) for tag in languages.TAGS],
            has_documents=self.kind in publishing.DOCUMENT_KINDS,
            proof_url=reverse("mainstay:proof", args=[self.kind, self.public_id, self.language or languages.SOURCE]),
            **kwargs,
        )


class DayForm(forms.Form):
    """The day whose end is asked about."""

    on = forms.DateField(label=gettext_lazy("On"), widget=AdminDateInput)


class ProofView(WagtailAdminTemplateMixin, TemplateView):
    """What readers saw at the end of a day, who checked it, in what capacity, against which source: made to be printed."""

    template_name = "cms/proof.html"
    header_icon = "doc-full"

    def dispatch(self, request: HttpRequest, kind: str, public_id: UUID, tag: str) -> HttpResponseBase:
        if not request.user.is_authenticated:
            raise PermissionDenied
        if kind not in publishing.DOCUMENT_KINDS or tag not in languages.TAGS:
            raise Http404(f"There is no document of {kind} in {tag}.")
        self.kind, self.public_id, self.tag = kind, public_id, tag
        return super().dispatch(request)

    def get_page_title(self) -> str:
        return named(self.kind, self.public_id)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, *readers.crumbs(self.kind, self.public_id), {"url": "", "label": _("What readers saw")}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = DayForm(self.request.GET or None, initial={"on": timezone.localdate()})
        moment = timezone.now()
        if form.is_bound and form.is_valid():
            end = timezone.make_aware(datetime.combine(form.cleaned_data["on"], time.max))
            moment = min(end, moment)
        found = proof.at(self.public_id, self.kind, self.tag, moment)
        document = found.document or {}
        return super().get_context_data(
            form=form,
            media=form.media,
            proof=found,
            shown_title=next((document[key] for key in ("title", "label", "name") if key in document), ""),
            language=languages.get(self.tag),
            **kwargs,
        )


def named(kind: str, public_id: UUID) -> str:
    """A subject's name from what was released of it last: its row may be gone."""
    release = Release.objects.filter(subject_id=public_id).order_by("-at").first()
    texts = release.texts if release else {}
    return texts.get("headline") or texts.get("label") or texts.get("heading") or texts.get("name") or f"{kind} {public_id}"
