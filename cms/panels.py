"""Panels of our own in Wagtail's edit forms."""

from typing import Any

from django.forms import Media
from django.urls import reverse
from wagtail.admin.panels import ObjectList, Panel


class ReadersPanel(Panel):
    """What readers get, a row a language; the same table as on a page of its own."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "cms/panels/readers.html"

        def is_shown(self) -> bool:
            return bool(self.instance.pk)


class ReadersTab(ObjectList):
    """Its address does not depend on the language of whoever opened the first editor: Wagtail makes it from the heading, once."""

    clean_name = "readers_and_translations"


class EffectsPanel(Panel):
    """What the answers above it would do to each language, asked of the server whenever one of them changes."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "cms/panels/effects.html"

        def is_shown(self) -> bool:
            return bool(self.instance.pk)

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            url = reverse("mainstay:effects", args=[self.instance.public_id])
            context: dict[str, Any] = super().get_context_data(parent_context)
            return context | {"url": url, "answers": ["change_severity", "change_harm"]}

        @property
        def media(self) -> Media:
            return Media(js=["cms/effects.js"])
