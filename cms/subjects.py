"""The kinds of subject that are translated and reviewed, by the name that URLs and evidence use."""

from uuid import UUID

from django.http import Http404

from cms.models import Article, HelpContact, Notice, SafetyAdvice, Term, TranslatedModel

MODELS: dict[str, type[TranslatedModel]] = {model.kind: model for model in (Article, Term, SafetyAdvice, Notice, HelpContact)}


def get(kind: str, public_id: UUID) -> TranslatedModel:
    """The subject; Http404 for an unknown kind or id."""
    model = MODELS.get(kind)
    subject = model._default_manager.filter(public_id=public_id).first() if model else None
    if subject is None:
        raise Http404(f"There is no {kind} {public_id}.")
    return subject
