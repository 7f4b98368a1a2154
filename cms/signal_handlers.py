"""Signals of Wagtail and of the API, each handled by one call. A receiver takes the page's pk, locks it and reads it again."""

from typing import Any

from django.dispatch import receiver
from wagtail.log_actions import get_active_log_context
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from cms import closing, releasing, reports
from cms.models import Article, Collection


@receiver(page_published)
def release_source(sender: Any, instance: Any, **kwargs: Any) -> None:
    """A publish releases the source. With `live` false something was only scheduled."""
    if issubclass(sender, Article) and instance.live:
        article = Article.objects.filter(pk=instance.pk).for_update().get()
        releasing.release(
            article,
            by=_publisher(kwargs.get("revision")),
            change_severity=article.change_severity,
            harm=article.change_harm,
            note=article.change_note,
        )
        Article.objects.filter(pk=instance.pk).update(change_severity="", change_harm="", change_note="")


@receiver(page_published)
def place_under_new_topic(sender: Any, instance: Any, **kwargs: Any) -> None:
    """A collection's title is the label of its topic, which is in the documents of its articles."""
    if issubclass(sender, Collection):
        place_anew(sender, instance)


@receiver(page_unpublished)
def withdraw_page(sender: Any, instance: Any, **kwargs: Any) -> None:
    """Unpublished, expired or (then `live` is still true) deleted."""
    if issubclass(sender, Article):
        closing.withdraw_page(instance, by=_acting_user(), reason="expired" if instance.expired else "unpublished")


@receiver(post_page_move)
def place_anew(sender: Any, instance: Any, **kwargs: Any) -> None:
    """A move publishes nothing, but documents name the collection."""
    for article in Article.objects.descendant_of(
        instance.page_ptr if isinstance(instance, Article) else instance, inclusive=True
    ).for_update():
        releasing.place_anew(article, by=_acting_user())


@receiver(page_slug_changed)
def place_under_new_slug(sender: Any, instance: Any, **kwargs: Any) -> None:
    """A collection's slug is in the documents of its articles; an article's own goes out with its release."""
    if not isinstance(instance, Article):
        place_anew(sender, instance)


@receiver(reports.filed)
def tell_of_mistake(sender: Any, report: reports.Report, **kwargs: Any) -> None:
    """A partner reported a mistake in a text."""
    reports.tell_safety_leads(report)


def _publisher(revision: Any) -> Any:
    return _acting_user() or (revision.user if revision is not None else None)


def _acting_user() -> Any:
    """Who is signed in to the admin, while a request of theirs runs."""
    return get_active_log_context().user
