"""The tables of the editors' side: subjects of review, and the evidence of what was decided about them."""

from cms.models.advice import Notice, SafetyAdvice
from cms.models.contacts import HelpContact
from cms.models.evidence import (
    Approval,
    Closure,
    Contribution,
    DueRendering,
    NoticePosting,
    Origin,
    Release,
    SourceChange,
    Submission,
    signature,
)
from cms.models.pages import Article, ArticleAdvice, ArticleReference, ArticleTerm, Collection, Library, RelatedArticle
from cms.models.translated import TargetColumnsNotWritable, TranslatedModel
from cms.models.vocabulary import Term

__all__ = [
    "Approval",
    "Article",
    "ArticleAdvice",
    "ArticleReference",
    "ArticleTerm",
    "Closure",
    "Collection",
    "Contribution",
    "DueRendering",
    "HelpContact",
    "Library",
    "Notice",
    "NoticePosting",
    "Origin",
    "RelatedArticle",
    "Release",
    "SafetyAdvice",
    "SourceChange",
    "Submission",
    "TargetColumnsNotWritable",
    "Term",
    "TranslatedModel",
    "signature",
]
