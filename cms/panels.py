"""Panels of our own in Wagtail's edit forms."""

from wagtail.admin.panels import Panel


class ReadersPanel(Panel):
    """What readers get, a row a language; the same table as on a page of its own."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "cms/panels/readers.html"

        def is_shown(self) -> bool:
            return bool(self.instance.pk)
