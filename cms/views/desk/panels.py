"""What stands at the desk's side, in Wagtail's own side panels: comments, and the text as a reader will see it."""

from typing import Any

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.side_panels import BaseSidePanel

from cms.models import TranslatedModel


class CommentsPanel(BaseSidePanel):
    """Remarks and questions by segment. `threads` is what `cms.views.desk.comments.context` gives."""

    class SidePanelToggle(BaseSidePanel.SidePanelToggle):
        aria_label = _("Toggle comments")
        icon_name = "comment"

        def get_context_data(self, parent_context: Any) -> dict[str, Any]:
            return {**super().get_context_data(parent_context), "count": self.panel.threads["open_comments"]}

    name = "mainstay-comments"
    title = _("Comments")
    template_name = "cms/desk/comments_panel.html"
    order = 100

    def __init__(self, subject: TranslatedModel, request: HttpRequest, *, threads: dict[str, Any]) -> None:
        super().__init__(subject, request)
        self.threads = threads

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        return {**super().get_context_data(parent_context), **self.threads, "csrf_token": get_token(self.request)}


class PreviewPanel(BaseSidePanel):
    """The saved text as a reader will see it, loaded when the panel is opened."""

    class SidePanelToggle(BaseSidePanel.SidePanelToggle):
        aria_label = _("Toggle preview")
        icon_name = "mobile-alt"
        has_counter = False

    name = "mainstay-preview"
    title = _("Preview")
    template_name = "cms/desk/preview_panel.html"
    order = 200

    def __init__(self, subject: TranslatedModel, request: HttpRequest, *, url: str) -> None:
        super().__init__(subject, request)
        self.url = url

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        return {**super().get_context_data(parent_context), "preview_url": self.url}
