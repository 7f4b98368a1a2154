"""What is reviewed, and against what: the newest source, the digests that a screen posts back, and the locked row."""

from typing import Any

from cms import languages, segments
from cms.models import Article, TranslatedModel
from cms.serving import Decisions


def shown_digest(subject: TranslatedModel, language: str) -> str:
    """What a reviewer's screen posts back: the digest of the text shown and, for a source, of its facts."""
    text = segments.text_digest(subject.texts_in(language))
    return f"{text}.{segments.digest(subject.facts())}" if language == languages.SOURCE else text


def lock(subject: TranslatedModel) -> TranslatedModel:
    """The subject as it is now, its row (an article's two) locked until the transaction ends."""
    if isinstance(subject, Article):
        article: Article = Article.objects.filter(pk=subject.pk).for_update().get()
        return article
    return type(subject)._default_manager.select_for_update().get(pk=subject.pk)


def source_of(subject: TranslatedModel) -> TranslatedModel:
    """The newest source as its editor wrote it: an article's latest revision, a snippet's row."""
    return subject.get_latest_revision_as_object() if isinstance(subject, Article) else subject


def source_texts(subject: TranslatedModel, decisions: Decisions) -> tuple[dict[str, str], str]:
    """What a translation is made and approved against: the newest source that was released or signed off.

    Its texts by key and their digest; the row as it is when neither has happened yet.
    """
    rows: list[Any] = [*decisions.releases]
    rows += [approval for approval in decisions.approvals if approval.language == languages.SOURCE and not approval.revoked_at]
    newest = max(rows, key=lambda row: row.at, default=None)
    if newest is not None:
        return newest.texts, newest.text_digest
    texts = source_of(subject).texts_in(languages.SOURCE)
    return texts, segments.text_digest(texts)
