"""One document: an article, a term, a help contact."""

from typing import Any, ClassVar

from django.http import HttpResponse
from rest_framework.request import Request

from api import addresses, answers, detail, filters, linked_data, media, negotiation, parameters, representations, responses, verification
from api.models import Document, Kind
from api.parameters import Parameter
from api.reading import Read


class Detail(Read):
    """One document of a kind in one language."""

    kind: ClassVar[Kind]
    vocabulary: ClassVar[str] = ""
    parameters: ClassVar[tuple[Parameter, ...]] = (filters.LANG, filters.FALLBACK)
    remembers = reads_head = True

    def get(self, request: Request, reference: str) -> HttpResponse:
        asked = self.languages_asked()
        found = detail.find(
            kind=self.kind,
            reference=reference,
            asked=asked,
            vocabulary=self.vocabulary,
            excluded=self.excluded,
            compressed=self.takes_compressed(asked),
            known_head=self.known_head,
        )
        document, self.head = found.document, found.head
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
    remembers = False  # whether it is overdue is added today
    by_status = {200: answers.HelpContactAnswer, 304: None, 400: answers.Problem, 404: answers.Problem, 410: answers.Problem}

    def takes_compressed(self, asked: negotiation.Asked) -> bool:
        return False  # it is not sent as it is stored

    def respond(self, request: Request, document: Document, asked: negotiation.Asked, keys: list[str]) -> HttpResponse:
        text = verification.stated(document, document.body, asked.language)
        return responses.answer(request, text, languages=[document.language], surrogate_keys=keys, negotiated=asked.negotiated)


def _walked(asked: negotiation.Asked, served: str) -> tuple[str, ...]:
    """The languages that decided what is served."""
    return asked.chain[: asked.chain.index(served) + 1]
