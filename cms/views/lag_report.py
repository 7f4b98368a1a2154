"""The time from a change of the source to a current translation, as Wagtail's reports: the figures, and each change behind them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import django_filters
from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise, cached_property
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn, TitleColumn
from wagtail.admin.views.reports.base import ReportView
from wagtail.admin.widgets.button import HeaderButton

from cms import behind, lag, languages
from cms.lag import Lag, Summary, Wanted
from cms.models import Article, SourceChange

WORDS: Mapping[str, Promise] = {
    "safety": gettext_lazy("Safety"),
    "substantive": gettext_lazy("Substantive"),
    "minor": gettext_lazy("Minor (carried over)"),
}
TITLE = gettext_lazy("Time until current")


class LagFilters(WagtailFilterSet):
    """Of which languages, how grave, where in the library, and when the source changed. Nothing of it is asked of the database here."""

    language = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("Language"),
        choices=[(tag, languages.own_name(tag)) for tag in languages.TARGETS],
        widget=forms.CheckboxSelectMultiple,
    )
    severity = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("Severity"), choices=[*WORDS.items()], widget=forms.CheckboxSelectMultiple
    )
    collection = django_filters.ChoiceFilter(
        label=gettext_lazy("Collection"), choices=lag.collections, widget=forms.RadioSelect, empty_label=gettext_lazy("All")
    )
    changed = django_filters.DateFromToRangeFilter(label=gettext_lazy("Source changed"), widget=DateRangePickerWidget)

    class Meta:
        model = SourceChange
        fields: list[str] = []

    def wanted(self) -> Wanted:
        """What was asked for; everything when it makes no sense."""
        if not self.is_valid():
            return Wanted()
        asked = self.form.cleaned_data
        period = asked["changed"]
        return Wanted(
            languages=tuple(asked["language"] or languages.TARGETS),
            severities=tuple(asked["severity"] or behind.SEVERITIES),
            collection=asked["collection"],
            begin=period.start if period else None,
            end=period.stop if period else None,
        )


def in_words(lasted: timedelta | None) -> str:
    """A time in the unit that says it best; a dash for none."""
    if lasted is None:
        return "—"
    minutes = int(lasted.total_seconds()) // 60
    days, hours = minutes // 1440, minutes // 60
    if days >= 2:
        return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}
    if hours >= 2:
        return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}


def in_days(lasted: timedelta | None) -> float | str:
    """The same as a number, to calculate with; empty for none."""
    return "" if lasted is None else round(lasted / timedelta(days=1), 2)


@dataclass(frozen=True, kw_only=True)
class Line:
    """What both reports show of a language and a severity, for the screen and for the spreadsheet."""

    row: Any
    now: datetime
    title: str = ""

    @property
    def language(self) -> str:
        return languages.own_name(self.row.language)

    @property
    def language_tag(self) -> str:
        return str(self.row.language)

    @property
    def severity(self) -> str | Promise:
        return WORDS[self.row.severity]


class SummaryLine(Line):
    """The figures of a language and a severity."""

    row: Summary

    def __getattr__(self, name: str) -> Any:
        """`median_days` and the like."""
        if name.endswith("_days"):
            return in_days(getattr(self.row, name.removesuffix("_days")))
        raise AttributeError(name)


class ChangeLine(Line):
    """One change in one language."""

    row: Lag

    @property
    def lasted(self) -> timedelta:
        return self.row.lasted(self.now)

    @property
    def lasted_days(self) -> float | str:
        return in_days(self.lasted)

    @property
    def state(self) -> str:
        return _("Open") if self.row.is_open else _("Followed")

    @property
    def url(self) -> str:
        return reverse("mainstay:timeline", args=[Article.kind, self.row.subject_id]) + f"?lang={self.row.language}"


class LagView(ReportView):
    """What both reports have in common: who may look, which changes are meant."""

    model = SourceChange
    filterset_class = LagFilters
    header_icon = "time"
    is_searchable = False
    permission_policy = None  # as coverage: it shows how the work goes, to whoever works in the admin

    @cached_property
    def now(self) -> datetime:
        return timezone.now()

    @cached_property
    def lags(self) -> list[Lag]:
        return lag.lags(self.filters.wanted())


class LagReportView(LagView):
    """Median, ninetieth percentile and longest, by language and severity, and what is still open."""

    page_title = TITLE
    index_url_name = "mainstay:lag"
    index_results_url_name = "mainstay:lag_results"
    results_template_name = "cms/lag_results.html"
    paginate_by = None
    columns = [
        TitleColumn("language", label=gettext_lazy("Language"), get_url=lambda line: changes_url(line.row.language, line.row.severity)),
        Column("severity", label=gettext_lazy("Change of the source")),
        Column("followed", accessor="row.followed", label=gettext_lazy("Followed")),
        Column("median", label=gettext_lazy("Median"), accessor=lambda line: in_words(line.row.median)),
        Column("ninetieth", label=gettext_lazy("90% within"), accessor=lambda line: in_words(line.row.ninetieth)),
        Column("longest", label=gettext_lazy("Longest"), accessor=lambda line: in_words(line.row.longest)),
        Column("open", accessor="row.open", label=gettext_lazy("Still open")),
        Column("open_for", label=gettext_lazy("Open for up to"), accessor=lambda line: in_words(line.row.open_for)),
    ]
    list_export = [
        "language_tag",
        "severity",
        "row.followed",
        "median_days",
        "ninetieth_days",
        "longest_days",
        "row.open",
        "open_for_days",
    ]
    export_headings = {
        "language_tag": gettext_lazy("Language"),
        "severity": gettext_lazy("Change of the source"),
        "row.followed": gettext_lazy("Followed"),
        "median_days": gettext_lazy("Median, days"),
        "ninetieth_days": gettext_lazy("90% within, days"),
        "longest_days": gettext_lazy("Longest, days"),
        "row.open": gettext_lazy("Still open"),
        "open_for_days": gettext_lazy("Open for up to, days"),
    }

    def get_filename(self) -> str:
        return "time-until-current"

    @cached_property
    def header_buttons(self) -> list[Any]:
        url = reverse("mainstay:lag_changes")
        query = self.request.GET.urlencode()
        return [HeaderButton(_("Each change"), f"{url}?{query}" if query else url, icon_name="list-ul", priority=10)]

    def get_filtered_queryset(self) -> list[SummaryLine]:
        return [SummaryLine(row=row, now=self.now) for row in lag.summaries(self.lags, now=self.now)]


class LagChangesView(LagView):
    """Each change in each language: open ones first, the oldest of them first."""

    page_title = gettext_lazy("Time until current: each change")
    index_url_name = "mainstay:lag_changes"
    index_results_url_name = "mainstay:lag_changes_results"
    columns = [
        TitleColumn("title", label=gettext_lazy("Article"), get_url=lambda line: line.url),
        Column("language", label=gettext_lazy("Language")),
        Column("severity", label=gettext_lazy("Change of the source")),
        Column("note", accessor=lambda line: format_html("<bdi>{}</bdi>", line.row.note), label=gettext_lazy("What changed")),
        DateColumn("since", accessor="row.since", label=gettext_lazy("Source changed")),
        DateColumn("until", accessor="row.until", label=gettext_lazy("Current again")),
        StatusTagColumn("state", label=gettext_lazy("State"), primary=lambda line: line.row.is_open),
        Column("lasted", label=gettext_lazy("Took"), accessor=lambda line: in_words(line.lasted)),
    ]
    list_export = [
        "title",
        "row.subject_id",
        "row.collection",
        "language_tag",
        "severity",
        "row.note",
        "row.since",
        "row.until",
        "lasted_days",
    ]
    export_headings = {
        "title": gettext_lazy("Article"),
        "row.subject_id": gettext_lazy("Identifier"),
        "row.collection": gettext_lazy("Collection"),
        "language_tag": gettext_lazy("Language"),
        "severity": gettext_lazy("Change of the source"),
        "row.note": gettext_lazy("What changed"),
        "row.since": gettext_lazy("Source changed"),
        "row.until": gettext_lazy("Current again"),
        "lasted_days": gettext_lazy("Took so far, days"),
    }

    def get_filename(self) -> str:
        return "time-until-current-changes"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("mainstay:lag"), "label": TITLE},
            {"url": "", "label": _("Each change")},
        ]

    def get_filtered_queryset(self) -> list[Any]:
        """All of them; a spreadsheet names the article of each, a page those that it shows."""
        return self.named(self.lags) if self.is_export else self.lags

    def paginate_queryset(self, queryset: Any, page_size: int) -> tuple[Any, Any, list[ChangeLine], bool]:
        paginator, page, shown, has_others = super().paginate_queryset(queryset, page_size)
        return paginator, page, self.named(shown), has_others

    def named(self, rows: list[Lag]) -> list[ChangeLine]:
        titles = lag.titles(row.subject_id for row in rows)
        return [ChangeLine(row=row, now=self.now, title=titles.get(row.subject_id, str(row.subject_id))) for row in rows]


def changes_url(language: str, severity: str) -> str:
    """The changes behind a line of figures."""
    return f"{reverse('mainstay:lag_changes')}?{urlencode({'language': language, 'severity': severity})}"
