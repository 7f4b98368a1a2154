"""The explorer of a collection: what readers get of each article, language by language, where Wagtail shows a bare “Live”."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import BaseColumn
from wagtail.admin.views.pages.listing import ExplorableIndexView
from wagtail.admin.viewsets.pages import PageViewSet

from cms import coverage, languages
from cms.coverage import Cell
from cms.models import Article, Collection


class LanguagesColumn(BaseColumn):
    """A mark a language. The view gives each page its `served_cells`; a page that is no article has none."""

    cell_template_name = "cms/explorer/languages_cell.html"

    def get_cell_context_data(self, instance: Any, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        return context | {"cells": instance.served_cells}


class CollectionIndexView(ExplorableIndexView):
    """The articles of a collection."""

    @cached_property
    def explorable_columns(self) -> list[Any]:
        columns = [column for column in super().explorable_columns if column.name not in ("type", "status")]
        return [*columns[:-1], LanguagesColumn("languages", label=_("Readers get"), width="40%"), columns[-1]]

    def get_table(self, object_list: Any) -> Any:
        cells = _cells([page.pk for page in object_list])
        for page in object_list:
            page.served_cells = cells.get(page.pk, [])
        return super().get_table(object_list)


class ArticleViewSet(PageViewSet):
    """Wagtail's views of an article, with an explorer of our own for what lists articles."""

    model = Article
    parent_models = [Collection]
    index_view_class = CollectionIndexView


def _cells(page_ids: list[int]) -> dict[int, list[tuple[Cell, str]]]:
    articles = dict(Article.objects.filter(pk__in=page_ids).values_list("pk", "public_id"))
    found = coverage.of_articles(articles.values())
    return {pk: list(_linked(public_id, found[public_id])) for pk, public_id in articles.items()}


def _linked(public_id: Any, cells: tuple[Cell, ...]) -> Iterator[tuple[Cell, str]]:
    for cell in cells:
        if cell.language.tag == languages.SOURCE:
            yield cell, reverse("mainstay:readers", args=[Article.kind, public_id])
        else:
            yield cell, reverse("mainstay:translate", args=[Article.kind, public_id, cell.language.tag])
