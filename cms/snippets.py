"""The snippets in the admin: one group in the menu, searchable, in order, each with its readers and where it is used."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList, TabbedInterface
from wagtail.admin.ui.tables import Column, UpdatedAtColumn
from wagtail.admin.widgets import AdminAutoHeightTextInput
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from cms.models import HelpContact, Notice, SafetyAdvice, Term
from cms.panels import ReadersPanel


def _tabs(text: list[Any], facts: list[Any]) -> TabbedInterface:
    note = FieldPanel("translator_note", widget=AdminAutoHeightTextInput)
    return TabbedInterface(
        [
            ObjectList([*text, note], heading=_("Text")),
            ObjectList(facts, heading=_("Facts")),
            ObjectList([ReadersPanel(heading=_("What readers get"))], heading=_("Readers and translations")),
        ]
    )


class TermViewSet(SnippetViewSet):
    model = Term
    icon = "tag"
    menu_label = _("Vocabulary")
    list_display = ["label_en", "vocabulary", "code", "term_kind", UpdatedAtColumn()]
    list_filter = ["vocabulary", "term_kind"]
    list_per_page = 50
    ordering = ["vocabulary", "sort_order", "code"]
    edit_handler = _tabs(
        [
            FieldPanel("label_en", heading=_("Label")),
            FieldPanel("description_en", widget=AdminAutoHeightTextInput, heading=_("Description")),
            FieldPanel("preferred_terms_en", widget=AdminAutoHeightTextInput, heading=_("Words to use")),
            FieldPanel("forbidden_terms_en", widget=AdminAutoHeightTextInput, heading=_("Words to avoid")),
        ],
        [
            MultiFieldPanel([FieldPanel("vocabulary"), FieldPanel("code"), FieldPanel("term_kind"), FieldPanel("url")], heading=_("Term")),
            FieldPanel("sort_order"),
            FieldPanel("sample"),
        ],
    )


class SafetyAdviceViewSet(SnippetViewSet):
    model = SafetyAdvice
    icon = "warning"
    list_display = ["heading_en", "code", UpdatedAtColumn()]
    ordering = ["sort_order", "code"]
    edit_handler = _tabs(
        [FieldPanel("heading_en", heading=_("Heading")), FieldPanel("text_en", heading=_("Text"))],
        [FieldPanel("code"), FieldPanel("sort_order")],
    )


class NoticeViewSet(SnippetViewSet):
    model = Notice
    icon = "info-circle"
    list_display = ["code", "purpose", "severity", UpdatedAtColumn()]
    list_filter = ["purpose", "severity"]
    ordering = ["sort_order", "code"]
    edit_handler = _tabs(
        [FieldPanel("text_en", heading=_("Text"))],
        [FieldPanel("code"), FieldPanel("purpose"), FieldPanel("severity"), FieldPanel("sort_order")],
    )


class HelpContactViewSet(SnippetViewSet):
    model = HelpContact
    icon = "help"
    list_display = ["name_en", "region", "contact_kind", "display", Column("verified_on", label=_("Verified on"), sort_key="verified_on")]
    list_filter = ["contact_kind", "region", "sample"]
    list_per_page = 50
    ordering = ["region", "sort_order", "code"]
    edit_handler = _tabs(
        [FieldPanel("name_en", heading=_("Name"))],
        [
            MultiFieldPanel([FieldPanel("code"), FieldPanel("contact_kind"), FieldPanel("region")], heading=_("Contact")),
            MultiFieldPanel(
                [FieldPanel("number"), FieldPanel("display"), FieldPanel("dialable_from"), FieldPanel("channels")], heading=_("Number")
            ),
            MultiFieldPanel(
                [FieldPanel("hours"), FieldPanel("time_zone"), FieldPanel("spoken_languages"), FieldPanel("cost")], heading=_("Service")
            ),
            MultiFieldPanel([FieldPanel("source"), FieldPanel("verified_on"), FieldPanel("verify_by")], heading=_("Verification")),
            FieldPanel("sort_order"),
            FieldPanel("sample"),
        ],
    )


class LibrarySnippets(SnippetViewSetGroup):
    """Vocabulary, advice, notices and contacts, under one item of the menu."""

    menu_label = _("Shared texts")
    menu_icon = "snippet"
    menu_order = 250
    items = (TermViewSet, SafetyAdviceViewSet, NoticeViewSet, HelpContactViewSet)


def readers_url(subject: Any) -> str:
    """The page that shows what readers get of a subject."""
    return reverse("mainstay:readers", args=[subject.kind, subject.public_id])
