"""The page editor's forms: what the partners' contract would refuse is refused here, by field, in words."""

import re
from html import unescape
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.pages import CopyForm, WagtailAdminPageForm

from api.html import is_absolute
from cms import languages, segments, severity

HELP_CONTACT_KINDS = [
    ("emergency", _("Emergency")),
    ("crisis", _("Crisis line")),
    ("drugs", _("Drugs help line")),
    ("poison", _("Poison centre")),
    ("family", _("For families")),
]
_HREF = re.compile(r"""<a\b[^>]*\bhref="([^"]*)\"""")
#: Without these three pieces of advice an article about withdrawal cannot be published.
WITHDRAWAL = "withdrawal"
WITHDRAWAL_ADVICE = ("overdose", "tolerance", "alcohol-and-sedatives")


class CopyWithoutPublishingForm(CopyForm):
    """Copies are drafts: publishing one puts a text before readers that nobody approved for that place."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("publish_copies", "alias"):
            self.fields.pop(name, None)


class ArticleForm(WagtailAdminPageForm):
    """An article's source and facts. Drafts may be unfinished; what is published, submitted or scheduled may not."""

    help_contact_kinds = forms.MultipleChoiceField(
        label=_("Help contacts"),
        choices=HELP_CONTACT_KINDS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("The kinds that partners show beside the article, for the reader's region."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.live_revision_id and self.instance.live_revision_id == self.instance.latest_revision_id:
            # The answer was about the change that is live now; the next change is another one.
            self.initial |= {"change_severity": "", "change_harm": "", "change_note": ""}

    def _post_clean(self) -> None:
        super()._post_clean()
        if not self.is_deferred_validation and not self.errors:
            self._check_advice()
            self._check_body()
            self._check_change()

    def _check_advice(self) -> None:
        if not self._is_about_withdrawal():
            return
        chosen = {form.cleaned_data["advice"].code for form in self._rows("advice")}
        missing = [code for code in WITHDRAWAL_ADVICE if code not in chosen]
        if missing:
            self.add_error(
                None,
                gettext("An article about withdrawal cannot be published without this safety advice: %(codes)s.")
                % {"codes": ", ".join(missing)},
            )

    def _is_about_withdrawal(self) -> bool:
        parent = self.parent_page or self.instance.get_parent()
        topic = getattr(parent.specific, "topic", None) if parent else None
        topics = {form.cleaned_data["term"].code for form in self._rows("terms") if form.cleaned_data["term"].vocabulary == "topic"}
        return WITHDRAWAL in topics or (topic is not None and topic.code == WITHDRAWAL)

    def _check_body(self) -> None:
        column = languages.column("body", languages.SOURCE)
        listed = {form.cleaned_data["term"].term_kind for form in self._rows("terms") if form.cleaned_data["term"].vocabulary == "symptom"}
        for section in getattr(self.instance, column):
            for block in section.value["blocks"]:
                if block.block_type == "symptoms" and block.value not in listed:
                    self._refuse(
                        column,
                        gettext("The section “%(section)s” lists symptoms of a kind of which none is chosen under “Vocabulary”.")
                        % {"section": section.value["heading"]},
                    )
                self._check_passage(column, section.value["heading"], block)
        texts = self.instance.texts_in(languages.SOURCE)
        linked = {page_id for text in texts.values() for page_id in segments.page_ids(text)}
        others = linked - {str(pk) for pk in type(self.instance).objects.filter(pk__in=linked).values_list("pk", flat=True)}
        if others:
            self._refuse(column, gettext("Link to articles only: a link leads to another page of the library."))

    def _check_passage(self, column: str, heading: str, block: Any) -> None:
        """A passage has words, and its links lead somewhere: a link that partners would not be given is not left out in silence."""
        html = block.value.source if block.block_type in ("paragraph", "warning") else ""
        passages = [html] if html else list(block.value) if block.block_type == "steps" else []
        where = {"section": heading}
        if block.block_type in ("paragraph", "warning", "steps") and not all(map(segments.has_words, passages or [""])):
            self._refuse(column, gettext("The section “%(section)s” has a passage without a word.") % where)
        for link in map(unescape, _HREF.findall(html)):
            if not is_absolute(link):
                message = gettext("The link “%(link)s” in the section “%(section)s” is no whole address: https://…, mailto:… or tel:….")
                self._refuse(column, message % {**where, "link": link[:100]})

    def _check_change(self) -> None:
        live = self.instance.live_release()
        texts = self.instance.texts_in(languages.SOURCE)
        if live is None or segments.text_digest(texts) == live.text_digest:
            return
        match self.cleaned_data.get("change_severity"):
            case "minor":
                medicines = [
                    form.cleaned_data["term"] for form in self._rows("terms") if form.cleaned_data["term"].vocabulary == "medicine"
                ]
                names = [languages.read(term, "label", languages.SOURCE) for term in medicines]
                reasons = severity.against_minor(live.texts, texts, self.instance.structure(), names)
                if reasons:
                    words = "; ".join(str(severity.REASONS[reason]) for reason in reasons)
                    self._refuse("change_severity", gettext("This is not a minor change: %(reasons)s.") % {"reasons": words})
            case "safety":
                if not self.cleaned_data.get("change_harm"):
                    self._refuse("change_harm", gettext("Say whether somebody could come to harm by following the old text."))
            case "substantive":
                pass
            case _:
                self._refuse(
                    "change_severity", gettext("Readers have an earlier text. Say how much this changes it: translations follow from it.")
                )

    def _refuse(self, field: str, message: str) -> None:
        self.add_error(field if field in self.fields else None, message)

    def _rows(self, name: str) -> list[Any]:
        """The filled, valid, not deleted forms of a child relation."""
        formset = self.formsets.get(name)
        if formset is None or not self.is_bound or not formset.is_valid():
            return []
        key = {"advice": "advice", "terms": "term"}[name]
        return [form for form in formset.forms if form.cleaned_data.get(key) and not form.cleaned_data.get("DELETE")]
