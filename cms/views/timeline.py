"""The timeline of a subject: everything that was decided about it, said of it and done to it."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from cms import evidence, languages, publishing, releasing, timeline
from cms.models import Article, Release
from cms.views import readers
from cms.views.desk import labels


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

    def raisable(self) -> set[int]:
        """The changes of the source that may be called graver than they were."""
        decisions = evidence.of(self.public_id)
        changes = [entry.change for entry in self.entries if entry.change and self.kind == Article.kind]
        return {change.pk for change in changes if releasing.raisable(change, decisions)}

    def passages(self) -> dict[str, str]:
        """What the passages are called that something was said of, also those that the source has no more."""
        keys = {entry.key for entry in self.entries if entry.key}
        found = labels.of_subject(self.public_id) if keys else {}
        return {key: found.get(key, _("A passage that the source has no more")) for key in keys}

    def get_page_title(self) -> str:
        return named(self.kind, self.public_id)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, *readers.crumbs(self.kind, self.public_id), {"url": "", "label": _("Timeline")}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            entries=self.entries,
            passages=self.passages(),
            raisable=self.raisable(),
            language=self.language,
            languages=[languages.get(tag) for tag in languages.TAGS],
            has_documents=self.kind in publishing.DOCUMENT_KINDS,
            proof_url=reverse("mainstay:proof", args=[self.kind, self.public_id, self.language or languages.SOURCE]),
            **kwargs,
        )


def named(kind: str, public_id: UUID) -> str:
    """A subject's name from what was released of it last: its row may be gone."""
    release = Release.objects.filter(subject_id=public_id).order_by("-at").first()
    texts = release.texts if release else {}
    return texts.get("headline") or texts.get("label") or texts.get("heading") or texts.get("name") or f"{kind} {public_id}"
