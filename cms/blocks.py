"""The blocks of an article's body: sections, each with an aspect, a heading and blocks of text."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock

RICH_TEXT_FEATURES = ["bold", "italic", "h3", "ul", "ol", "link"]

ASPECTS = [
    ("definition", _("What it is")),
    ("symptoms", _("Symptoms")),
    ("course", pgettext_lazy("of an illness", "Course")),
    ("reasons", _("Why it is hard")),
    ("treatment", _("Treatment")),
    ("medicines", _("Medicines")),
    ("monitoring", _("Monitoring")),
    ("types", _("Types")),
    ("choosing", _("Choosing")),
    ("assessment", _("Assessment")),
    ("skills", _("Skills")),
    ("everyday-life", _("Everyday life")),
    ("aftercare", _("What comes after")),
    ("safety", _("Safety")),
    ("when-to-get-help", _("When to get help")),
]
SYMPTOM_KINDS = [("physical", _("Physical symptoms")), ("psychological", _("Psychological symptoms"))]


class ImageBlock(blocks.StructBlock):
    """An image with the words that replace it for somebody who cannot see it."""

    image = ImageChooserBlock(label=_("Image"))
    alt = blocks.CharBlock(label=_("Alternative text"), help_text=_("What the image tells, for somebody who cannot see it."))
    caption = blocks.CharBlock(label=_("Caption"), required=False)

    class Meta:
        icon = "image"
        label = _("Image")


class SectionBlocks(blocks.StreamBlock):
    """What a section may hold."""

    paragraph = blocks.RichTextBlock(label=_("Text"), features=RICH_TEXT_FEATURES, icon="pilcrow")
    symptoms = blocks.ChoiceBlock(
        label=_("Symptom list"),
        choices=SYMPTOM_KINDS,
        icon="list-ul",
        help_text=_("Lists the symptoms of this kind that are chosen for the article under “Vocabulary”."),
    )
    warning = blocks.RichTextBlock(label=_("Warning"), features=["bold", "italic", "ul", "ol", "link"], icon="warning")
    steps = blocks.ListBlock(blocks.TextBlock(label=_("Step"), rows=2), label=_("Steps"), icon="list-ol", min_num=1)
    image = ImageBlock()

    class Meta:
        min_num = 1


class SectionBlock(blocks.StructBlock):
    """A part of an article: one aspect of its subject under one heading."""

    aspect = blocks.ChoiceBlock(choices=ASPECTS, label=_("Aspect"))
    heading = blocks.CharBlock(label=_("Heading"), max_length=150)
    note = blocks.TextBlock(
        label=_("Note for translators"),
        required=False,
        rows=2,
        max_length=500,
        help_text=_("It stands beside each passage of this section while somebody translates. Readers and partners never see it."),
    )
    blocks = SectionBlocks(label=_("Blocks"))

    class Meta:
        icon = "doc-full"
        label = _("Section")


class BodyBlock(blocks.StreamBlock):
    """An article's body: its sections in order."""

    section = SectionBlock()


def raw(value: Any) -> list[dict[str, Any]]:
    """The stored form of a body: a list of `{type, id, value}`; every block has its id."""
    if value is None or isinstance(value, str):
        return []
    prepared: list[dict[str, Any]] = value.stream_block.get_prep_value(value)
    return prepared
