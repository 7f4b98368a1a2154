"""The sign-off of a source: the whole text with its facts, what it changes for readers, and one button."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from cms import difference, evidence, languages, obstacles, reference, segments, sign_off, subjects
from cms.models import Release, TranslatedModel
from cms.sign_off import NotApprovable
from cms.views import alone, readers
from cms.views.desk import labels


class SignOffView(WagtailAdminTemplateMixin, TemplateView):
    """GET shows what is signed off; POST signs it off, if it is still what was shown."""

    template_name = "cms/sign_off.html"
    header_icon = "check"

    def dispatch(self, request: HttpRequest, kind: str, public_id: UUID) -> HttpResponseBase:
        self.subject = subjects.get(kind, public_id)
        self.can_sign_off = request.user.has_perm("cms.sign_off")
        return super().dispatch(request)

    def post(self, request: HttpRequest) -> HttpResponse:
        if not self.can_sign_off:
            raise PermissionDenied
        try:
            sign_off.approve(self.subject, languages.SOURCE, by=request.user, shown=request.POST.get("shown", ""))
        except NotApprovable as refused:
            for reason in refused.reasons:
                messages.error(request, reason)
            return redirect(request.path)
        messages.success(request, readers.source_standing(self.subject).sentence)
        return redirect(reverse("mainstay:readers", args=[self.subject.kind, self.subject.public_id]))

    def get_page_title(self) -> str:
        return str(self.subject)

    def get_page_subtitle(self) -> str:
        return _("Sign off")

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        url = reverse("mainstay:readers", args=[self.subject.kind, self.subject.public_id])
        return [
            *self.breadcrumbs_items,
            readers.edit_crumb(self.subject),
            {"url": url, "label": _("Readers and translations")},
            {"url": "", "label": _("Sign off")},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        source = reference.source_of(self.subject)
        decisions = evidence.of(self.subject.public_id)
        change = decisions.latest_change()
        standing = readers.source_standing(self.subject)
        rows = list(_rows(source, change.release if change else None))
        facts = list(_facts(source, change.release if change else None))
        return super().get_context_data(
            subject=self.subject,
            rows=rows,
            facts=facts,
            differs=any(row["diff"] for row in rows) or any(fact["changed"] for fact in facts),
            shown=reference.shown_digest(source, languages.SOURCE),
            standing=standing,
            alone=alone.lines(
                decisions, languages.SOURCE, shown=segments.text_digest(source.texts_in(languages.SOURCE)), by=self.request.user
            ),
            can_sign_off=self.can_sign_off,
            obstacles=obstacles.of(self.subject, languages.SOURCE, by=self.request.user).all if self.can_sign_off else [],
            waits_for_publish=_waits_for_publish(source, decisions.latest_release()),
            **kwargs,
        )


def _rows(source: TranslatedModel, live: Release | None) -> Any:
    """A row a segment, with the difference to what readers have; passages taken away come last."""
    texts = source.texts_in(languages.SOURCE)
    before = live.texts if live else {}
    stands = labels.of({**before, **texts}, [*(live.facts.get("structure", []) if live else []), *source.structure()])
    for key, text in texts.items():
        changed = live is not None and segments.canonical(before.get(key, "")) != segments.canonical(text)
        yield {"label": stands[key], "text": text, "diff": difference.between(before.get(key, ""), text) if changed else ""}
    for key, text in before.items():
        if key not in texts:
            yield {"label": stands[key], "text": "", "diff": difference.between(text, "")}


def _facts(source: TranslatedModel, live: Release | None) -> Any:
    """What a sign-off binds beside the text, as name and value; `changed` where readers have another."""
    before = live.facts if live else {}
    for name, value in source.facts().items():
        if name != "structure":
            yield {"name": name.replace("_", " "), "value": _readable(value), "changed": live is not None and before.get(name) != value}


def _readable(value: Any) -> str:
    match value:
        case None | "" | []:
            return "–"
        case bool():
            return _("yes") if value else _("no")
        case list():
            return ", ".join(_readable(item) for item in value)
        case dict():
            return " · ".join(str(item) for item in value.values())
        case str() if subject := _named(value):
            return subject
    return str(value)


def _named(value: str) -> str:
    """The name of the subject whose public id this is, or ''."""
    try:
        public_id = UUID(value)
    except ValueError:
        return ""
    found = [row for model in subjects.MODELS.values() for row in model._default_manager.filter(public_id=public_id)]
    return str(found[0]) if found else ""


def _waits_for_publish(source: TranslatedModel, released: Release | None) -> bool:
    """Whether an editor still has to publish this text, so that signing it off alone puts nothing live."""
    if source.kind != "article":
        return False
    text, facts = reference.shown_digest(source, languages.SOURCE).split(".")
    return released is None or (released.text_digest, released.facts_digest) != (text, facts)
