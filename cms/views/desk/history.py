"""The versions of a translation: who wrote what in which sitting, the difference between two, and going back to one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.generic.base import TemplateResponseMixin
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from cms import desk, difference, segments, versions
from cms.models import Version
from cms.versions import Part
from cms.views import readers
from cms.views.desk.base import DeskView


@dataclass(frozen=True, kw_only=True)
class Line:
    """One version in the list. `changed` counts the segments that differ from the version before."""

    version: Version
    changed: int
    is_newest: bool
    is_approved: bool


@dataclass(frozen=True, kw_only=True)
class Change:
    """One segment that differs between two versions: its text, and its source if that had moved in between."""

    label: str
    text: str
    source: str


def changed_keys(before: Mapping[str, Part], after: Mapping[str, Part]) -> list[str]:
    """The segments whose text differs, in the later one's order; those that are gone come last."""
    keys = dict.fromkeys([*after, *before])
    return [key for key in keys if _text(before, key) != _text(after, key)]


def changes(before: Mapping[str, Part], after: Mapping[str, Part], named: Mapping[str, str]) -> Iterator[Change]:
    """What differs between two versions, word by word."""
    for key in changed_keys(before, after):
        old, new = before.get(key), after.get(key)
        moved = old and new and segments.canonical(old.source) != segments.canonical(new.source)
        yield Change(
            label=named.get(key) or _("A passage that the source has no more"),
            text=difference.between(old.text if old else "", new.text if new else ""),
            source=difference.between(old.source, new.source) if old and new and moved else "",
        )


class HistoryView(WagtailAdminTemplateMixin, TemplateResponseMixin, DeskView):
    """What the screens about versions have in common."""

    header_icon = "history"

    def get_page_title(self) -> str:
        return str(self.subject)

    def get_page_subtitle(self) -> str:
        return self.language.own_name

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            *readers.crumbs(self.subject.kind, self.subject.public_id),
            {"url": self.url("translate"), "label": self.language.own_name},
            {"url": self.url("versions"), "label": _("Versions")},
        ]


class VersionsView(HistoryView):
    """Every version, the newest first."""

    template_name = "cms/desk/versions.html"
    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest) -> HttpResponse:
        context = self.get_context_data(subject=self.subject, language=self.language, lines=list(self.lines()))
        return self.render_to_response(context)

    def lines(self) -> Iterator[Line]:
        found = versions.of(self.subject.public_id, self.language.tag)
        parts = [versions.parts(version) for version in found]
        approved = {row.text_digest for row in self.decisions.approvals if row.language == self.language.tag and not row.revoked_at}
        for index, version in enumerate(found):
            before = parts[index + 1] if index + 1 < len(found) else {}
            yield Line(
                version=version,
                changed=len(changed_keys(before, parts[index])),
                is_newest=index == 0,
                is_approved=version.text_digest in approved,
            )


class VersionView(HistoryView):
    """One version beside another (`with`, else the one before it); POST brings it back, as a save like any other."""

    template_name = "cms/desk/version.html"

    def is_allowed(self) -> bool:
        return self.can_translate

    def dispatch(self, request: HttpRequest, kind: str, public_id: UUID, tag: str, **kwargs: Any) -> HttpResponseBase:
        self.pk: int = kwargs.pop("pk")
        return super().dispatch(request, kind, public_id, tag, **kwargs)

    def read(self) -> None:
        super().read()
        self.versions = versions.of(self.subject.public_id, self.language.tag)
        self.version = self.numbered(self.pk)

    def numbered(self, pk: int) -> Version:
        """A version of this text by its number; Http404 for anything else."""
        for version in self.versions:
            if version.pk == pk:
                return version
        raise Http404("There is no such version of this text.")

    def get(self, request: HttpRequest) -> HttpResponse:
        other = self.other(request.GET.get("with", ""))
        newer, older = self.ordered(other)
        before, after = versions.parts(older) if older else {}, versions.parts(newer)
        found = list(changes(before, after, self.labels))
        return self.render_to_response(
            self.get_context_data(
                subject=self.subject,
                language=self.language,
                version=self.version,
                other=other,
                older=older,
                newer=newer,
                others=[row for row in self.versions if row.pk != self.version.pk],
                changes=found,
                unchanged=len(after) - sum(1 for key in changed_keys(before, after) if key in after),
                can_restore=self.can_translate and self.version.text_digest != segments.text_digest(self.target),
                started_from=segments.text_digest(self.subject.texts_in(self.language.tag)),
            )
        )

    def ordered(self, other: Version | None) -> tuple[Version, Version | None]:
        """The two versions, the newer first, whichever of them was asked for first."""
        if other is None or self.versions.index(other) > self.versions.index(self.version):
            return self.version, other
        return other, self.version

    def other(self, named: str) -> Version | None:
        """What the version is compared with: what was asked for, else the one before it; None for the first."""
        if named:
            if not named.isdecimal():
                raise Http404("There is no such version of this text.")
            return self.numbered(int(named))
        place = self.versions.index(self.version)
        return self.versions[place + 1] if place + 1 < len(self.versions) else None

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            changed = desk.restore(self.subject, self.version, started_from=request.POST.get("started_from", ""), by=request.user)
        except desk.TextMoved:
            messages.error(request, _("Somebody has saved this text since you looked. Look at what stands now, then restore."))
            return redirect(request.path)
        if changed:
            messages.success(request, _("Restored. Readers get it when somebody else has approved it."))
        else:
            messages.info(request, _("That is what stands already, so nothing was saved."))
        return redirect(self.url("translate"))

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*super().get_breadcrumbs_items(), {"url": "", "label": date_format(localtime(self.version.at), "SHORT_DATETIME_FORMAT")}]


def _text(parts: Mapping[str, Part], key: str) -> str:
    return segments.canonical(parts[key].text) if key in parts else ""
