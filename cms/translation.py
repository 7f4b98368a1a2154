"""Which fields are translated. Only our own: a registered field of Wagtail's `Page` would patch Wagtail's tables."""

from modeltranslation.translator import TranslationOptions, register

from cms import languages
from cms.models import Article, HelpContact, Notice, SafetyAdvice, Term


class SourceRequired(TranslationOptions):
    """Only the source is required; a translation may be missing, and readers are told so."""

    required_languages = (languages.code(languages.SOURCE),)


@register(Article)
class ArticleTranslation(SourceRequired):
    fields = ("headline", "summary", "body", "meta_title", "meta_description")


@register(Term)
class TermTranslation(SourceRequired):
    fields = ("label", "description", "preferred_terms", "forbidden_terms")


@register(SafetyAdvice)
class SafetyAdviceTranslation(SourceRequired):
    fields = ("heading", "text")


@register(Notice)
class NoticeTranslation(SourceRequired):
    fields = ("text",)


@register(HelpContact)
class HelpContactTranslation(SourceRequired):
    fields = ("name",)
