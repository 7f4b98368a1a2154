"""The translation form: one subject, one language, a row a segment; and its approval by somebody who did not write it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.rich_text import DraftailRichTextArea
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets import AdminAutoHeightTextInput

from cms import desk, difference, evidence, glossary, languages, quality, review, segments, sign_off, subjects
from cms.models import Article
from cms.sign_off import NotApprovable
from cms.views import readers

FEATURES = ["bold", "italic", "h3", "ul", "ol", "link"]
PLAIN_LIMITS = {"headline": 200, "summary": 500, "meta_title": 70, "meta_description": 170, "label": 120, "heading": 150, "name": 120}


class TranslationForm(forms.Form):
    """A field a segment of the source, named by position; rich text where the source's is rich."""

    started_from = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, source: Mapping[str, str], target: Mapping[str, str], rich: set[str], tag: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keys: dict[str, str] = {}
        language = languages.get(tag)
        attrs = {"lang": language.tag, "dir": language.direction}
        for index, key in enumerate(source):
            name = f"segment-{index}"
            self.keys[name] = key
            label = _("Translation of passage %(number)d") % {"number": index + 1}
            widget = _rich_text(label, language) if key in rich else AdminAutoHeightTextInput(attrs=attrs)
            self.fields[name] = forms.CharField(
                label=label,
                required=False,
                max_length=PLAIN_LIMITS.get(key),
                initial=target.get(key, ""),
                widget=widget,
                strip=key not in rich,
            )
        self.fields["started_from"].initial = segments.text_digest(target)

    def texts(self) -> dict[str, str]:
        """What was typed, by segment key."""
        return {key: _emptied(self.cleaned_data[name]) for name, key in self.keys.items()}


def _rich_text(label: str, language: languages.Language) -> DraftailRichTextArea:
    """Draftail with a name for screen readers, which Wagtail leaves out, and the direction of its language."""
    widget = DraftailRichTextArea(features=FEATURES)
    widget.options |= {"ariaLabel": label, "textDirectionality": language.direction.upper()}
    return widget


def _emptied(text: str) -> str:
    """Draftail gives an empty paragraph where nothing was typed."""
    return text if strip_tags(text).strip() else ""


class TranslateView(WagtailAdminTemplateMixin, TemplateView):
    """GET the form, POST a save; POST to `approve` approves what was shown."""

    template_name = "cms/translate.html"
    header_icon = "globe"

    def dispatch(self, request: HttpRequest, kind: str, public_id: UUID, tag: str) -> HttpResponseBase:
        self.subject = subjects.get(kind, public_id)
        self.language = _target(tag)
        self.can_translate = request.user.has_perm("cms.translate")
        self.can_approve = request.user.has_perm("cms.approve_translation")
        if not (self.can_translate or self.can_approve):
            raise PermissionDenied
        self.source, self.source_digest = desk.reference(self.subject)
        self.target = self.subject.texts_in(tag)
        return super().dispatch(request)

    def post(self, request: HttpRequest) -> HttpResponse:
        if "approve" in request.POST:
            return self.approve(request)
        return self.save(request)

    def save(self, request: HttpRequest) -> HttpResponse:
        if not self.can_translate:
            raise PermissionDenied
        form = self.form(request.POST)
        if not form.is_valid():
            messages.validation_error(request, _("The translation was not saved."), form)
            return self.render_to_response(self.get_context_data(form=form))
        try:
            changed = desk.save(
                self.subject, self.language.tag, form.texts(), started_from=form.cleaned_data["started_from"], by=request.user
            )
        except desk.TextMoved as moved:
            return self.show_both(request, form, moved.theirs)
        if changed:
            messages.success(request, _("Saved. Readers get it when somebody else has approved it."))
        else:
            messages.info(request, _("Nothing had changed, so nothing was saved."))
        return redirect(request.path)

    def show_both(self, request: HttpRequest, form: TranslationForm, theirs: Mapping[str, str]) -> HttpResponse:
        """Somebody else saved meanwhile: their text stands beside this one, and the next save starts from it."""
        messages.error(
            request,
            _("Somebody else has saved this translation since you opened it. Their text is shown beside yours: choose, and save again."),
        )
        data = request.POST.copy()
        data["started_from"] = segments.text_digest(theirs)
        return self.render_to_response(self.get_context_data(form=self.form(data), theirs=theirs), status=409)

    def approve(self, request: HttpRequest) -> HttpResponse:
        if not self.can_approve:
            raise PermissionDenied
        try:
            sign_off.approve(
                self.subject,
                self.language.tag,
                by=request.user,
                shown=request.POST.get("shown", ""),
                source_shown=request.POST.get("source_shown", ""),
            )
        except NotApprovable as refused:
            for reason in refused.reasons:
                messages.error(request, reason)
        else:
            messages.success(request, self.approved_message())
        return redirect(request.path)

    def approved_message(self) -> str:
        name = {"language": self.language.own_name}
        if evidence.of(self.subject.public_id).latest_change() is None:
            return _("Approved in %(language)s. It goes live when its source is published and signed off.") % name
        return _("Approved and put live in %(language)s.") % name

    def form(self, data: Any = None) -> TranslationForm:
        rich = {segment.key for segment in self.subject.segments_in(languages.SOURCE) if segment.rich}
        rich |= {key for key, text in self.source.items() if "<p" in text or "<ul" in text or "<ol" in text}
        return TranslationForm(data, source=self.source, target=self.target, rich=rich, tag=self.language.tag)

    def get_page_title(self) -> str:
        return str(self.subject)

    def get_page_subtitle(self) -> str:
        return f"{languages.get(self.language.tag).own_name} ({self.language.english_name})"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        url = reverse("mainstay:readers", args=[self.subject.kind, self.subject.public_id])
        return [
            *self.breadcrumbs_items,
            readers.edit_crumb(self.subject),
            {"url": url, "label": _("Readers and translations")},
            {"url": "", "label": self.language.own_name},
        ]

    def get_context_data(
        self, form: TranslationForm | None = None, theirs: Mapping[str, str] | None = None, **kwargs: Any
    ) -> dict[str, Any]:
        form = form or self.form()
        decisions = evidence.of(self.subject.public_id)
        working = review.working(self.subject, self.language.tag, decisions, self.source)
        earlier = working.approval.source_texts if working.approval else {}
        beside = self.beside()
        return super().get_context_data(
            form=form,
            media=form.media,
            subject=self.subject,
            language=self.language,
            rows=[self._row(form, name, key, working, earlier, theirs) | beside[key] for name, key in form.keys.items()],
            working=working,
            shown=sign_off.shown_digest(self.subject, self.language.tag),
            source_shown=self.source_digest,
            can_translate=self.can_translate,
            can_approve=self.can_approve,
            obstacles=sign_off.obstacles(self.subject, self.language.tag, by=self.request.user) if self.can_approve else [],
            is_article=isinstance(self.subject, Article),
            readers_url=reverse("mainstay:readers", args=[self.subject.kind, self.subject.public_id]),
            **kwargs,
        )

    def beside(self) -> dict[str, dict[str, Any]]:
        """What stands beside each segment: the glossary's terms in it, and what the checks found in its saved translation."""
        words = glossary.words_for(self.language.tag)
        found = quality.findings(self.source, self.target, language=self.language.tag, words=words) if self.target else []
        return {
            key: {
                "terms": glossary.for_segment(text, words),
                "findings": [finding for finding in found if finding.key == key and self.target.get(key)],
            }
            for key, text in self.source.items()
        }

    def _row(
        self,
        form: TranslationForm,
        name: str,
        key: str,
        working: review.WorkingState,
        earlier: Mapping[str, str],
        theirs: Mapping[str, str] | None,
    ) -> dict[str, Any]:
        mine = form.texts()[key] if form.is_bound and form.is_valid() else self.target.get(key, "")
        differs = theirs is not None and segments.canonical(theirs.get(key, "")) != segments.canonical(mine)
        return {
            "field": form[name],
            "label": segment_label(key),
            "source": self.source[key],
            "is_rich": isinstance(form.fields[name].widget, DraftailRichTextArea),
            "moved": key in working.moved,
            "difference": difference.between(earlier.get(key, ""), self.source[key]) if key in working.moved else "",
            "empty": not mine,
            "theirs": theirs.get(key, "") if theirs is not None and differs else None,
        }


def segment_label(key: str) -> str:
    """Where a segment stands, in words."""
    return {
        "headline": _("Headline"),
        "summary": _("Summary"),
        "meta_title": _("Title for search engines"),
        "meta_description": _("Description for search engines"),
        "label": _("Label"),
        "description": _("Description"),
        "heading": _("Heading"),
        "text": _("Text"),
        "name": _("Name"),
    }.get(key) or (_("Section heading") if key.endswith(".heading") else _("Text"))


def _target(tag: str) -> languages.Language:
    try:
        language = languages.get(tag)
    except languages.UnknownLanguage as unknown:
        raise Http404(f"There is no language {tag}.") from unknown
    if language.tag == languages.SOURCE:
        raise Http404("The source is written in its own editor.")
    return language
