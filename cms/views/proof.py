"""The proof of what readers saw of one language at a moment, as a page to print: who checked it, in what capacity, against which source."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets import AdminDateInput, AdminTimeInput

from cms import due, languages, proof, publishing, segments
from cms.languages import Language
from cms.models import Approval
from cms.proof import Lacked, Proof
from cms.views import readers
from cms.views.desk import labels
from cms.views.timeline import named


class MomentForm(forms.Form):
    """The moment that is asked about: of a day its end, unless a time is given."""

    on = forms.DateField(label=pgettext_lazy("a day", "On"), widget=AdminDateInput)
    until = forms.TimeField(label=pgettext_lazy("a time of the day", "At"), widget=AdminTimeInput, required=False)

    def moment(self) -> datetime:
        """What was asked for, of a valid form; nothing lies after now."""
        asked = datetime.combine(self.cleaned_data["on"], self.cleaned_data["until"] or time.max)
        return min(timezone.make_aware(asked), timezone.now())


@dataclass(frozen=True, kw_only=True)
class Passage:
    """A passage of the text beside the source that it was checked against."""

    label: str
    texts: tuple[tuple[Language, str], ...]
    is_rich: bool


@dataclass(frozen=True, kw_only=True)
class LetPass:
    """What the checks found and two people let pass: who asked, and with whose approvals it passed."""

    passage: str
    found: dict[str, str]
    approvals: list[Approval]


class ProofView(WagtailAdminTemplateMixin, TemplateView):
    """What readers saw at a moment. It works from evidence and documents alone, so it can be printed of a deleted page too."""

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

    def get_page_subtitle(self) -> str:
        return languages.own_name(self.tag)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, *readers.crumbs(self.kind, self.public_id), {"url": "", "label": _("What readers saw")}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = MomentForm(self.request.GET or None, initial={"on": timezone.localdate()})
        moment = form.moment() if form.is_bound and form.is_valid() else timezone.now()
        found = proof.at(self.public_id, self.kind, self.tag, moment)
        document = found.document or {}
        return super().get_context_data(
            form=form,
            media=form.media + forms.Media(js=["cms/print.js"], css={"all": ["cms/proof.css"]}),
            proof=found,
            kind=self.kind,
            shown_title=next((document[key] for key in ("title", "label", "name") if key in document), ""),
            shown_summary=document.get("summary") or document.get("description") or "",
            language=languages.get(self.tag),
            source_language=languages.get(languages.SOURCE),
            columns=[languages.get(languages.SOURCE), languages.get(self.tag)],
            is_source=self.tag == languages.SOURCE,
            state_label=readers.state_label(found.state),
            why_closed=readers.REASONS.get(found.closed.reason, "") if found.closed else "",
            carried_over=[_said(row) for row in found.carried_over],
            missed=[_said(row) for row in found.missed],
            change_severity=due.SEVERITIES.get(found.source_change.severity, "") if found.source_change else "",
            let_pass=_let_pass(found),
            alone=[row for row in found.checks if row.break_glass_reason],
            passages=list(_passages(found)),
            now=timezone.now(),
            **kwargs,
        )


def _said(lacked: Lacked) -> dict[str, Any]:
    return {"change": lacked.change, "severity": due.SEVERITIES[lacked.severity]}


def _labels(found: Proof, texts: dict[str, str]) -> dict[str, str]:
    return labels.of(texts, found.served.release.facts.get("structure", []) if found.served else [])


def _let_pass(found: Proof) -> list[LetPass]:
    """What passed, each once, though it passed with both checks."""
    passed: dict[tuple[str, ...], LetPass] = {}
    for approval in found.checks:
        passages = _labels(found, approval.source_texts)
        for row in approval.overrides:
            new = LetPass(passage=passages.get(row["key"], ""), found=row, approvals=[])
            passed.setdefault(tuple(row.values()), new).approvals.append(approval)
    return list(passed.values())


def _passages(found: Proof) -> Iterator[Passage]:
    """The whole translation beside its source, as whoever checked it had them before their eyes."""
    if found.approval is None or found.language == languages.SOURCE:
        return
    source, target = languages.get(languages.SOURCE), languages.get(found.language)
    for key, label in _labels(found, found.approval.source_texts).items():
        before, text = found.approval.source_texts[key], found.approval.texts.get(key, "")
        yield Passage(label=label, texts=((source, before), (target, text)), is_rich=segments.is_rich(before))
