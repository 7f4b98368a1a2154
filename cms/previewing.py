"""A preview: the working text of a language as a reader would see it, put together by the same renderer as a document.

What is not approved yet is shown as it stands, because a preview is for the people who write and check; nothing of it is stored.
"""

from typing import Any
from uuid import UUID

from cms import languages, rendering, subjects
from cms.models import Article, Release
from cms.resolving import NotShowable, Resolver
from cms.serving import Served


class WorkingResolver(Resolver):
    """Reads approved labels and advice where there are any, and the working text where there are none."""

    def served(self, subject_id: UUID, language: str) -> Served | None:
        return super().served(subject_id, language) or _working(subject_id, language)


class NotPreviewable(LookupError):
    """Something without which no article is shown does not exist at all, in any state."""


def content(article: Article, language: str) -> dict[str, Any]:
    """The content of a document made of the working text; NotPreviewable when even that cannot be put together."""
    texts = {"headline": languages.read(article, "headline", language) or "", **article.texts_in(language)}
    facts, placement = article.facts(), article.placement()
    images, links = article.image_facts(), article.linked_articles()
    release = Release(texts=texts, facts=facts, placement=placement, images=images, links=links)
    served = Served(release=release, texts=texts, approval=None)
    try:
        shown = WorkingResolver().shown(public_id=article.public_id, release=release, placement=placement, language=language, served=served)
    except NotShowable as lacking:
        raise NotPreviewable(str(lacking)) from lacking
    return rendering.article(
        public_id=article.public_id,
        language=language,
        texts=texts,
        facts=facts,
        placement=placement,
        images=images,
        links=links,
        translation=rendering.Translation(origin="source" if language == languages.SOURCE else "human"),
        review=None,
        shown=shown,
    )


def _working(subject_id: UUID, language: str) -> Served | None:
    for model in subjects.MODELS.values():
        row = model._default_manager.filter(public_id=subject_id).first()
        texts = row.texts_in(language) if row else {}
        if row and len(texts) >= 1:
            return Served(
                release=Release(texts=texts, facts=row.facts()), texts={**dict.fromkeys(row.text_fields, ""), **texts}, approval=None
            )
    return None
