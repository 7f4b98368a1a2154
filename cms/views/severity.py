"""How much a change of the source matters: what an answer would do to each language, and saying later that it was graver."""

from collections import Counter
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import FormView, TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets import AdminAutoHeightTextInput

from cms import evidence, languages, releasing, serving
from cms.models import Article, SourceChange
from cms.serving import State
from cms.views import readers


def outcome(before: State, after: State) -> str:
    """What happens to a language, in words."""
    if after in (State.GONE, State.RECALLED):
        return _("stays taken down")
    if after == before:
        return {
            State.CURRENT: _("stays as it is"),
            State.OUTDATED: _("stays outdated"),
            State.NOTICED: _("stays under its notice"),
            State.HELD: _("stays held"),
        }.get(after, "")
    return {
        State.CURRENT: _("becomes current"),
        State.OUTDATED: _("is marked as outdated"),
        State.NOTICED: _("gets the notice"),
        State.HELD: _("is held: readers get nothing"),
    }.get(after, "")


def summary(before: Mapping[str, State], after: Mapping[str, State]) -> str:
    """“3 languages stay, 2 get the notice, 1 is held.”"""
    served = [tag for tag in after if after[tag] != State.NONE]
    if not served:
        return _("No translation is with readers yet, so none changes.")
    counted = Counter("stay" if after[tag] == before[tag] or after[tag] in (State.GONE, State.RECALLED) else after[tag] for tag in served)
    return get_text_list([text % {"count": counted[name]} for name, text in _counts(counted) if counted[name]], _("and")) + "."


def _counts(counted: Mapping[str, int]) -> list[tuple[str, str]]:
    return [
        ("stay", ngettext("%(count)d language stays", "%(count)d languages stay", counted["stay"])),
        (State.CURRENT, ngettext("%(count)d becomes current", "%(count)d become current", counted[State.CURRENT])),
        (State.OUTDATED, ngettext("%(count)d is marked as outdated", "%(count)d are marked as outdated", counted[State.OUTDATED])),
        (State.NOTICED, ngettext("%(count)d gets the notice", "%(count)d get the notice", counted[State.NOTICED])),
        (State.HELD, ngettext("%(count)d is held", "%(count)d are held", counted[State.HELD])),
    ]


class EffectsView(TemplateView):
    """A piece of the page editor: what `?severity=…&harm=…` would do."""

    template_name = "cms/effects.html"
    http_method_names = ["get"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        public_id = kwargs["public_id"]
        article = get_object_or_404(Article, public_id=public_id)
        if not article.permissions_for_user(self.request.user).can_edit():
            raise PermissionDenied
        severity, harm = self.request.GET.get("severity", ""), self.request.GET.get("harm", "")
        if severity not in ("", *Article.Severity.values) or harm not in ("", *Article.Harm.values):
            raise Http404("There is no such answer.")
        decisions = evidence.of(public_id)
        before = {tag: serving.standing(decisions, tag).state for tag in languages.TARGETS}
        after = releasing.effects(article, change_severity=severity, harm=harm)
        rows = [{"language": languages.get(tag), "outcome": outcome(before[tag], after[tag])} for tag in after if after[tag] != State.NONE]
        return super().get_context_data(summary=summary(before, after), rows=rows, **kwargs)


class RaiseForm(forms.Form):
    """How grave it is after all, and why."""

    answer = forms.ChoiceField(label=gettext_lazy("How much does it change after all?"), widget=forms.RadioSelect)
    note = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=300,
        widget=AdminAutoHeightTextInput,
        help_text=gettext_lazy("Partners get it as the note of the change."),
    )

    def __init__(self, *args: Any, answers: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"].choices = [  # type: ignore[attr-defined] # a Field here, the choice field that it is above
            (f"{severity}-{harm}", _label(severity, harm)) for severity, harm in answers
        ]


def _label(severity: str, harm: str) -> str:
    words = str(Article.Severity(severity).label)
    return f"{words} · {Article.Harm(harm).label}" if harm else words


class RaiseView(WagtailAdminTemplateMixin, FormView):  # type: ignore[type-arg] # it takes no parameter when this is loaded
    """Raise the severity of one change; it is never lowered."""

    template_name = "cms/raise_severity.html"
    form_class = RaiseForm
    header_icon = "warning"

    def dispatch(self, request: HttpRequest, public_id: UUID, change: int) -> HttpResponseBase:
        if not request.user.has_perm("cms.raise_severity"):
            raise PermissionDenied
        self.article = get_object_or_404(Article, public_id=public_id)
        self.change = get_object_or_404(SourceChange, pk=change, subject_id=public_id, raises__isnull=True)
        self.answers = releasing.raisable(self.change, evidence.of(public_id))
        return super().dispatch(request)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "answers": self.answers}

    def form_valid(self, form: RaiseForm) -> HttpResponse:
        severity, _dash, harm = form.cleaned_data["answer"].partition("-")
        try:
            named = {"change_severity": severity, "harm": harm, "note": form.cleaned_data["note"]}
            releasing.raise_severity(self.article, self.change, **named, by=self.request.user)
        except releasing.NotRaisable as refused:
            form.add_error(None, str(refused))
            answer: HttpResponse = self.form_invalid(form)
            return answer
        messages.success(self.request, _("Raised. What readers get now is shown below."))
        return redirect("mainstay:readers", self.article.kind, self.article.public_id)

    def get_page_title(self) -> str:
        return str(self.article)

    def get_page_subtitle(self) -> str:
        return _("Raise the severity of a change")

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        timeline = reverse("mainstay:timeline", args=[self.article.kind, self.article.public_id])
        return [
            *self.breadcrumbs_items,
            *readers.crumbs(self.article.kind, self.article.public_id),
            {"url": timeline, "label": _("Timeline")},
            {"url": "", "label": _("Raise")},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(article=self.article, change=self.change, answers=self.answers, **kwargs)
