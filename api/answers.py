"""What the API answers: documents as they are served, pages of them, and everything that is not a document."""

from typing import Any

from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema_field
from rest_framework import serializers

from api import exclusions, languages
from api.contract import ALWAYS, ArticleDocument, HelpContactDocument, TermDocument
from api.fields import Html, Shape, Text, WebAddress
from api.models import Environment, Harm, Kind, Scope, State, UpdateType
from api.parts import Advice, Attribution, Notice, Review, Section, Translation, TranslationStatus


class Narrowed(ArticleDocument):
    """An article of which `fields` may leave out all but what must be shown."""

    def get_fields(self) -> Any:
        fields = super().get_fields()
        for name, field in fields.items():
            field.read_only, field.required = False, name in ALWAYS
        return fields


class ArticleAnswer(Narrowed):
    """An article as it is served. `sections`, or with `body=html` or `body=text` one piece of `html` or `text` in their place."""

    sections = Section(many=True, required=False, help_text="Their first blocks are what must be read first.")
    html = Html(required=False, help_text="With `body=html`: begins with the sample's sentence, the notice and the safety advice.")
    text = Text(required=False, help_text="With `body=text`: begins with the same.")
    requested_lang = Text(required=False, help_text="The language that was asked for, when a fallback is served.")


class ListItem(Narrowed):
    """An article in a list: the document without `sections`, `references` and `images`, unless `fields` names them."""

    excerpt = Text(required=False, help_text="With `q`: HTML, text and `<mark>` alone; begins with the sample's sentence and the notice.")
    requested_lang = Text(required=False, help_text="The language that was asked for, when a fallback is served.")


class LinkedData(Shape):
    """An article as schema.org's MedicalWebPage in JSON-LD; what schema.org has no words for stands beside it as in the document."""

    attribution = Attribution()
    direction = serializers.ChoiceField(["ltr", "rtl"])
    lang = serializers.ChoiceField(list(languages.TAGS))
    notice = Notice(allow_null=True)
    review = Review(allow_null=True)
    safety = Advice(many=True)
    sample = serializers.BooleanField()
    translation = Translation()
    identifier = serializers.UUIDField()
    url = WebAddress()
    name = Text()
    abstract = Text(required=False)
    inLanguage = serializers.ChoiceField(list(languages.TAGS))  # noqa: N815 - schema.org's name
    text = Text(help_text="Begins with the sample's sentence, the notice and the safety advice.")
    about = serializers.ListField(child=serializers.DictField(), required=False)
    isBasedOn = serializers.ListField(child=serializers.DictField(), required=False)  # noqa: N815 - the same
    translationOfWork = serializers.DictField(required=False)  # noqa: N815 - the same
    lastReviewed = serializers.DateField(required=False, help_text="Only when a clinician has reviewed the text.")  # noqa: N815 - the same
    reviewedBy = serializers.DictField(required=False)  # noqa: N815 - the same
    license = Text()
    creditText = Text(required=False)  # noqa: N815 - the same
    version = serializers.IntegerField()
    dateModified = serializers.DateTimeField()  # noqa: N815 - the same
    requested_lang = Text(required=False)

    def get_fields(self) -> Any:
        words = {"@context": serializers.ListField(), "@type": Text(), "@id": WebAddress()}
        return {**words, **super().get_fields()}


class TermAnswer(TermDocument):
    """A term as it is served."""

    requested_lang = Text(required=False)


class TermItem(TermAnswer):
    """A term in a list."""

    articles = serializers.IntegerField(
        min_value=0, allow_null=True, help_text="Articles in this language that name it; null for the glossary, which articles do not name."
    )


class HelpContactAnswer(HelpContactDocument):
    """A help contact as it is served."""

    verification = serializers.ChoiceField(["verified", "overdue"], help_text="`overdue` after `verify_by`: check it before you show it.")
    requested_lang = Text(required=False)


class Listing(Shape):
    """A page of a list."""

    count = serializers.IntegerField(help_text="How many in all: exact to 1,000.")
    count_exact = serializers.BooleanField()
    next = WebAddress(allow_null=True)
    previous = WebAddress(allow_null=True)


class ArticleList(Listing):
    results = ListItem(many=True)


class TermList(Listing):
    results = TermItem(many=True)


class HelpContactList(Listing):
    results = HelpContactAnswer(many=True)


@extend_schema_field(
    PolymorphicProxySerializer("AnyDocument", [ArticleDocument, TermDocument, HelpContactDocument], resource_type_field_name=None)
)
class AnyDocument(serializers.JSONField):
    """A document of any kind."""


class ChangeItem(Shape):
    """A change. Anything but `published` means: remove it."""

    number = serializers.IntegerField(min_value=1)
    kind = serializers.ChoiceField(Kind.choices)
    id = serializers.UUIDField()
    slug = Text(allow_blank=True)
    lang = serializers.ChoiceField(list(languages.TAGS))
    state = serializers.ChoiceField(State.choices)
    reason = Text(allow_blank=True, help_text="`left-filter`: it is still published, but no longer matches your filter.")
    version = serializers.IntegerField(min_value=1)
    etag = Text()
    modified_at = serializers.DateTimeField()
    update_type = serializers.ChoiceField(UpdateType.choices)
    change_note = Text(allow_blank=True)
    change_note_lang = Text(allow_blank=True)
    url = WebAddress()
    document = AnyDocument(required=False, help_text="With `include=document`, when published: the document of this kind.")


class Changes(Shape):
    """A page of the change feed."""

    items = ChangeItem(many=True)
    next = WebAddress(help_text="Follow it now when `has_more`, else at the next poll. It stays good until a restore.")
    has_more = serializers.BooleanField()


class LanguageState(Shape):
    """One language of an article."""

    lang = serializers.ChoiceField(list(languages.TAGS))
    own_name = Text()
    direction = serializers.ChoiceField(["ltr", "rtl"])
    state = serializers.ChoiceField(["none", *State.values])
    translation_status = serializers.ChoiceField(TranslationStatus.choices, allow_null=True)
    version = serializers.IntegerField(allow_null=True)
    modified_at = serializers.DateTimeField(allow_null=True)
    reviewed_on = serializers.DateField(allow_null=True)
    etag = Text(allow_null=True)
    url = WebAddress(allow_null=True)


class ArticleLanguages(Shape):
    """Every language of the library, and how an article stands in it."""

    id = serializers.UUIDField()
    slug = Text()
    results = LanguageState(many=True)


class LibraryLanguage(Shape):
    """A language of the library, and how many articles it has."""

    tag = Text()
    own_name = Text()
    english_name = Text()
    direction = serializers.ChoiceField(["ltr", "rtl"])
    source = serializers.BooleanField(  # type: ignore[assignment] # a field of the contract; DRF's own `source` is an attribute
        help_text="Texts are written in this language first."
    )
    fallback = serializers.ListField(child=Text(), help_text="Where `fallback=default` goes next.")
    published = serializers.IntegerField()
    outdated = serializers.IntegerField(help_text="Of the published ones.")
    held = serializers.IntegerField()
    missing = serializers.IntegerField(help_text="Articles published in the source language that were never published in this one.")


class LanguageList(Shape):
    results = LibraryLanguage(many=True)


class ServiceDocument(Shape):
    """What the service is, and what a partner undertakes."""

    name = Text()
    url = WebAddress()
    languages = serializers.ListField(child=Text())
    source_lang = Text()
    licence = Text()
    attribution = Text()
    must_show = serializers.ListField(child=Text(), help_text="Members of a document that readers must see.")
    poll_changes_every_s = serializers.IntegerField()
    remove_within_h = serializers.IntegerField(help_text="Held, gone and recalled texts are off every page within so many hours.")
    corrections = Text(help_text="Where to report a mistake in a text.")
    links = serializers.DictField(child=WebAddress())


class Limit(Shape):
    """How often a key may ask."""

    requests = serializers.IntegerField(min_value=1)
    window_s = serializers.IntegerField(min_value=1)


class AccountKey(Shape):
    """The key that asked."""

    hint = Text(help_text="The beginning of the key, by which you tell it from others.")
    label = Text(allow_blank=True)  # type: ignore[assignment] # a field of the contract; DRF's own `label` is an instance attribute
    environment = serializers.ChoiceField(Environment.choices)
    scopes = serializers.ListField(child=serializers.ChoiceField(Scope.choices))
    limit = Limit()
    expires_at = serializers.DateTimeField(allow_null=True)


class Interests(Shape):
    """What the partner said it is interested in. It restricts nothing."""

    languages = serializers.ListField(child=Text())
    topics = serializers.ListField(child=Text())


class SyncState(Shape):
    """Where the partner's reader of `/changes/` stood when it last asked."""

    number = serializers.IntegerField(min_value=0, help_text="All up to this number it has.")
    head = serializers.IntegerField(min_value=0, help_text="The newest number there is.")
    unread = serializers.IntegerField(min_value=0, help_text="Changes after it that its filter lets through.")
    unread_since = serializers.DateTimeField(allow_null=True, help_text="When the first of them was made.")
    read_at = serializers.DateTimeField()


class ClosedText(Shape):
    """A text that must not be shown now."""

    kind = serializers.ChoiceField(Kind.choices)
    id = serializers.UUIDField()
    slug = Text(allow_blank=True)
    lang = serializers.ChoiceField(list(languages.TAGS))
    state = serializers.ChoiceField([State.HELD, State.RECALLED])
    reason = Text(allow_blank=True)
    since = serializers.DateTimeField()
    url = WebAddress()
    unread = serializers.BooleanField(help_text="Whether it comes after the partner's sync position.")


class Account(Shape):
    """A partner's own record."""

    name = Text()
    terms_version = Text(allow_blank=True)
    interests = Interests()
    exclusions = serializers.ListField(child=serializers.ChoiceField(list(exclusions.NAMES)), help_text="What the partner is never given.")
    key = AccountKey()
    freshness = serializers.ChoiceField(["never", "fresh", "behind", "stale"], help_text="How old the partner's copy is.")
    sync = SyncState(allow_null=True)
    closed_count = serializers.IntegerField(min_value=0)
    closed = ClosedText(many=True, help_text="What is held or recalled now, the newest hundred.")


class Stay(Shape):
    """What was the answer for a time."""

    number = serializers.IntegerField(min_value=1)
    kind = serializers.ChoiceField(Kind.choices)
    version = serializers.IntegerField(min_value=1)
    state = serializers.ChoiceField(State.choices, help_text="Of all but `published` there was no document.")
    reason = Text(allow_blank=True)
    etag = Text()
    until = serializers.DateTimeField(allow_null=True, help_text="When the next one came; null: it is the answer now.")
    document = serializers.JSONField(allow_null=True, help_text="As it was given, byte by byte.")

    def get_fields(self) -> Any:
        since = serializers.DateTimeField(help_text="When it became the answer.")
        fields = super().get_fields()
        return {**{name: fields[name] for name in ("number", "kind", "version", "state", "reason", "etag")}, "from": since, **fields}


class Served(Shape):
    """What was served of one text in one language from a first to a last moment, in order; nothing before its first version."""

    id = serializers.UUIDField()
    lang = serializers.ChoiceField(list(languages.TAGS))
    first = serializers.DateTimeField()
    last = serializers.DateTimeField()
    results = Stay(many=True)


class Report(Shape):
    """A mistake that you reported."""

    id = serializers.IntegerField(help_text="By which to speak of it with us.")
    article = serializers.UUIDField(help_text="The `id` of the article.")
    lang = serializers.ChoiceField(list(languages.TAGS))
    version = serializers.IntegerField(min_value=1)
    what = Text()
    severity = serializers.ChoiceField(Harm.choices)
    reported_at = serializers.DateTimeField()
    state = serializers.ChoiceField(["open", "closed"])
    closed_at = serializers.DateTimeField(allow_null=True)
    answer = Text(allow_blank=True, help_text="What we say to it; empty while it is open.")


class Reports(Shape):
    """What your organisation reported of an article, the newest first."""

    results = Report(many=True)


class ProblemError(Shape):
    """Which input was wrong."""

    parameter = Text()
    detail = Text()
    nearest = Text(required=False)


class Problem(serializers.Serializer[Any]):
    """RFC 9457 problem details; a recall also has `severity`, `instruction` and `replacement`."""

    type = Text()
    title = Text()
    status = serializers.IntegerField()
    detail = Text()
    code = Text(help_text="Stable.")
    errors = ProblemError(many=True)  # type: ignore[assignment] # a field of the contract; DRF's own `errors` is a property
    nearest = Text(required=False)
    id = serializers.UUIDField(required=False)
    lang = Text(required=False)
    available_languages = serializers.ListField(child=Text(), required=False)
    since = Text(required=False)
    reason = Text(required=False)
    restart = Text(required=False)
    severity = Text(required=False, help_text="Of a recall: how much it matters.")
    instruction = Text(required=False, help_text="Of a recall: what to do beside removing it.")
    replacement = serializers.UUIDField(
        required=False, allow_null=True, help_text="Of a recall: the `id` of an article to show in its place."
    )


class ProblemType(Shape):
    """What a problem means."""

    type = Text()
    code = Text()
    title = Text()
    status = serializers.IntegerField()
    meaning = Text()
