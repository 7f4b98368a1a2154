"""Which fields are translated. Only our own: a registered field of Wagtail's `Page` would patch Wagtail's tables."""

from typing import Any

from modeltranslation.translator import TranslationOptions, register, translator

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


# Screens show the source under the field's own name; "label [en]" is modeltranslation's.
for _model in (Article, Term, SafetyAdvice, Notice, HelpContact):
    for _name in translator.get_options_for_model(_model).all_fields:
        _source: Any = _model._meta.get_field(languages.column(_name, languages.SOURCE))
        _bare: Any = _model._meta.get_field(_name)
        _source.verbose_name = _bare.verbose_name
