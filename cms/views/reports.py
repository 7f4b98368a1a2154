"""Mistakes that partners reported, in the admin: listed, read beside the text that they are about, answered."""

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.urls import URLPattern, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, ObjectList, Panel
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn
from wagtail.admin.views.generic import EditView, IndexView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets import AdminAutoHeightTextInput
from wagtail.admin.widgets.button import HeaderButton

from cms import languages, reports
from cms.snippets import readers_url

TITLE = gettext_lazy("Reported mistakes")
_NOT_HERE = ("add", "delete", "usage")
OPEN, CLOSED = "open", "closed"
STATES = {OPEN: gettext_lazy("Open"), CLOSED: pgettext_lazy("a report", "Closed")}


class ReportFilters(WagtailFilterSet):
    """What is open, how much it matters, in which language, of whom."""

    state = django_filters.ChoiceFilter(
        label=gettext_lazy("State"), choices=[*STATES.items()], method="in_state", widget=forms.RadioSelect, empty_label=gettext_lazy("All")
    )
    severity = django_filters.ChoiceFilter(
        label=gettext_lazy("Severity"),
        choices=[*reports.SEVERITIES.items()],
        widget=forms.RadioSelect,
        empty_label=gettext_lazy("All"),
    )
    language = django_filters.ChoiceFilter(
        label=gettext_lazy("Language"),
        choices=[(tag, languages.own_name(tag)) for tag in languages.TAGS],
        widget=forms.RadioSelect,
        empty_label=gettext_lazy("All"),
    )

    class Meta:
        model = reports.Report
        fields = ["state", "severity", "language", "partner"]

    def in_state(self, rows: QuerySet[reports.Report], name: str, value: str) -> QuerySet[reports.Report]:
        return rows.filter(closed_at__isnull=value == OPEN)


class ReportForm(WagtailAdminModelForm):
    """An answer, and whether it is the last word."""

    answer = forms.CharField(
        label=gettext_lazy("Answer"),
        required=False,
        max_length=5000,
        widget=AdminAutoHeightTextInput,
        help_text=gettext_lazy("The partner reads it once the report is closed."),
    )
    is_closed = forms.BooleanField(label=gettext_lazy("Close the report"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["is_closed"].initial = not self.instance.is_open

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if cleaned.get("is_closed") and not cleaned.get("answer", "").strip():
            self.add_error("answer", _("Say what came of it: the partner waits for an answer."))
        return cleaned

    def save(self, commit: bool = True) -> reports.Report:
        report: reports.Report = super().save(commit=False)
        if self.cleaned_data["is_closed"]:
            reports.answer(report, text=self.cleaned_data["answer"].strip(), by=self.for_user)
        else:
            reports.reopen(report)
        return report


class ReportPanel(Panel):
    """What was reported, of which text, by whom."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "cms/panels/report.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            report, language = self.instance, languages.get(self.instance.language)
            context: dict[str, Any] = super().get_context_data(parent_context)
            return {**context, "report": report, "language": language, "severity": reports.SEVERITIES[report.severity]}


class ReportIndex(IndexView):
    """The list, under the name of its item in the menu: Wagtail's own reports are something else."""

    page_title = TITLE

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": TITLE}]


class ReportEdit(EditView):
    """The report, and the way to its text."""

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = super().get_breadcrumbs_items()
        index = reverse("mistakes:index")
        return [{**item, "label": TITLE} if item["url"] == index else item for item in found]

    @property
    def header_buttons(self) -> list[Any]:
        article = reports.article_of(self.object)
        ways = [HeaderButton(_("Readers and translations"), readers_url(article), icon_name="globe", priority=15)] if article else []
        return [*super().header_buttons, *ways]


class ReportViewSet(ModelViewSet):
    """Partners file reports; here they are answered, never made up, nor deleted."""

    model = reports.Report
    name = url_prefix = url_namespace = "mistakes"
    icon = "warning"
    menu_label = TITLE
    menu_order = 262
    add_to_admin_menu = True
    add_to_reference_index = False
    copy_view_enabled = False
    index_view_class = ReportIndex
    edit_view_class = ReportEdit
    filterset_class = ReportFilters
    list_display = [
        "title",
        Column("language", label=gettext_lazy("Language"), accessor=lambda report: languages.own_name(report.language)),
        Column("severity", label=gettext_lazy("Severity"), accessor=lambda report: reports.SEVERITIES[report.severity]),
        Column("partner", label=gettext_lazy("Partner")),
        StatusTagColumn(
            "state",
            label=gettext_lazy("State"),
            accessor=lambda report: STATES[OPEN if report.is_open else CLOSED],
            primary=lambda report: report.is_open,
        ),
        DateColumn("reported_at", label=gettext_lazy("Reported"), sort_key="reported_at"),
    ]
    search_fields = ["title", "what"]
    ordering = ["-reported_at"]
    list_select_related = ["partner"]
    edit_handler = ObjectList(
        [ReportPanel(heading=gettext_lazy("Report")), FieldPanel("answer"), FieldPanel("is_closed")], base_form_class=ReportForm
    )

    def get_common_view_kwargs(self, **kwargs: Any) -> Any:
        return super().get_common_view_kwargs(**{**{f"{name}_url_name": None for name in _NOT_HERE}, **kwargs})

    def get_urlpatterns(self) -> list[URLPattern]:
        return [pattern for pattern in super().get_urlpatterns() if pattern.name not in _NOT_HERE]
