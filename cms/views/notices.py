"""Notices above texts: what stands now, where, and putting one up or taking it off."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets import AdminAutoHeightTextInput

from cms import evidence, languages, notices, serving
from cms.models import Article, Notice, NoticePosting, Term


class PostingForm(forms.Form):
    """Which notice, above what, and why."""

    notice = forms.ModelChoiceField(label=gettext_lazy("Notice"), queryset=Notice.objects.filter(purpose=Notice.Purpose.SAFETY))
    scope = forms.ChoiceField(
        label=pgettext_lazy("where a notice stands", "Above"), choices=NoticePosting.Scope.choices, widget=forms.RadioSelect
    )
    article: Any = forms.ModelChoiceField(
        label=gettext_lazy("Article"),
        queryset=Article.objects.order_by("title"),
        required=False,
        help_text=gettext_lazy("For a notice above an article."),
    )
    term = forms.ModelChoiceField(
        label=gettext_lazy("Term"),
        queryset=Term.objects.order_by("vocabulary", "sort_order"),
        required=False,
        help_text=gettext_lazy("For a notice above all articles about a term."),
    )
    reason = forms.CharField(label=gettext_lazy("Why"), widget=AdminAutoHeightTextInput)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        scope = cleaned.get("scope")
        if scope in ("article", "term") and not cleaned.get(scope):
            raise ValidationError({scope: _("Choose one.")})
        return cleaned

    def subject_id(self) -> Any:
        """The public id of what it stands above."""
        scope = self.cleaned_data["scope"]
        return self.cleaned_data[scope].public_id if scope in ("article", "term") else notices.LIBRARY


class NoticesView(WagtailAdminTemplateMixin, FormView[PostingForm]):
    """GET lists what stands; POST puts one up, or with `lift` takes one off."""

    template_name = "cms/notices.html"
    form_class = PostingForm
    header_icon = "info-circle"
    page_title = gettext_lazy("Notices above texts")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm("cms.post_notice"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "lift" in request.POST:
            posting = get_object_or_404(NoticePosting, pk=request.POST["lift"], lifted_at__isnull=True)
            notices.lift(posting, by=request.user)
            messages.success(request, _("The notice is off."))
            return redirect("mainstay:notices")
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: PostingForm) -> HttpResponse:
        data = form.cleaned_data
        notices.post(data["notice"], scope=data["scope"], subject_id=form.subject_id(), by=self.request.user, reason=data["reason"])
        messages.success(self.request, _("The notice is up in each language in which it is approved."))
        return redirect("mainstay:notices")

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": reverse("mainstay:notices"), "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        postings = NoticePosting.objects.filter(lifted_at__isnull=True).order_by("-at")
        return super().get_context_data(rows=[_row(posting) for posting in postings], **kwargs)


def _row(posting: NoticePosting) -> dict[str, Any]:
    notice = Notice.objects.filter(public_id=posting.notice_id).first()
    decisions = evidence.of(posting.notice_id)
    missing = [tag for tag in languages.TAGS if not isinstance(serving.serving(decisions, tag), serving.Served)]
    return {
        "posting": posting,
        "notice": notice or posting.notice_id,
        "above": _above(posting),
        "missing": [languages.own_name(tag) for tag in missing],
    }


def _above(posting: NoticePosting) -> str:
    match posting.scope:
        case NoticePosting.Scope.ARTICLE:
            return str(Article.objects.filter(public_id=posting.subject_id).first() or posting.subject_id)
        case NoticePosting.Scope.TERM:
            return str(Term.objects.filter(public_id=posting.subject_id).first() or posting.subject_id)
        case _:
            return _("The whole library")
