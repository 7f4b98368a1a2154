"""The contract: what each document holds. `api.store` refuses what it does not allow; the OpenAPI is made from it.

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
`safety`, in its order, with the same html. They stand nowhere else. A block's `value` by its type is in `api.parts.BLOCK_VALUES`.

**term**: `id, vocabulary, code, kind, lang, direction, label, description, url, source_lang, translation, sample`.

**help_contact**: `id, code, kind, region, number, display, name, lang, direction, dialable_from[], spoken_languages[], hours, time_zone,
cost, channels[], source, verified_on, verify_by, source_lang, translation, sample`.

The store stamps `version` and `modified_at`, and on articles `text_modified_at`.
"""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from rest_framework import serializers

from api import canonical, languages
from api.fields import LANGUAGE_TAG, REGION, SLUG, Code, Shape, Text, WebAddress, lines
from api.models import Kind
from api.parts import (
    Advice,
    Attribution,
    Collection,
    ContactKind,
    Image,
    Meta,
    Notice,
    Organisation,
    Origin,
    Reading,
    Reference,
    Review,
    Section,
    Symptom,
    Tag,
    Translation,
    TranslationStatus,
    Vocabulary,
)

LEADING = ("sample", "notice", "advice")
ALWAYS = ("id", "lang", "direction", "source_lang", "notice", "safety", "sample", "translation", "review", "attribution")
"""What is in every representation of an article, whatever a reader asks to leave out."""


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
        raise ContractViolation(list(lines(error.detail))) from error
    differences = list(_differences(plain, meant))
    if differences:
        raise ContractViolation(differences)


@cache
def _shape(kind: Kind) -> "Localised":
    """One serializer a kind for the whole process: validating keeps nothing in it, and making one costs most of a check."""
    return DOCUMENTS[kind]()


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
    number = serializers.RegexField(r"^\+?[*#]*[0-9][*#]*[0-9][0-9*#]*$", max_length=32, help_text="As dialled, digits only.")
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
