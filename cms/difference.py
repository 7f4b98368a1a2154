"""The difference of two texts, word by word, as HTML: Wagtail's own marks, for our screens."""

from wagtail.admin.compare import TextDiff, diff_text

from cms import rendering


def between(before: str, after: str) -> str:
    """The words of both texts, what was added and what was taken away marked; safe HTML."""
    difference: TextDiff = diff_text(rendering.worded(before), rendering.worded(after))
    return str(difference.to_html())
