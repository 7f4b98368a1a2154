"""What hangs on an article, in the order that its editor gave: terms, safety advice, further articles, references."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel
from wagtail.models import Orderable

from cms import languages
from cms.models import validators
from cms.models.pages import Article


class ArticleTerm(Orderable):
    """A term of the vocabulary that an article is about."""

    page = ParentalKey(Article, on_delete=models.CASCADE, related_name="terms")
    term = models.ForeignKey("cms.Term", verbose_name=_("term"), on_delete=models.PROTECT, related_name="article_terms")

    panels = [FieldPanel("term")]


class ArticleAdvice(Orderable):
    """Safety advice that is shown before an article's text."""

    page = ParentalKey(Article, on_delete=models.CASCADE, related_name="advice")
    advice = models.ForeignKey("cms.SafetyAdvice", verbose_name=_("advice"), on_delete=models.PROTECT, related_name="article_advice")

    panels = [FieldPanel("advice")]


class RelatedArticle(Orderable):
    """Another article that a reader may want next."""

    page = ParentalKey(Article, on_delete=models.CASCADE, related_name="related")
    article = models.ForeignKey(Article, verbose_name=_("article"), on_delete=models.CASCADE, related_name="related_from")

    panels = [FieldPanel("article")]


class ArticleReference(Orderable):
    """A source that an article rests on, in its own language."""

    page = ParentalKey(Article, on_delete=models.CASCADE, related_name="references")
    title = models.CharField(_("title"), max_length=250)
    publisher = models.CharField(_("publisher"), max_length=150)
    url = models.URLField(_("address"), validators=[validators.web_address])
    lang = models.CharField(
        _("language"),
        max_length=12,
        default=languages.SOURCE,
        validators=[validators.language_tag],
        help_text=_("BCP 47 tag of the source, such as en."),
    )

    panels = [FieldPanel("title"), FieldPanel("publisher"), FieldPanel("url"), FieldPanel("lang")]

    def as_fact(self) -> dict[str, str]:
        """The reference as a document shows it."""
        return {"title": self.title, "publisher": self.publisher, "url": self.url, "lang": self.lang}
