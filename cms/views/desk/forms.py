"""The form of a translation: a field a segment of the source, named by its place; rich text where the source's is rich."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.rich_text import DraftailRichTextArea
from wagtail.admin.widgets import AdminAutoHeightTextInput

from cms import languages, segments
from cms.draftail import UNREADABLE
from cms.models import Approval, Article

FEATURES = ["bold", "italic", "h3", "ul", "ol", "link"]
PLAIN_LIMITS = {"headline": 200, "summary": 500, "meta_title": 70, "meta_description": 170, "label": 120, "heading": 150, "name": 120}

#: In the place of what could not be read; no text may hold it.
NOT_RICH_TEXT = "\N{REPLACEMENT CHARACTER}not rich text"


class TranslationForm(forms.Form):
    """The whole translation, or with `only` some of its segments. A field that was not posted is as it is stored."""

    started_from = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        labels: Mapping[str, str],
        target: Mapping[str, str],
        rich: set[str],
        language: languages.Language,
        only: Iterable[str] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.target = target
        self.keys: dict[str, str] = {}
        for index, (key, label) in enumerate(labels.items()):
            if only is None or key in only:
                self.keys[f"segment-{index}"] = key
                self.fields[f"segment-{index}"] = _field(key, label, target.get(key, ""), is_rich=key in rich, language=language)
        self.fields["started_from"].initial = segments.text_digest(target)

    def texts(self) -> dict[str, str]:
        """What was typed, by segment key; of a valid form."""
        return {
            key: _emptied(self.cleaned_data[name]) if self.add_prefix(name) in self.data else self.target.get(key, "")
            for name, key in self.keys.items()
        }


def _field(key: str, label: str, text: str, *, is_rich: bool, language: languages.Language) -> forms.CharField:
    label = _("%(language)s: %(passage)s") % {"language": language.own_name, "passage": label}
    attrs = {"lang": language.tag, "dir": language.direction}
    return forms.CharField(
        label=label,
        required=False,
        max_length=PLAIN_LIMITS.get(key),
        initial=text,
        validators=[_is_rich_text] if is_rich else [],
        widget=rich_text(label, language) if is_rich else AdminAutoHeightTextInput(attrs=attrs),
        strip=not is_rich,
    )


class DraftailPassage(DraftailRichTextArea):
    """Draftail for a passage. What no editor sends is no rich text, and is refused at its field."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        try:
            return super().value_from_datadict(data, files, name)
        except UNREADABLE:
            return NOT_RICH_TEXT


def _is_rich_text(text: str) -> None:
    if text == NOT_RICH_TEXT:
        raise ValidationError(_("This is not what the editor sends. Load the page again."))


def rich_text(label: str, language: languages.Language) -> DraftailPassage:
    """Draftail with a name for screen readers, which Wagtail leaves out, and the direction of its language."""
    widget = DraftailPassage(features=FEATURES)
    widget.options |= {"ariaLabel": label, "textDirectionality": language.direction.upper()}
    return widget


def _emptied(text: str) -> str:
    """Draftail gives an empty paragraph where nothing was typed."""
    return text if strip_tags(text).strip() else ""


class ApprovalForm(forms.Form):
    """What an approver says beside yes. Fields that do not concern this text or person are left out."""

    check_kind = forms.ChoiceField(label=gettext_lazy("What you checked"), choices=Approval.Check.choices, widget=forms.RadioSelect)
    severity = forms.ChoiceField(
        label=gettext_lazy("How much does this correction change for readers?"),
        choices=[
            (Article.Severity.MINOR, gettext_lazy("Minor: the meaning is the same")),
            (Article.Severity.SUBSTANTIVE, gettext_lazy("Substantive: the meaning changed")),
            (Article.Severity.SAFETY, gettext_lazy("Safety: somebody could have come to harm by the old text")),
        ],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label=gettext_lazy("What changed"), max_length=300, required=False, help_text=gettext_lazy("Partners read it."))
    warnings_read = forms.BooleanField(label=gettext_lazy("I have looked at what the checks warn of, and the text is right."))
    later = forms.BooleanField(label=gettext_lazy("Do not put it live yet: it goes out with a launch."), required=False)
    alone_because = forms.CharField(
        label=gettext_lazy("Emergency: approve alone, because"),
        required=False,
        widget=AdminAutoHeightTextInput,
        help_text=gettext_lazy("All safety leads are told, and it stays on their screen until one of them confirms it."),
    )

    def __init__(
        self, *args: Any, kinds: Iterable[str], is_correction: bool, has_warnings: bool, may_break_glass: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        kinds = list(kinds)
        self.only_kind = kinds[0] if len(kinds) == 1 else ""
        left_out = {
            "check_kind": len(kinds) == 1,
            "severity": not is_correction,
            "note": not is_correction,
            "warnings_read": not has_warnings,
            "alone_because": not may_break_glass,
        }
        for name, is_left_out in left_out.items():
            if is_left_out:
                del self.fields[name]
