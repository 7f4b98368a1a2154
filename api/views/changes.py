"""The change feed."""

from django.http import HttpResponse
from django.utils import timezone
from rest_framework.request import Request

from api import (
    addresses,
    answers,
    canonical,
    feed,
    filters,
    gzipped,
    known_codes,
    languages,
    limits,
    media,
    negotiation,
    parameters,
    responses,
    uses,
)
from api.models import Kind
from api.problems import Problem
from api.reading import Read


class ChangeList(Read):
    """Follow changes

    Everything that changed after a position, ascending. From no position it is the full copy. Follow `next`, for ever:
    whatever is not `published` must be removed.
    """

    remembers = reads_head = True
    parameters = (filters.AFTER, filters.KIND, filters.LANGS, filters.TOPIC, filters.SAMPLE, filters.INCLUDE, filters.CHANGES_LIMIT)
    by_status = {200: answers.Changes, 304: None, 400: answers.Problem, 410: answers.Problem}

    def get(self, request: Request) -> HttpResponse:
        negotiated = self.values.get("lang") == (parameters.AUTO,)
        tags = (self.languages_asked_once(),) if negotiated else self.values.get("lang", ())
        wanted = self.wanted(tags)
        try:
            page = feed.page(
                wanted=wanted,
                after=self.values.get("after"),
                limit=self.values.get("limit", 100),
                documents="include" in self.values,
                compressed=self.takes_compressed(),
                known_head=self.known_head,
            )
        except Problem as problem:
            if problem.code == "sync-token-expired":
                problem.members["restart"] = self._link(tags, None)
            raise
        if "after" not in self.values:
            known_codes.check(self.values, found_any=bool(page.parts))
        self.position = uses.Position(number=page.after, filter=feed.written(wanted), read_at=timezone.now())
        self.head = page.head
        tail = canonical.dumps({"has_more": page.has_more, "next": self._link(tags, page.cursor)})
        keys = [f"list:{tag}" for tag in tags or languages.TAGS]
        parts = ['{"items":[', *page.parts, f"],{tail[1:]}"]
        if self.takes_compressed():
            content, encoding = gzipped.join(parts), "gzip"
        else:
            content, encoding = "".join(map(str, parts)).encode(), ""
        etag = canonical.digest(f"{page.digest} {tail}")
        return responses.answer(request, content, etag=etag, encoding=encoding, surrogate_keys=keys, negotiated=negotiated)

    def takes_compressed(self) -> bool:
        """Whether stored gzip is joined to the answer: where documents are asked for."""
        return "include" in self.values and media.takes_gzip(self.request.headers.get("Accept-Encoding", ""))

    def tell_caller(self, response: HttpResponse) -> None:
        """A partner may look as often as it likes whether something changed: that nothing did costs it nothing."""
        if response.status_code == 304 and self.caller and self.quota:
            self.quota = limits.given_back(self.quota)
        super().tell_caller(response)

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
