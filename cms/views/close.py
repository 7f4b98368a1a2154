"""Pause, retire, recall, bring back: one language or all, with a reason. Buttons say what happens."""

from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets import AdminAutoHeightTextInput

from cms import closing, evidence, languages, serving, subjects
from cms.serving import Missing, State
from cms.views import readers

#: Action → its button, and what it does.
ACTIONS = {
    "pause": (
        gettext_lazy("Pause for safety"),
        gettext_lazy("Readers stop getting it now. It comes back when somebody else approves it again."),
    ),
    "retire": (gettext_lazy("Retire"), gettext_lazy("It is taken away, and partners delete it. It can be brought back.")),
    "recall": (gettext_lazy("Recall"), gettext_lazy("Partners must remove it everywhere, and confirm that they did.")),
    "bring_back": (gettext_lazy("Bring back"), gettext_lazy("Readers get it again, if it is approved against the live source.")),
}
_CLOSED = (State.GONE, State.RECALLED)


class CloseForm(forms.Form):
    """Why, and how far; which action is said by the button."""

    reason = forms.CharField(
        label=gettext_lazy("Why"),
        widget=AdminAutoHeightTextInput,
        help_text=gettext_lazy("Kept with the decision; partners do not see it."),
    )
    everywhere = forms.BooleanField(
        label=gettext_lazy("In all languages"), required=False, help_text=gettext_lazy("Otherwise in this language alone.")
    )
    instruction = forms.CharField(
        label=gettext_lazy("What partners are told to do"), required=False, help_text=gettext_lazy("For a recall only.")
    )
    action = forms.ChoiceField(widget=forms.HiddenInput, choices=[(name, name) for name in ACTIONS])

    def __init__(self, *args: Any, is_source: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_source:
            self.fields["everywhere"].help_text = _("Retiring or recalling the source is doing so in all languages.")


class CloseView(WagtailAdminTemplateMixin, FormView[CloseForm]):
    """One form for the four decisions; which are offered follows from what readers get now."""

    template_name = "cms/close.html"
    form_class = CloseForm
    header_icon = "warning"

    def dispatch(self, request: HttpRequest, kind: str, public_id: UUID, tag: str) -> HttpResponseBase:
        if not request.user.has_perm("cms.close"):
            raise PermissionDenied
        self.subject = subjects.get(kind, public_id)
        try:
            self.language = languages.get(tag)
        except languages.UnknownLanguage as unknown:
            raise Http404(f"There is no language {tag}.") from unknown
        self.serving = serving.serving(evidence.of(public_id), self.language.tag)
        return super().dispatch(request)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "is_source": self.language.tag == languages.SOURCE}

    def actions(self) -> list[str]:
        """What can be done to what readers get now."""
        if isinstance(self.serving, Missing):
            return []
        if self.serving.state in _CLOSED:
            return ["bring_back", "recall"] if self.serving.state == State.GONE else ["bring_back"]
        return ["retire", "recall"] if self.serving.state == State.HELD else ["pause", "retire", "recall"]

    def form_valid(self, form: CloseForm) -> HttpResponse:
        language = closing.ALL if form.cleaned_data["everywhere"] else self.language.tag
        words = {"by": self.request.user, "reason": form.cleaned_data["reason"]}
        try:
            match form.cleaned_data["action"]:
                case "pause":
                    closing.pause(self.subject, language, **words)
                case "retire":
                    closing.retire(self.subject, language, **words)
                case "recall":
                    closing.recall(self.subject, language, **words, instruction=form.cleaned_data["instruction"])
                case "bring_back":
                    closing.bring_back(self.subject, language, **words)
        except (closing.NotClosable, closing.NotBackYet) as refused:
            form.add_error(None, str(refused))
            return self.form_invalid(form)
        messages.success(self.request, _("Done. What readers get now is shown below."))
        return redirect(self.get_success_url())

    def get_success_url(self) -> str:
        return reverse("mainstay:readers", args=[self.subject.kind, self.subject.public_id])

    def get_page_title(self) -> str:
        return str(self.subject)

    def get_page_subtitle(self) -> str:
        return f"{self.language.own_name} ({self.language.english_name})"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            readers.edit_crumb(self.subject),
            {"url": self.get_success_url(), "label": _("Readers and translations")},
            {"url": "", "label": self.language.own_name},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            subject=self.subject,
            language=self.language,
            state=readers.state_label(self.serving.state),
            actions=[(name, *ACTIONS[name]) for name in self.actions()],
            **kwargs,
        )
