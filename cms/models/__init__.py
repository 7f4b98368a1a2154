"""The tables of the editors' side: subjects of review, and the evidence of what was decided about them."""

from cms.models.advice import Notice, SafetyAdvice
from cms.models.contacts import HelpContact
from cms.models.desk import Comment, CommentTurn, Confirmation, Launch, LaunchItem, Override, Version
from cms.models.evidence import (
    Approval,
    Closure,
    Contribution,
    DueRendering,
    Lapse,
    NoticePosting,
    Origin,
    Release,
    Review,
    SourceChange,
    Submission,
    signature,
)
from cms.models.pages import Article, Collection, Library
from cms.models.people import Assignment, DailyMail, Mail, Profile
from cms.models.relations import ArticleAdvice, ArticleReference, ArticleTerm, RelatedArticle
from cms.models.service import Difference, JobRun
from cms.models.translated import TargetColumnsNotWritable, TranslatedModel
from cms.models.vocabulary import Term

__all__ = [
    "Approval",
    "Article",
    "ArticleAdvice",
    "ArticleReference",
    "ArticleTerm",
    "Assignment",
    "Closure",
    "Collection",
    "Comment",
    "CommentTurn",
    "Confirmation",
    "Contribution",
    "DailyMail",
    "Difference",
    "DueRendering",
    "HelpContact",
    "JobRun",
    "Lapse",
    "Launch",
    "LaunchItem",
    "Library",
    "Mail",
    "Notice",
    "NoticePosting",
    "Origin",
    "Override",
    "Profile",
    "RelatedArticle",
    "Release",
    "Review",
    "SafetyAdvice",
    "SourceChange",
    "Submission",
    "TargetColumnsNotWritable",
    "Term",
    "TranslatedModel",
    "Version",
    "signature",
]
