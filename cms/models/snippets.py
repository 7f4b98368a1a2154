"""What the subjects that are not pages share: their source lives in the row, so each save of it is a contribution."""

from typing import Any

from django.db import transaction
from wagtail.log_actions import get_active_log_context

from cms import languages
from cms.models.evidence import Contribution
from cms.models.translated import TranslatedModel


class TranslatedSnippet(TranslatedModel):
    """A snippet with translated texts. Whoever is signed in to the admin while it is saved wrote what changed."""

    class Meta:
        abstract = True

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        before = type(self)._default_manager.filter(pk=self.pk).first() if self.pk else None
        super().save(*args, **kwargs)
        Contribution.record(
            self,
            languages.SOURCE,
            by=get_active_log_context().user,
            from_digest=before.source_digest() if before else "",
            to_digest=self.source_digest(),
        )
