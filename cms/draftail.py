"""Wagtail's rich text editor, which fails with a server error when it is sent what no editor sends."""

from typing import Any

from django.core.exceptions import BadRequest
from wagtail.admin.rich_text import DraftailRichTextArea

#: What reading it raises then: it is no JSON, or JSON of another shape, or nested without end.
UNREADABLE = (ValueError, TypeError, LookupError, AttributeError, RecursionError)


class Draftail(DraftailRichTextArea):
    """Draftail that answers 400 to what is no rich text; nothing of the form is stored."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        try:
            return super().value_from_datadict(data, files, name)
        except UNREADABLE as error:
            raise BadRequest(f"{name} is not what the editor sends") from error
