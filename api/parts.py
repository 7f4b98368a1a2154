"""The parts of a document, and the words that it chooses from."""

from typing import Any

from django.db import models
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api import html
from api.fields import LANGUAGE_TAG, SLUG, Code, Html, Shape, Text, WebAddress, lines

_TEXT: dict[str, type[Any]] = {"text": str}
BLOCK_VALUES: dict[str, dict[str, type[Any]]] = {
    "sample": _TEXT,
    "notice": {"severity": str, "text": str},
    "advice": {"kind": str, "text": str},
    "paragraph": _TEXT,
    "warning": _TEXT,
    "steps": {"items": list},
    "symptoms": {"items": list},
    "image": {"id": str},
}
"""The keys of a block's `value`. Steps' items are texts, symptoms' items `{code, label, kind}`, an image's id is in `images`."""


class Vocabulary(models.TextChoices):
    """The lists of terms; each is served at a path of its own."""

    SUBSTANCE = "substance", "Substances"
    SYMPTOM = "symptom", "Symptoms"
    MEDICINE = "medicine", "Medicines"
    TREATMENT = "treatment", "Treatments"
    ORGANISATION = "organisation", "Organisations"
    TOPIC = "topic", "Topics"
    GLOSSARY = "glossary", "Glossary"


class Origin(models.TextChoices):
    """How a text came to be in its language."""

    SOURCE = "source", "Written in this language"
    HUMAN = "human", "Translated by a person"
    MACHINE = "machine", "Translated by a machine"
    MACHINE_EDITED = "machine_edited", "Translated by a machine, edited by a person"


class TranslationStatus(models.TextChoices):
    """Whether a text follows its source."""

    CURRENT = "current", "Follows the source"
    OUTDATED = "outdated", "The source has changed since"


class Severity(models.TextChoices):
    """How much a notice matters."""

    SAFETY = "safety", "Somebody could come to harm"
    SUBSTANTIVE = "substantive", "The meaning has changed"
    INFORMATION = "information", "For information"


class ContactKind(models.TextChoices):
    """What a help contact is for."""

    EMERGENCY = "emergency", "Emergency"
    CRISIS = "crisis", "Crisis"
    DRUGS = "drugs", "Drugs"
    POISON = "poison", "Poison"
    FAMILY = "family", "Family"


class Collection(Shape):
    slug = serializers.RegexField(SLUG, max_length=255)
    title = Text()


@extend_schema_field({"type": "object", "additionalProperties": True, "description": "Native content by the block's type."})
class BlockValue(serializers.JSONField):
    pass


class Block(Shape):
    id = Text(max_length=100)
    type = serializers.ChoiceField(list(BLOCK_VALUES), help_text="`sample`, `notice` and `advice` come first in the first section.")
    value = BlockValue()
    html = Html()

    def validate(self, block: dict[str, Any]) -> dict[str, Any]:
        keys = BLOCK_VALUES[block["type"]]
        value = block["value"]
        if not isinstance(value, dict) or set(value) != set(keys):
            raise serializers.ValidationError({"value": [f"A block of type {block['type']} has exactly the keys {', '.join(keys)}."]})
        wrong = [f"`{key}` is not a {kind.__name__}." for key, kind in keys.items() if not isinstance(value[key], kind)]
        if wrong:
            raise serializers.ValidationError({"value": wrong})
        _check_items(block["type"], value)
        return block


def _check_items(block_type: str, value: dict[str, Any]) -> None:
    if block_type == "steps" and not (value["items"] and all(isinstance(item, str) for item in value["items"])):
        raise serializers.ValidationError({"value": ["`items` is a list of texts, at least one."]})
    if block_type == "symptoms":
        items = Symptom(data=value["items"], many=True, allow_empty=False)
        if not items.is_valid():
            raise serializers.ValidationError({"value": list(lines(items.errors, "items"))})


class Section(Shape):
    id = Text(max_length=100, help_text="The same in all languages.")
    aspect = Code(allow_blank=True)
    heading = Text()
    blocks = Block(many=True, allow_empty=False)
    html = Html(help_text="The blocks' HTML, without the heading.")

    def validate(self, section: dict[str, Any]) -> dict[str, Any]:
        if section["html"] != "".join(block["html"] for block in section["blocks"]):
            raise serializers.ValidationError({"html": ["Is not the HTML of its blocks, one after the other."]})
        return section


class Said(Shape):
    """HTML, and its text."""

    html = Html()
    text = Text()

    def validate(self, said: dict[str, Any]) -> dict[str, Any]:
        if said["text"] != html.plain_text(said["html"]):
            raise serializers.ValidationError({"text": ["Is not the plain text of its html."]})
        return said


class Advice(Said):
    kind = Code(help_text="Which advice: `overdose`, `tolerance`, …")


class Notice(Said):
    severity = serializers.ChoiceField(Severity.choices)


class Tag(Shape):
    code = Code()
    label = Text()  # type: ignore[assignment] # a field of the contract; DRF's own `label` is an instance attribute


class Symptom(Tag):
    kind = Code(allow_blank=True, help_text="`physical` or `psychological`.")


class Organisation(Tag):
    url = WebAddress(allow_blank=True)


class Reference(Shape):
    title = Text()
    publisher = Text(allow_blank=True)
    url = WebAddress(allow_blank=True)
    lang = serializers.RegexField(LANGUAGE_TAG, help_text="The reference's own language.")


class Image(Shape):
    id = Text(max_length=100)
    url = WebAddress()
    alt = Text(allow_blank=True)
    width = serializers.IntegerField(min_value=1)
    height = serializers.IntegerField(min_value=1)
    caption = Text(allow_blank=True)


class Meta(Shape):
    title = Text(allow_blank=True)
    description = Text(allow_blank=True)


class Reading(Shape):
    words = serializers.IntegerField(min_value=0)
    minutes = serializers.IntegerField(min_value=0)


class Check(Shape):
    on = serializers.DateField()
    by_role = Text()


class Translation(Shape):
    origin = serializers.ChoiceField(Origin.choices)
    status = serializers.ChoiceField(TranslationStatus.choices)
    outdated_by = serializers.ChoiceField(["substantive", "safety"], allow_null=True)
    carried_over = serializers.BooleanField(help_text="The source has had minor changes since that need no new translation.")
    language_check = Check(allow_null=True)
    clinical_check = Check(allow_null=True)

    def validate(self, translation: dict[str, Any]) -> dict[str, Any]:
        if (translation["status"] == TranslationStatus.OUTDATED) != bool(translation["outdated_by"]):
            raise serializers.ValidationError({"outdated_by": ["Is there exactly when the status is outdated."]})
        return translation


class Review(Shape):
    reviewed_on = serializers.DateField()
    next_due_on = serializers.DateField(allow_null=True)
    status = serializers.ChoiceField(["current", "overdue"])
    by_role = Text()
    organisation = Text(allow_blank=True)


class Attribution(Said):
    url = WebAddress()
    logo = WebAddress(allow_blank=True)
