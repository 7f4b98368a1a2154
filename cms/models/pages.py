"""The library as a tree of pages: library → collections → articles."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    HelpPanel,
    InlinePanel,
    MultiFieldPanel,
    MultipleChooserPanel,
    ObjectList,
    TabbedInterface,
    TitleFieldPanel,
)
from wagtail.admin.widgets import AdminAutoHeightTextInput
from wagtail.fields import StreamField
from wagtail.models import Page, PageManager, Revision
from wagtail.query import PageQuerySet
from wagtail.search import index

from cms import blocks, languages, segments
from cms.forms import ArticleForm, CopyWithoutPublishingForm
from cms.models import validators
from cms.models.evidence import Contribution, Release, SourceChange
from cms.models.translated import TranslatedModel
from cms.panels import EffectsPanel, ReadersPanel, ReadersTab
from cms.segments import Segment

DEFAULT_LICENCE = "https://creativecommons.org/licenses/by/4.0/"


class LibraryTreePage(Page):
    """What every page of the tree shares: no public Wagtail view, no copies that go live."""

    copy_form_class = CopyWithoutPublishingForm
    private_page_options: list[str] = []
    show_in_menus_default = False

    class Meta:
        abstract = True


class Library(LibraryTreePage):
    """The root of the content."""

    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["cms.Collection"]
    max_count = 1
    promote_panels: list[Any] = []

    class Meta:
        verbose_name = _("library")


class Collection(LibraryTreePage):
    """A shelf of the library. Its title in every language is the label of its topic."""

    topic = models.ForeignKey(
        "cms.Term",
        verbose_name=_("topic"),
        on_delete=models.PROTECT,
        related_name="collections",
        help_text=_("Its label is what readers see as the collection's title, in each language."),
    )

    parent_page_types = ["cms.Library"]
    subpage_types = ["cms.Article"]
    content_panels = [*Page.content_panels, FieldPanel("topic")]
    promote_panels = [FieldPanel("slug")]

    class Meta:
        verbose_name = _("collection")


class ArticleQuerySet(PageQuerySet):
    """Articles as publishing reads them."""

    def for_update(self) -> "ArticleQuerySet":
        """Lock both rows of each article, ascending by pk: the order in which everybody locks them."""
        locked: ArticleQuerySet = self.select_for_update(of=("self", "page_ptr")).order_by("pk")
        return locked


class Article(TranslatedModel, LibraryTreePage):
    """One article. Its source and facts live in revisions; its translations in columns that only the desk writes."""

    class Audience(models.TextChoices):
        ADULTS = "adults", _("Adults")
        YOUNG_PEOPLE = "young-people", _("Young people")
        FAMILIES = "families", _("Families and friends")
        PROFESSIONALS = "professionals", _("Professionals")

    class Risk(models.TextChoices):
        STANDARD = "standard", _("Standard")
        HIGH = "high", _("High: somebody may come to harm by acting on it")

    class Severity(models.TextChoices):
        MINOR = "minor", _("Minor: the meaning is the same; translations stay current")
        SUBSTANTIVE = "substantive", _("Substantive: translations stay served, marked as outdated")
        SAFETY = "safety", _("Safety: translations get a notice, or are held")

    class Harm(models.TextChoices):
        YES = "yes", _("Yes: stop showing the old translations")
        NO = "no", _("No: put a notice above them")

    kind = "article"
    text_fields = {"headline": False, "summary": False, "meta_title": False, "meta_description": False}

    headline = models.CharField(_("headline"), max_length=200)
    summary = models.TextField(_("summary"), max_length=500, help_text=_("One or two sentences; partners show it in lists."))
    body = StreamField(blocks.BodyBlock(), verbose_name=_("body"))
    meta_title = models.CharField(_("title for search engines"), max_length=70, blank=True)
    meta_description = models.CharField(_("description for search engines"), max_length=170, blank=True)

    audience = models.CharField(_("audience"), max_length=20, choices=Audience.choices, default=Audience.ADULTS)
    risk = models.CharField(_("risk"), max_length=10, choices=Risk.choices, default=Risk.HIGH)
    help_contact_kinds = models.JSONField(_("help contacts"), default=list, blank=True)
    reviewed_on = models.DateField(_("reviewed on"), null=True, blank=True)
    review_due_on = models.DateField(_("next review due on"), null=True, blank=True)
    licence = models.URLField(_("licence"), default=DEFAULT_LICENCE, validators=[validators.web_address])
    sample = models.BooleanField(
        _("sample text"), default=False, help_text=_("Readers are told, above the text, that no health professional has checked it.")
    )

    change_severity = models.CharField(_("how much does it change?"), max_length=12, choices=Severity.choices, blank=True)
    change_harm = models.CharField(
        _("could somebody come to harm by following the old text?"), max_length=3, choices=Harm.choices, blank=True
    )
    change_note = models.CharField(_("what changed"), max_length=300, blank=True, help_text=_("In English, for translators and partners."))

    objects = PageManager.from_queryset(ArticleQuerySet)()

    base_form_class = ArticleForm
    parent_page_types = ["cms.Collection"]
    subpage_types: list[str] = []
    exclude_fields_in_copy = ["public_id", "change_severity", "change_harm", "change_note"]

    content_panels = [
        TitleFieldPanel("headline_en", targets=["slug"], required_on_save=True, heading=_("Headline")),
        FieldPanel("summary_en", widget=AdminAutoHeightTextInput, heading=_("Summary")),
        MultipleChooserPanel("advice", chooser_field_name="advice", heading=_("Safety advice"), label=_("advice")),
        FieldPanel("body_en", heading=_("Body")),
        InlinePanel("references", heading=_("References"), label=_("reference")),
        FieldPanel("translator_note", widget=AdminAutoHeightTextInput),
        MultiFieldPanel(
            [
                HelpPanel(content=_("Asked when a text that readers already have is replaced. Translations follow from the answer.")),
                FieldPanel("change_severity"),
                FieldPanel("change_harm"),
                EffectsPanel(),
                FieldPanel("change_note"),
            ],
            heading=_("This change"),
            icon="history",
        ),
    ]
    facts_panels = [
        MultipleChooserPanel("terms", chooser_field_name="term", heading=_("Vocabulary"), label=_("term")),
        FieldPanel("audience"),
        FieldPanel("risk"),
        FieldPanel("help_contact_kinds"),
        MultipleChooserPanel("related", chooser_field_name="article", heading=_("Related articles"), label=_("article")),
        MultiFieldPanel([FieldPanel("reviewed_on"), FieldPanel("review_due_on")], heading=_("Review")),
        FieldPanel("licence"),
        FieldPanel("sample"),
    ]
    promote_panels = [
        FieldPanel("slug"),
        FieldPanel("meta_title_en", heading=_("Title for search engines")),
        FieldPanel("meta_description_en", heading=_("Description for search engines")),
    ]
    edit_handler = TabbedInterface(
        [
            ObjectList(content_panels, heading=_("Text")),
            ObjectList(facts_panels, heading=_("Facts")),
            ObjectList(promote_panels, heading=_("Promote")),
            ObjectList(Page.settings_panels, heading=_("Settings")),
            ReadersTab([ReadersPanel(heading=_("What readers get"))], heading=_("Readers and translations")),
        ]
    )
    preview_modes = [(tag, languages.own_name(tag)) for tag in languages.TAGS]

    search_fields = [
        *Page.search_fields,
        *[index.SearchField(languages.column(field, tag)) for field in ("headline", "summary", "body") for tag in languages.TAGS],
        *[index.AutocompleteField(languages.column("headline", tag)) for tag in languages.TAGS],
        index.FilterField("public_id"),
    ]

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        permissions = [
            ("translate", "Can write translations"),
            ("assign", "Can assign translations"),
            ("approve_translation", "Can approve translations"),
            ("sign_off", "Can sign off sources"),
            ("close", "Can pause, retire, recall and bring back"),
            ("post_notice", "Can put notices above texts"),
            ("release_together", "Can put approved texts live together, or at a time"),
            ("raise_severity", "Can raise the severity of a source change"),
            ("break_glass", "Can approve alone in an emergency, with a reason"),
        ]

    # -- the text and the facts ------------------------------------------------------------------------------------

    def segments_in(self, tag: str) -> Iterable[Segment]:
        yield from super().segments_in(tag)
        yield from segments.body_segments(blocks.raw(languages.read(self, "body", tag)))

    def structure(self) -> segments.RawBody:
        return segments.structure(blocks.raw(languages.read(self, "body", languages.SOURCE)))

    def notes(self) -> dict[str, str]:
        return {**super().notes(), **segments.notes(blocks.raw(languages.read(self, "body", languages.SOURCE)))}

    def facts(self) -> dict[str, Any]:
        return {
            "audience": self.audience,
            "risk": self.risk,
            "licence": self.licence,
            "sample": self.sample,
            "reviewed_on": self.reviewed_on.isoformat() if self.reviewed_on else None,
            "review_due_on": self.review_due_on.isoformat() if self.review_due_on else None,
            "help_contact_kinds": list(self.help_contact_kinds or []),
            "terms": [str(row.term.public_id) for row in self.terms.all()],
            "advice": [str(row.advice.public_id) for row in self.advice.all()],
            "related": [str(row.article.public_id) for row in self.related.all()],
            "references": [row.as_fact() for row in self.references.all()],
            "image_hashes": {str(image.pk): image.get_file_hash() for image in self.images()},
            "structure": self.structure(),
        }

    def placement(self) -> dict[str, Any]:
        collection = self.get_parent().specific
        return {"slug": self.slug, "collection": {"slug": collection.slug, "topic": str(collection.topic.public_id)}}

    def images(self) -> list[Any]:
        """The images of the source body, each once."""
        found: dict[int, Any] = {}
        for section in languages.read(self, "body", languages.SOURCE) or []:
            for block in section.value["blocks"]:
                if block.block_type == "image" and block.value["image"]:
                    found[block.value["image"].pk] = block.value["image"]
        return list(found.values())

    def image_facts(self) -> dict[str, Any]:
        """Where each image of the body is, its size, and the hash of its file, by id."""
        return {
            str(image.pk): {
                "id": image.pk,
                "url": f"{settings.BASE_URL}{image.file.url}",
                "width": image.width,
                "height": image.height,
                "file_hash": image.get_file_hash(),
            }
            for image in self.images()
        }

    def linked_articles(self) -> dict[str, str]:
        """The articles that the source text links to: page id → public id."""
        pages = {int(page_id) for text in self.texts_in(languages.SOURCE).values() for page_id in segments.page_ids(text)}
        return {str(article.pk): str(article.public_id) for article in Article.objects.filter(pk__in=pages)}

    def live_release(self) -> Release | None:
        """The released source that the partners' document shows now; None before the first one."""
        change = (
            SourceChange.objects.filter(subject_id=self.public_id, raises__isnull=True).select_related("release").order_by("-at").first()
        )
        return change.release if change else None

    def target_update(self, tag: str, texts: Mapping[str, str], source_structure: segments.RawBody) -> dict[str, Any]:
        body = segments.well_formed_body(segments.with_texts(source_structure, texts))
        return {**super().target_update(tag, texts, source_structure), languages.column("body", tag): self.as_body(body)}

    @classmethod
    def as_body(cls, stored: segments.RawBody) -> Any:
        """A stored body as its field holds it."""
        field: Any = cls._meta.get_field(languages.column("body", languages.SOURCE))
        return field.stream_block.to_python(stored)

    # -- revisions hold the source, the row holds the translations ---------------------------------------------------

    def serializable_data(self) -> dict[str, Any]:
        data: dict[str, Any] = super().serializable_data()
        for name in (*self.target_columns(), *self.translated_fields()):
            data.pop(name, None)
        return data

    def with_content_json(self, content: dict[str, Any]) -> "Article":
        kept = {key: value for key, value in content.items() if key not in self.target_columns() and key not in self.translated_fields()}
        article: Article = super().with_content_json(kept)
        for name in self.target_columns():
            setattr(article, name, getattr(self, name))
        article.public_id = self.public_id
        return article

    @transaction.atomic
    def save_revision(self, *args: Any, user: Any = None, **kwargs: Any) -> Revision:
        """Save a revision, and record who contributed when its text differs from the one before."""
        latest = (
            Revision.objects.filter(pk__in=Article.objects.filter(pk=self.pk).values("latest_revision_id")).first() if self.pk else None
        )
        before = latest.as_object() if latest else None
        revision: Revision = super().save_revision(*args, user=user, **kwargs)
        Contribution.record(
            self,
            languages.SOURCE,
            by=user,
            from_digest=before.source_digest() if before else "",
            to_digest=self.source_digest(),
        )
        return revision

    # -- validation --------------------------------------------------------------------------------------------------

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        self._follow_headline()
        super().full_clean(*args, **kwargs)

    def minimal_clean(self) -> None:
        self._follow_headline()
        super().minimal_clean()

    def _follow_headline(self) -> None:
        headline = languages.read(self, "headline", languages.SOURCE)
        if headline:
            self.title = headline

    @staticmethod
    def _slug_is_available(slug: str, parent_page: Page, page: Page | None = None) -> bool:
        """A slug names one article in the whole library: partners ask for articles by it."""
        if not Page._slug_is_available(slug, parent_page, page):
            return False
        others = Article.objects.filter(slug=slug)
        return not (others.exclude(pk=page.pk) if page and page.pk else others).exists()

    def _check_slug_is_unique(self) -> None:
        """Wagtail's own words name a parent page; here the slug may stand in another collection."""
        if not self._slug_is_available(self.slug, self.get_parent(), self):
            raise ValidationError({"slug": gettext("Another article has the slug “%(slug)s”.") % {"slug": self.slug}})

    def clean(self) -> None:
        super().clean()
        errors: dict[str, list[str]] = {}
        if self.reviewed_on and self.reviewed_on > timezone.localdate():
            errors["reviewed_on"] = [gettext("This day has not come yet.")]
        if self.reviewed_on and self.review_due_on and self.review_due_on <= self.reviewed_on:
            errors["review_due_on"] = [gettext("The next review is not after the last one.")]
        if errors:
            raise ValidationError(errors)

    # -- publishing is one transaction -------------------------------------------------------------------------------

    @transaction.atomic
    def publish(self, *args: Any, **kwargs: Any) -> Any:
        Article.objects.filter(pk=self.pk).for_update().first()
        return super().publish(*args, **kwargs)

    @transaction.atomic
    def unpublish(self, *args: Any, **kwargs: Any) -> Any:
        Article.objects.filter(pk=self.pk).for_update().first()
        return super().unpublish(*args, **kwargs)

    @transaction.atomic
    def delete(self, *args: Any, **kwargs: Any) -> Any:
        return super().delete(*args, **kwargs)

    def get_preview_template(self, request: Any, mode_name: str) -> str:
        return "cms/preview.html"

    def get_preview_context(self, request: Any, mode_name: str) -> dict[str, Any]:
        return {**super().get_preview_context(request, mode_name), "article": self, "tag": mode_name or languages.SOURCE}
