"""Putting approved texts live together: the list of launches, a new one, and one with what still blocks it."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic import CreateView, IndexView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets import AdminDateTimeInput

from cms import languages, launching
from cms.models import Launch

TITLE = gettext_lazy("Put live together")


def standing(launch: Launch) -> str:
    """Where a launch stands, in words."""
    if launch.launched_at:
        return pgettext("a launch", "Live")
    if launch.cancelled_at:
        return _("Cancelled")
    if launch.failed_at:
        return _("Not put live: something stood in the way")
    return _("Waits for its time") if launch.due_at else _("Waits until somebody puts it live")


def due_at(launch: Launch) -> str:
    """When it goes live by itself. It lies ahead, which Wagtail's column of dates calls “just now”."""
    return date_format(timezone.localtime(launch.due_at), "DATETIME_FORMAT") if launch.due_at else ""


class LaunchForm(forms.ModelForm[Launch]):
    """A name, the texts, and a time or none."""

    texts = forms.MultipleChoiceField(
        label=gettext_lazy("Texts"),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Texts that were approved for later. They go live together, or none of them does."),
    )

    class Meta:
        model = Launch
        fields = ["name", "due_at"]
        labels = {"name": gettext_lazy("Name"), "due_at": gettext_lazy("Put live at")}
        help_texts = {"due_at": gettext_lazy("Empty: they wait until somebody puts them live. Everything is checked again in that moment.")}
        widgets = {"due_at": AdminDateTimeInput}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.waiting = {row.value: row for row in launching.waiting()}
        self.fields["texts"].choices = [  # type: ignore[attr-defined] # a Field here, the choice field that it is above
            (value, f"{row.subject} · {languages.own_name(row.approval.language)}") for value, row in self.waiting.items()
        ]

    def chosen(self) -> list[launching.Waiting]:
        """What was ticked."""
        return [self.waiting[value] for value in self.cleaned_data["texts"]]


class OnlyWhoMayLaunch:
    """Editors, reviewers and safety leads, by one permission of our own instead of Wagtail's four a model."""

    permission_policy = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm("cms.release_together"):
            raise PermissionDenied
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc] # of the view beside it
        return answer


class LaunchesView(OnlyWhoMayLaunch, IndexView):
    """Every launch, the newest first."""

    model = Launch
    page_title = TITLE
    header_icon = "calendar-check"
    index_url_name = "mainstay:launches"
    add_url_name = "mainstay:new_launch"
    add_item_label = gettext_lazy("New launch")
    default_ordering = "-made_at"
    paginate_by = 50
    columns = [
        TitleColumn("name", label=gettext_lazy("Name"), url_name="mainstay:launch"),
        Column("standing", label=gettext_lazy("Where it stands"), accessor=standing),
        Column("due_at", label=gettext_lazy("Put live at"), accessor=due_at),
        Column("by_name", label=gettext_lazy("Made by")),
    ]

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": TITLE}]


class NewLaunchView(OnlyWhoMayLaunch, CreateView):
    """Choose what goes live together."""

    model = Launch
    form_class = LaunchForm
    page_title = gettext_lazy("New launch")
    header_icon = "calendar-check"
    template_name = "cms/new_launch.html"
    error_message = gettext_lazy("The launch was not made.")
    index_url_name = "mainstay:launches"
    add_url_name = "mainstay:new_launch"
    edit_url_name = "mainstay:launch"

    def form_valid(self, form: LaunchForm) -> HttpResponse:
        try:
            made = launching.make(form.cleaned_data["name"], form.chosen(), by=self.request.user, due_at=form.cleaned_data["due_at"])
        except launching.NotLaunchable as refused:
            form.add_error(None, str(refused))
            answer: HttpResponse = self.form_invalid(form)
            return answer
        return redirect("mainstay:launch", made.pk)

    def get_page_subtitle(self) -> str:
        return ""

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("mainstay:launches"), "label": TITLE},
            {"url": "", "label": self.page_title},
        ]


class LaunchView(OnlyWhoMayLaunch, WagtailAdminTemplateMixin, TemplateView):
    """One launch: its texts, what blocks each of them now, and two buttons."""

    template_name = "cms/launch.html"
    header_icon = "calendar-check"

    def dispatch(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        self.launch = get_object_or_404(Launch, pk=pk)
        return super().dispatch(request)

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            if "launch" in request.POST:
                self.put_live(request)
            elif "cancel" in request.POST:
                launching.cancel(self.launch)
                messages.success(request, _("Cancelled. The texts stay approved, and wait."))
        except launching.NotLaunchable as refused:
            messages.error(request, str(refused))
        return redirect(request.path)

    def put_live(self, request: HttpRequest) -> None:
        if launching.launch(self.launch, by=request.user).launched_at:
            messages.success(request, _("All of it is live."))
        else:
            messages.error(request, _("Nothing was put live: what stands in the way is listed below."))

    def get_page_title(self) -> str:
        return str(self.launch)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("mainstay:launches"), "label": TITLE},
            {"url": "", "label": str(self.launch)},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_open = not self.launch.launched_at and not self.launch.cancelled_at
        checked = launching.check(self.launch)
        return super().get_context_data(
            launch=self.launch,
            standing=standing(self.launch),
            is_open=is_open,
            rows=checked,
            blocked=sum(1 for row in checked if row.blocks),
            **kwargs,
        )
