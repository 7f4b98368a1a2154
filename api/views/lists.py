"""Lists: articles and their search, terms, help contacts."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.http import HttpResponse
from rest_framework.request import Request

from api import (
    addresses,
    answers,
    canonical,
    coverage,
    exclusions,
    filters,
    known_codes,
    lists,
    negotiation,
    parameters,
    representations,
    responses,
    search,
    verification,
)
from api.models import Document, Kind
from api.parts import Vocabulary
from api.reading import Read


class List(Read):
    """One page of the documents of a kind."""

    kind: ClassVar[Kind]
    orders: ClassVar[Mapping[str, lists.Order]]
    default_order: ClassVar[str]
    remembers = True

    def get(self, request: Request) -> HttpResponse:
        asked = self.languages_asked()
        rows = lists.served(kind=self.kind, chain=asked.chain, offered=exclusions.offered(self.excluded)).filter(self.narrowed())
        if not representations.names_long_parts(self.values.get("fields", ())):
            rows = rows.entries()
        page = self.page(rows, asked)
        self.head = page.head
        return self.respond(request, page, asked)

    def page(self, rows: Any, asked: negotiation.Asked, *, order: str = "", counted_in: Any = None) -> lists.Page:
        """The page of the rows that is asked for."""
        scope = {name: value for name, value in self.values.items() if name not in ("limit", "cursor", "lang", "fallback", "fields")}
        return lists.page(
            rows,
            order=self.orders[order or self.values.get("order", self.default_order)],
            scope=[self.kind, asked.chain, {name: str(value) for name, value in scope.items()}, filters.samples_shown(scope.get("sample"))],
            cursor=self.values.get("cursor"),
            limit=self.values.get("limit", 20),
            counted_in=counted_in,
        )

    def narrowed(self) -> Any:
        """What the filters leave, and the samples' rule."""
        return filters.narrowed(self.parameters, self.values) & filters.samples(self.values.get("sample"))

    def items(self, rows: list[Document], asked: negotiation.Asked) -> list[str]:
        """The rows as they stand in the list, each as JSON text."""
        fields = self.values.get("fields", ())
        return [representations.list_item(row, requested=asked.language, fields=fields) for row in rows]

    def respond(self, request: Request, page: lists.Page, asked: negotiation.Asked) -> HttpResponse:
        """The page, with absolute links to those beside it."""
        links = {"next": self._link(page.next, asked), "previous": self._link(page.previous, asked)}
        members = canonical.dumps({"count": page.count, "count_exact": page.count_exact, **links})
        return responses.answer(
            request,
            representations.with_member(members, "results", f"[{','.join(self.items(page.rows, asked))}]"),
            languages=[tag for tag in asked.chain if any(row.language == tag for row in page.rows)] or [asked.language],
            surrogate_keys=[f"list:{tag}" for tag in asked.chain],
            negotiated=asked.negotiated,
            links={"next": links["next"], "prev": links["previous"]},
        )

    def _link(self, cursor: str | None, asked: negotiation.Asked) -> str | None:
        if cursor is None:
            return None
        query = self.query(without="cursor")
        if asked.negotiated:
            query["lang"] = asked.language
        return addresses.absolute(self.request.path.removeprefix(f"{addresses.PREFIX}/"), {**query, "cursor": cursor})


class ArticleList(List):
    """List articles, and search them

    Each article at most once: in the first language of `lang` and `fallback` that is served. Filters and `q` look at that document.
    """

    kind = Kind.ARTICLE
    orders, default_order = lists.SEARCH_ORDERS, "-modified"
    parameters = (
        filters.LANG,
        filters.FALLBACK,
        filters.SEARCH,
        *filters.ARTICLE_FILTERS,
        filters.SAMPLE,
        filters.ARTICLE_ORDER,
        filters.FIELDS,
        filters.LIMIT,
        filters.CURSOR,
    )
    by_status = {200: answers.ArticleList, 304: None, 400: answers.Problem}
    found: search.Found | None = None

    def page(self, rows: Any, asked: negotiation.Asked, *, order: str = "", counted_in: Any = None) -> lists.Page:
        by_relevance = self.values.get("order", lists.RELEVANCE) == lists.RELEVANCE
        page = self._found(rows, asked, by_relevance=by_relevance)
        if "cursor" not in self.values:
            known_codes.check(self.values, found_any=bool(page.rows))
        return page

    def _found(self, rows: Any, asked: negotiation.Asked, *, by_relevance: bool) -> lists.Page:
        if "q" not in self.values:
            if by_relevance and "order" in self.values:
                raise parameters.invalid("order", "`relevance` orders the results of a search. Send `q` with it.")
            return super().page(rows, asked)
        self.found = search.find(rows, asked=self.values["q"], languages=asked.chain)
        if by_relevance:
            return super().page(self.found.ranked, asked, order=lists.RELEVANCE, counted_in=self.found.matching)
        return super().page(self.found.matching, asked)

    def items(self, rows: list[Document], asked: negotiation.Asked) -> list[str]:
        items = super().items(rows, asked)
        if self.found is None:
            return items
        excerpts = (canonical.dumps(self.found.excerpt(row)) for row in rows)
        return [representations.with_member(item, "excerpt", excerpt) for item, excerpt in zip(items, excerpts, strict=True)]


class TermList(List):
    """List a vocabulary

    The terms in one language, each with the number of its articles in that language.
    """

    kind = Kind.TERM
    vocabulary: ClassVar[Vocabulary] = Vocabulary.SUBSTANCE
    orders, default_order = lists.TERM_ORDERS, "title"
    parameters = (
        filters.LANG,
        filters.FALLBACK,
        filters.SAMPLE,
        filters.order(lists.TERM_ORDERS, "title"),
        filters.LIMIT,
        filters.CURSOR,
    )
    by_status = {200: answers.TermList, 304: None, 400: answers.Problem}

    def narrowed(self) -> Any:
        return super().narrowed() & filters.vocabulary(self.vocabulary)

    def items(self, rows: list[Document], asked: negotiation.Asked) -> list[str]:
        items = super().items(rows, asked)
        if self.vocabulary == Vocabulary.GLOSSARY:
            return [representations.with_member(item, "articles", "null") for item in items]
        counts = coverage.of_terms(self.vocabulary, language=asked.language, sample=self.values.get("sample"))
        return [representations.with_member(item, "articles", str(counts[row.slug])) for item, row in zip(items, rows, strict=True)]


class HelpContactList(List):
    """List help contacts

    Numbers to call in a region, the most urgent first, with labels in one language. Only verified ones are served.
    """

    kind = Kind.HELP_CONTACT
    remembers = False  # whether one is overdue is added today
    orders, default_order = lists.CONTACT_ORDERS, "region"
    parameters = (
        filters.REGION,
        filters.CONTACT_KIND,
        filters.LANG,
        filters.FALLBACK,
        filters.SAMPLE,
        filters.LIMIT,
        filters.CURSOR,
    )
    by_status = {200: answers.HelpContactList, 304: None, 400: answers.Problem}

    def items(self, rows: list[Document], asked: negotiation.Asked) -> list[str]:
        return [verification.stated(row, row.entry, asked.language) for row in rows]
