"""The contract: what each document and each answer holds. `api.store` refuses what it does not allow; the OpenAPI is made from it.

Shape of what `store.put` takes (every key is needed, nothing else is allowed; dates are `YYYY-MM-DD`, ids are lower-case
UUIDs with hyphens; codes are `a-z0-9` words joined by `-` or `_`; every `html` is what `api.html.clean` leaves unchanged,
and every `text` beside an `html` is its `api.html.plain_text`):

**article**: `id, slug, kind ("article"), lang, direction, title, summary, collection {slug, title} or null, audience, sections[],
safety[] {kind, html, text}, notice {severity, html, text} or null, topics[] {code, label}, substances[], medicines[], treatments[]
(the same), symptoms[] {code, label, kind}, organisations[] {code, label, url}, related[] (ids), references[] {title, publisher, url,
lang}, images[] {id, url, alt, width, height, caption}, help_contact_kinds[], meta {title, description}, reading {words, minutes},
source_lang, translation {origin, status, outdated_by, carried_over, language_check {on, by_role} or null, clinical_check (the same)},
review {reviewed_on, next_due_on, status, by_role, organisation} or null, attribution {html, text, url, logo}, licence,
refresh_by_days, sample`.

A section: `id, aspect, heading, blocks[] {id, type, value, html}, html`, where the section's `html` is the `html` of its blocks, one
after the other, without its heading. The first blocks of the first section are, in this order: one of type `sample` if and only if the
document is a sample; one of type `notice` if and only if `notice` is there, with the same html; one of type `advice` for each entry of
`safety`, in its order, with the same html. They stand nowhere else. A block's `value` by its type is in `BLOCK_VALUES`.

**term**: `id, vocabulary, code, kind, lang, direction, label, description, url, source_lang, translation, sample`.

**help_contact**: `id, code, kind, region, number, display, name, lang, direction, dialable_from[], spoken_languages[], hours, time_zone,
cost, channels[], source, verified_on, verify_by, source_lang, translation, sample`.

The store stamps `version` and `modified_at`, and on articles `text_modified_at`.
"""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from django.db import models
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api import canonical, html, languages
from api.models import Kind

CODE = r"^[a-z0-9]+(?:[-_][a-z0-9]+)*$"
SLUG = r"^[-\w]+$"
REGION = r"^[A-Z]{2}(?:-[A-Z0-9]{1,3})?$"
LANGUAGE_TAG = r"^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*$"

LEADING = ("sample", "notice", "advice")
ALWAYS = ("id", "lang", "direction", "source_lang", "notice", "safety", "sample", "translation", "review", "attribution")
"""What is in every representation of an article, whatever a reader asks to leave out."""
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


class ContractViolation(ValueError):
    """The content is not what the contract allows. `errors` says where and what, a line each."""

    def __init__(self, errors: list[str]) -> None:
        super().__init__("; ".join(errors))
        self.errors = errors


def check(*, kind: str, content: Mapping[str, Any]) -> None:
    """Raise ContractViolation unless the content is a document of this kind, in exactly the form that goes out."""
    try:
        plain = json.loads(canonical.dumps(content))
        canonical.digest(canonical.dumps(plain))
    except (TypeError, ValueError) as error:
        raise ContractViolation([f"not JSON: {error}"]) from error
    shape = _shape(Kind(kind))
    try:
        meant = shape.to_representation(shape.run_validation(plain))
    except serializers.ValidationError as error:
        raise ContractViolation(list(_lines(error.detail))) from error
    differences = list(_differences(plain, meant))
    if differences:
        raise ContractViolation(differences)


@cache
def _shape(kind: Kind) -> "Localised":
    """One serializer a kind for the whole process: validating keeps nothing in it, and making one costs most of a check."""
    return DOCUMENTS[kind]()


def _lines(errors: Any, path: str = "") -> Iterator[str]:
    """DRF's nested errors as lines: `sections[0].blocks[1].html: …`."""
    if isinstance(errors, Mapping):
        for key, value in errors.items():
            if key == "non_field_errors":
                yield from _lines(value, path)
            elif isinstance(key, int):
                yield from _lines(value, f"{path}[{key}]")
            else:
                yield from _lines(value, f"{path}.{key}" if path else str(key))
        return
    for index, error in enumerate(errors):
        if isinstance(error, Mapping):
            yield from _lines(error, f"{path}[{index}]")
        else:
            yield f"{path or 'document'}: {error}"


def _differences(given: Any, meant: Any, path: str = "") -> Iterator[str]:
    """Where a lenient reader would have had to convert: a number written as text, spaces around a date."""
    if isinstance(given, dict) and isinstance(meant, dict):
        for key in given:
            yield from _differences(given[key], meant.get(key), f"{path}.{key}" if path else key)
    elif isinstance(given, list) and isinstance(meant, list) and len(given) == len(meant):
        for index, (left, right) in enumerate(zip(given, meant, strict=True)):
            yield from _differences(left, right, f"{path}[{index}]")
    elif type(given) is not type(meant) or given != meant:
        yield f"{path}: written as {given!r}, where the contract has {meant!r}"


# Fields.


class Text(serializers.CharField):
    """Text as it is: spaces are kept."""

    def __init__(self, **options: Any) -> None:
        super().__init__(trim_whitespace=False, **options)


class Html(Text):
    """HTML of the allow-list of `api.html`, with absolute links."""

    default_error_messages = {"unclean": "Holds HTML that is not allowed; cleaned, it reads: {cleaned}"}

    def to_internal_value(self, data: Any) -> str:
        value = super().to_internal_value(data)
        cleaned = html.clean(value)
        if cleaned != value:
            self.fail("unclean", cleaned=cleaned if len(cleaned) < 300 else cleaned[:300] + "…")
        return value


class Code(serializers.RegexField):
    """A stable code, the same in all languages."""

    def __init__(self, **options: Any) -> None:
        super().__init__(CODE, max_length=100, **options)


class WebAddress(serializers.URLField):
    """An absolute http or https address."""

    default_error_messages = {"scheme": "Not an http or https address."}

    def to_internal_value(self, data: Any) -> str:
        value = str(super().to_internal_value(data))
        if value and not value.lower().startswith(("http://", "https://")):
            self.fail("scheme")
        return value


class Shape(serializers.Serializer[Any]):
    """An object with exactly these keys."""

    default_error_messages = {"unknown": "The contract has no such key.", "stamped": "The store stamps this."}

    def to_internal_value(self, data: Any) -> Any:
        errors = {}
        for key in data if isinstance(data, Mapping) else ():
            if key not in self.fields:
                errors[key] = [self.error_messages["unknown"]]
            elif self.fields[key].read_only:
                errors[key] = [self.error_messages["stamped"]]
        try:
            value = super().to_internal_value(data)
        except serializers.ValidationError as error:
            raise serializers.ValidationError({**error.detail, **errors} if isinstance(error.detail, dict) else error.detail) from error
        if errors:
            raise serializers.ValidationError(errors)
        return value


# Parts of a document.


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
            raise serializers.ValidationError({"value": list(_lines(items.errors, "items"))})


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


# Documents.


class Localised(Shape):
    """What every document says of its own language."""

    id = serializers.UUIDField(help_text="For ever, in all languages.")
    lang = serializers.ChoiceField(list(languages.TAGS), help_text="BCP 47 tag of the text served.")
    direction = serializers.ChoiceField(["ltr", "rtl"])
    source_lang = serializers.ChoiceField(list(languages.TAGS))
    translation = Translation()
    sample = serializers.BooleanField(help_text="Sample text, checked by nobody: never show it to a reader.")
    version = serializers.IntegerField(read_only=True, help_text="Counts every row of this id and language, tombstones too.")
    modified_at = serializers.DateTimeField(read_only=True)

    def validate(self, document: dict[str, Any]) -> dict[str, Any]:
        errors: dict[str, list[str]] = {}
        if document["direction"] != languages.get(document["lang"]).direction:
            errors["direction"] = [f"Is not the direction of {document['lang']}."]
        is_source = document["lang"] == document["source_lang"]
        if is_source != (document["translation"]["origin"] == Origin.SOURCE):
            errors["translation"] = ["`origin` is `source` exactly when the text is in its source language."]
        if is_source and document["translation"]["status"] != TranslationStatus.CURRENT:
            errors["translation"] = ["A source is never outdated."]
        if errors:
            raise serializers.ValidationError(errors)
        return document


class ArticleDocument(Localised):
    """An article in one language."""

    slug = serializers.RegexField(SLUG, max_length=255, help_text="One for all languages; an old one answers 301.")
    kind = serializers.ChoiceField(["article"])
    title = Text()
    summary = Text(allow_blank=True)
    collection = Collection(allow_null=True)
    audience = Code(allow_blank=True)
    notice = Notice(allow_null=True, help_text="Show it before the text.")
    safety = Advice(many=True, help_text="Show it before the text.")
    sections = Section(many=True, allow_empty=False)
    topics = Tag(many=True)
    substances = Tag(many=True)
    symptoms = Symptom(many=True)
    medicines = Tag(many=True)
    treatments = Tag(many=True)
    organisations = Organisation(many=True)
    related = serializers.ListField(child=serializers.UUIDField())
    references = Reference(many=True)
    images = Image(many=True)
    help_contact_kinds = serializers.ListField(child=serializers.ChoiceField(ContactKind.choices))
    meta = Meta()
    reading = Reading()
    review = Review(allow_null=True, help_text="The clinical review of the source that this renders.")
    attribution = Attribution()
    licence = Text()
    refresh_by_days = serializers.IntegerField(min_value=1)
    text_modified_at = serializers.DateTimeField(read_only=True, help_text="Moves only when the words move.")

    def validate(self, document: dict[str, Any]) -> dict[str, Any]:
        document = super().validate(document)
        errors = list(_leading_errors(document)) + list(_repeated_ids(document))
        if document["translation"]["outdated_by"] == "safety" and document["notice"] is None:
            errors.append("A text outdated by a safety change is served with a notice, or not at all.")
        if errors:
            raise serializers.ValidationError({"sections": errors})
        return document


def leading_blocks(document: Mapping[str, Any]) -> list[Any]:
    """The blocks that must come before the text: the sample's sentence, the notice, the advice."""
    return [block for block in document["sections"][0]["blocks"] if block["type"] in LEADING]


def _leading_errors(document: Mapping[str, Any]) -> Iterator[str]:
    blocks = [(block["type"], block["html"]) for section in document["sections"] for block in section["blocks"]]
    expected = []
    if document["sample"]:
        samples = [markup for kind, markup in blocks if kind == "sample"]
        expected.append(("sample", samples[0] if samples else None))
    if document["notice"]:
        expected.append(("notice", document["notice"]["html"]))
    expected += [("advice", advice["html"]) for advice in document["safety"]]
    leading = [(block["type"], block["html"]) for block in document["sections"][0]["blocks"][: len(expected)]]
    for index, wanted in enumerate(expected):
        if index >= len(leading) or leading[index] != wanted:
            yield f"Block {index} of the first section must be the {wanted[0]}, with the document's own html."
            return
    if len([kind for kind, _ in blocks if kind in LEADING]) != len(expected):
        yield "Blocks of type sample, notice and advice stand once, first, and only for what the document carries."


def _repeated_ids(document: Mapping[str, Any]) -> Iterator[str]:
    for what, ids in (
        ("section", [section["id"] for section in document["sections"]]),
        ("block", [block["id"] for section in document["sections"] for block in section["blocks"]]),
    ):
        repeated = {identity for identity in ids if ids.count(identity) > 1}
        if repeated:
            yield f"More than one {what} has the id {', '.join(sorted(repeated))}."


class TermDocument(Localised):
    """A term of a vocabulary in one language."""

    vocabulary = serializers.ChoiceField(Vocabulary.choices)
    code = Code(help_text="Stable, the same in all languages.")
    kind = Code(allow_blank=True, help_text="A kind within the vocabulary: a symptom is `physical` or `psychological`.")
    label = Text()  # type: ignore[assignment] # a field of the contract; DRF's own `label` is an instance attribute
    description = Text(allow_blank=True)
    url = WebAddress(allow_blank=True)


class HelpContactDocument(Localised):
    """A number that somebody can call, with labels in one language. It is served only when verified at least once."""

    code = Code()
    kind = serializers.ChoiceField(ContactKind.choices)
    region = serializers.RegexField(REGION, help_text="ISO 3166-1 alpha-2 or 3166-2.")
    number = serializers.RegexField(r"^\+?[0-9*#]+$", max_length=32, help_text="As dialled, digits only.")
    display = Text(help_text="As written for people.")
    name = Text()
    dialable_from = serializers.ListField(child=serializers.RegexField(REGION), help_text="Regions; empty: the region only.")
    spoken_languages = serializers.ListField(child=serializers.RegexField(LANGUAGE_TAG))
    hours = Text(allow_blank=True)
    time_zone = Text(allow_blank=True, help_text="IANA name.")
    cost = Text(allow_blank=True)
    channels = serializers.ListField(child=Code(), help_text="`phone`, `sms`, `chat`, …")
    source = WebAddress()  # type: ignore[assignment] # a field of the contract; DRF's own `source` is an instance attribute
    verified_on = serializers.DateField()
    verify_by = serializers.DateField()


DOCUMENTS: dict[Kind, type[Localised]] = {
    Kind.ARTICLE: ArticleDocument,
    Kind.TERM: TermDocument,
    Kind.HELP_CONTACT: HelpContactDocument,
}
