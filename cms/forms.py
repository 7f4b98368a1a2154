"""The page editor's form: the title follows the headline, and a change of a live text says how much it changes."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from wagtail.admin.forms.pages import CopyForm, WagtailAdminPageForm


class CopyWithoutPublishingForm(CopyForm):
    """Copies are drafts: publishing one puts a text before readers that nobody approved for that place."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("publish_copies", "alias"):
            self.fields.pop(name, None)


class ArticleForm(WagtailAdminPageForm):
    """Refuses, by field and in words, what the partners' contract would refuse."""

    help_contact_kinds = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
