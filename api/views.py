"""The views: parse, one read, respond. They send documents, and know nothing of how these came to be."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.http import HttpResponse
from django.utils import timezone
from rest_framework.request import Request

from api import (
    addresses,
    answers,
    canonical,
    coverage,
    detail,
    exclusions,
    feed,
    filters,
    languages,
    limits,
    linked_data,
    lists,
    media,
    negotiation,
    parameters,
    representations,
    responses,
    search,
    uses,
)
from api.contract import Vocabulary
from api.models import Document, Kind
from api.parameters import Parameter
from api.problems import Problem
from api.reading import Read


class Detail(Read):
    """One document of a kind in one language."""

    kind: ClassVar[Kind]
    vocabulary: ClassVar[str] = ""
    parameters: ClassVar[tuple[Parameter, ...]] = (filters.LANG, filters.FALLBACK)

    def get(self, request: Request, reference: str) -> HttpResponse:
        asked = self.languages_asked()
        document = detail.find(
            kind=self.kind,
            reference=reference,
            asked=asked,
            vocabulary=self.vocabulary,
            excluded=self.excluded,
            compressed=self.takes_compressed(asked),
        )
        keys = [f"a:{document.subject_id}", *(f"d:{document.subject_id}:{tag}" for tag in _walked(asked, document.language))]
        if self.kind == Kind.ARTICLE and document.slug != reference and not detail.identity_of(reference):
            return responses.moved(f"{addresses.PREFIX}/articles/{document.slug}/", request, surrogate_keys=keys)
        return self.respond(request, document, asked, keys)

    def takes_compressed(self, asked: negotiation.Asked) -> bool:
        """Whether the stored gzip is the answer: where nothing is added, narrowed or written anew."""
        whole = not {"body", "fields"} & set(self.values) and len(asked.chain) == 1
        return whole and media.takes_gzip(self.request.headers.get("Accept-Encoding", ""))

    def respond(self, request: Request, document: Document, asked: negotiation.Asked, keys: list[str]) -> HttpResponse:
        """The document as it is stored, or as `body` and `fields` want it."""
        if self.takes_compressed(asked) and document.compressed:
            shown = representations.compressed(document)
        else:
            shown = representations.represent(
                document, body=self.values.get("body", "sections"), fields=self.values.get("fields", ()), requested=asked.language
            )
        return self.answer(request, document, asked, keys, shown)

    def answer(
        self,
        request: Request,
        document: Document,
        asked: negotiation.Asked,
        keys: list[str],
        shown: representations.Representation,
        content_type: str = media.JSON,
    ) -> HttpResponse:
        """A representation with the headers of its document."""
        return responses.answer(
            request,
            shown.content,
            etag=shown.etag,
            encoding=shown.encoding,
            modified_at=document.modified_at,
            languages=[document.language],
            surrogate_keys=keys,
            negotiated=asked.negotiated,
            content_type=content_type,
        )


class ArticleDetail(Detail):
    """Read an article

    One article in one language, by its id or slug. The language is never guessed; what must be read first comes first.
    `Accept: application/ld+json` gives it as schema.org's MedicalWebPage, without `body` and `fields`.
    """

    kind = Kind.ARTICLE
    parameters = (*Detail.parameters, filters.BODY, filters.FIELDS)
    by_status = {200: answers.ArticleAnswer, 301: None, 304: None, 400: answers.Problem, 404: answers.Problem, 410: answers.Problem}
    by_media_type = {media.LINKED_DATA: answers.LinkedData}

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.linked = media.wants_linked_data(request.headers.get("Accept", ""))
        for name in ("body", "fields"):
            if self.linked and name in self.values:
                raise parameters.invalid(name, "Is for JSON; linked data has one form. Ask for `application/json`.")

    def takes_compressed(self, asked: negotiation.Asked) -> bool:
        return not self.linked and super().takes_compressed(asked)

    def respond(self, request: Request, document: Document, asked: negotiation.Asked, keys: list[str]) -> HttpResponse:
        if not self.linked:
            return super().respond(request, document, asked, keys)
        shown = linked_data.represent(document, requested=asked.language)
        return self.answer(request, document, asked, keys, shown, media.LINKED_DATA)


class TermDetail(Detail):
    """Read a term

    One term in one language, by its id or code.
    """

    kind = Kind.TERM
    by_status = {200: answers.TermAnswer, 304: None, 400: answers.Problem, 404: answers.Problem, 410: answers.Problem}


class HelpContactDetail(Detail):
    """Read a help contact

    One help contact with labels in one language, by its id or code.
    """

    kind = Kind.HELP_CONTACT
    by_status = {200: answers.HelpContactAnswer, 304: None, 400: answers.Problem, 404: answers.Problem, 410: answers.Problem}

    def takes_compressed(self, asked: negotiation.Asked) -> bool:
        return False  # whether it is overdue is added today

    def respond(self, request: Request, document: Document, asked: negotiation.Asked, keys: list[str]) -> HttpResponse:
        text = canonical.dumps(_contact(document, asked.language))
        return responses.answer(request, text, languages=[document.language], surrogate_keys=keys, negotiated=asked.negotiated)


class List(Read):
    """One page of the documents of a kind."""

    kind: ClassVar[Kind]
    orders: ClassVar[Mapping[str, lists.Order]]
    default_order: ClassVar[str]

    def get(self, request: Request) -> HttpResponse:
        asked = self.languages_asked()
        rows = lists.served(kind=self.kind, chain=asked.chain, offered=exclusions.offered(self.excluded)).filter(self.narrowed())
        return self.respond(request, self.page(rows, asked), asked)

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

    def items(self, rows: list[Document], asked: negotiation.Asked) -> list[dict[str, Any]]:
        """The rows as they stand in the list."""
        fields = self.values.get("fields", ())
        return [representations.list_item(row, requested=asked.language, fields=fields) for row in rows]

    def respond(self, request: Request, page: lists.Page, asked: negotiation.Asked) -> HttpResponse:
        """The page, with absolute links to those beside it."""
        links = {"next": self._link(page.next, asked), "previous": self._link(page.previous, asked)}
        members = {"count": page.count, "count_exact": page.count_exact, **links, "results": self.items(page.rows, asked)}
        return responses.answer(
            request,
            canonical.dumps(members),
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
        if "q" not in self.values:
            if by_relevance and "order" in self.values:
                raise parameters.invalid("order", "`relevance` orders the results of a search. Send `q` with it.")
            return super().page(rows, asked)
        self.found = search.find(rows, asked=self.values["q"], languages=asked.chain)
        if by_relevance:
            return super().page(self.found.ranked, asked, order=lists.RELEVANCE, counted_in=self.found.matching)
        return super().page(self.found.matching, asked)

    def items(self, rows: list[Document], asked: negotiation.Asked) -> list[dict[str, Any]]:
        items = super().items(rows, asked)
        if self.found is None:
            return items
        return [{**item, "excerpt": self.found.excerpt(row)} for item, row in zip(items, rows, strict=True)]


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

    def items(self, rows: list[Document], asked: negotiation.Asked) -> list[dict[str, Any]]:
        items = super().items(rows, asked)
        if self.vocabulary == Vocabulary.GLOSSARY:
            return [{**item, "articles": None} for item in items]
        counts = coverage.of_terms(self.vocabulary, language=asked.language, sample=self.values.get("sample"))
        return [{**item, "articles": counts[item["code"]]} for item in items]


class HelpContactList(List):
    """List help contacts

    Numbers to call in a region, the most urgent first, with labels in one language. Only verified ones are served.
    """

    kind = Kind.HELP_CONTACT
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

    def items(self, rows: list[Document], asked: negotiation.Asked) -> list[dict[str, Any]]:
        return [_contact(row, asked.language) for row in rows]


class ChangeList(Read):
    """Follow changes

    Everything that changed after a position, ascending. From no position it is the full copy. Follow `next`, for ever:
    whatever is not `published` must be removed.
    """

    parameters = (filters.AFTER, filters.KIND, filters.LANGS, filters.TOPIC, filters.SAMPLE, filters.INCLUDE, filters.CHANGES_LIMIT)
    by_status = {200: answers.Changes, 304: None, 400: answers.Problem, 410: answers.Problem}

    def get(self, request: Request) -> HttpResponse:
        negotiated = self.values.get("lang") == (parameters.AUTO,)
        tags = (self.languages_asked_once(),) if negotiated else self.values.get("lang", ())
        wanted = self.wanted(tags)
        try:
            page = feed.page(
                wanted=wanted, after=self.values.get("after"), limit=self.values.get("limit", 100), documents="include" in self.values
            )
        except Problem as problem:
            if problem.code == "sync-token-expired":
                problem.members["restart"] = self._link(tags, None)
            raise
        self.position = uses.Position(number=page.after, filter=feed.written(wanted), read_at=timezone.now())
        tail = canonical.dumps({"has_more": page.has_more, "next": self._link(tags, page.cursor)})
        text = f'{{"items":[{",".join(page.items)}],{tail[1:]}'
        keys = [f"list:{tag}" for tag in tags or languages.TAGS]
        return self.costing(responses.answer(request, text, surrogate_keys=keys, negotiated=negotiated))

    def costing(self, response: HttpResponse) -> HttpResponse:
        """A partner may look as often as it likes whether something changed: that nothing did costs it nothing."""
        if response.status_code == 304 and self.caller and self.quota:
            self.quota = limits.given_back(self.quota)
        return response

    def wanted(self, tags: tuple[str, ...]) -> feed.Filter:
        """The reader's filter."""
        kinds = self.values.get("kind", tuple(Kind.values))
        topics, sample = self.values.get("topic", ()), self.values.get("sample")
        return feed.Filter(kinds=kinds, languages=tags, topics=topics, sample=sample, exclusions=self.excluded)

    def languages_asked_once(self) -> str:
        """The language of `lang=auto`; the links carry it from here on."""
        return negotiation.best(self.request.headers.get("Accept-Language", ""))

    def _link(self, tags: tuple[str, ...], cursor: str | None) -> str:
        query = self.query(without="after")
        if tags:
            query["lang"] = ",".join(tags)
        return addresses.absolute("changes/", {**query, "after": cursor} if cursor else query)


class ArticleLanguages(Read):
    """List the languages of an article

    Every language of the library, and how the article stands in it.
    """

    by_status = {200: answers.ArticleLanguages, 304: None, 400: answers.Problem, 404: answers.Problem}

    def get(self, request: Request, reference: str) -> HttpResponse:
        rows = {row.language: row for row in detail.subject(kind=Kind.ARTICLE, reference=reference).defer("body").order_by("number")}
        if not rows:
            raise Problem("not-found", "There is no article of this id or slug, and there never was.")
        latest = list(rows.values())[-1]
        results = [_language_state(language, rows.get(language.tag)) for language in languages.ALL]
        text = canonical.dumps({"id": str(latest.subject_id), "slug": latest.slug, "results": results})
        return responses.answer(request, text, surrogate_keys=[f"a:{latest.subject_id}"])


class LanguageList(Read):
    """List languages

    The languages of the library, and how many articles each has.
    """

    parameters = (filters.SAMPLE,)
    by_status = {200: answers.LanguageList, 304: None, 400: answers.Problem}

    def get(self, request: Request) -> HttpResponse:
        counts = coverage.of_languages(sample=self.values.get("sample"))
        results = [
            {
                "tag": language.tag,
                "own_name": language.own_name,
                "english_name": language.english_name,
                "direction": language.direction,
                "source": language.tag == languages.SOURCE,
                "fallback": language.fallback,
                **vars(counts[language.tag]),
            }
            for language in languages.ALL
        ]
        return responses.answer(request, canonical.dumps({"results": results}), surrogate_keys=[f"list:{tag}" for tag in languages.TAGS])


def _walked(asked: negotiation.Asked, served: str) -> tuple[str, ...]:
    """The languages that decided what is served."""
    return asked.chain[: asked.chain.index(served) + 1]


def _contact(document: Document, requested: str) -> dict[str, Any]:
    """A contact, and whether its verification has run out today: the one thing that is not stored."""
    content = representations.list_item(document, requested=requested)
    overdue = content["verify_by"] < timezone.now().date().isoformat()
    return {**content, "verification": "overdue" if overdue else "verified"}


def _language_state(language: languages.Language, row: Document | None) -> dict[str, Any]:
    published = row is not None and bool(row.state == "published")
    return {
        "lang": language.tag,
        "own_name": language.own_name,
        "direction": language.direction,
        "state": row.state if row else "none",
        "translation_status": row.translation_status if row and published else None,
        "version": row.version if row else None,
        "modified_at": canonical.moment(row.modified_at) if row else None,
        "reviewed_on": row.reviewed_on.isoformat() if row and published and row.reviewed_on else None,
        "etag": row.quoted_etag if row and published else None,
        "url": addresses.document(row) if row and published else None,
    }
