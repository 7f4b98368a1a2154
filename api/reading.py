"""What every view of the API shares: who is calling and how often, a strict query string, JSON whatever is accepted."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework.views import APIView

from api import answers, callers, limits, media, negotiation, newest, openapi, parameters, prepared, problems, remembered, responses, uses
from api.callers import Caller
from api.limits import Quota
from api.models import Scope
from api.parameters import Parameter

READING = ("GET", "HEAD")


class AnyAccept(BaseContentNegotiation):
    """Every Accept header gets what there is: JSON, which RFC 9110 prefers to a refusal."""

    def select_parser(self, request: Any, parsers: Any) -> Any:
        return parsers[0]

    def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type


class Read(APIView):
    """A view that is only read. `parameters` are all that its query string may hold, `by_status` what it answers.

    `by_media_type` is what it answers beside JSON. `scope` is what a key must be allowed here; None opens the view
    to all, and does not count its requests.
    """

    scope: ClassVar[Scope | None] = Scope.READ
    needs_key: ClassVar[bool] = False
    parameters: ClassVar[tuple[Parameter, ...]] = ()
    by_status: ClassVar[Mapping[int, Any]] = {}
    by_media_type: ClassVar[Mapping[str, Any]] = {}
    refusals: ClassVar[Mapping[int, Any]] = dict.fromkeys((401, 403, 429), answers.Problem)
    http_method_names = ["get", "head", "options"]
    content_negotiation_class = AnyAccept
    schema: Any = openapi.Schema()
    caller: Caller | None = None
    quota: Quota | None = None
    position: uses.Position | None = None
    #: Whether what it answers follows from documents alone, and is kept until one is written.
    remembers: ClassVar[bool] = False
    #: Whether its own query asks for the newest document, and raises Unmoved when that is `known_head`.
    reads_head: ClassVar[bool] = False
    known_head: str = ""
    head: str = ""

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """A read, past what DRF does for requests that bring something: no parsers, no renderers, nothing to log in with."""
        if request.method not in READING:
            return super().dispatch(request, *args, **kwargs)
        self.request, self.args, self.kwargs = request, args, kwargs
        try:
            self.initial(request, *args, **kwargs)
            response = self.read(request, *args, **kwargs)
        except Exception as error:
            response = problems.exception_handler(error, {"view": self})
        return self.finalize_response(request, response)

    def read(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """What the view answers; what it answered before, where nothing was written since."""
        if not self.remembers:
            return self.answered(request, *args, **kwargs)
        key = (request.path_info, request.META.get("QUERY_STRING", ""), *self.depends_on(request))
        kept = remembered.find(key)
        self.known_head = kept.head if kept else ""
        try:
            if kept and self.is_true(kept):
                raise prepared.Unmoved
            response = self.answered(request, *args, **kwargs)
        except prepared.Unmoved:
            assert kept  # noqa: S101 - for the type checker: nothing is unmoved that is not kept
            self.share_newest(kept.head)
            self.position = kept.position and replace(kept.position, read_at=timezone.now())
            return kept.answer.to(request)
        self.share_newest(self.head)
        # An empty page has no row that could say what the newest document is.
        head = self.head or (self.quota.known.digest if self.quota and self.quota.known else "")
        if not isinstance(response, responses.Sent) or not response.answer:
            return response
        answer = response.answer
        if media.takes_gzip(request.META.get("HTTP_ACCEPT_ENCODING", "")):
            answer = answer.packed()
        remembered.keep(key, head=head, answer=answer, position=self.position)
        return answer.to(request)

    def is_true(self, kept: remembered.Kept) -> bool:
        """Whether no document was written since; of a view that `reads_head`, only whether that is known already."""
        shared = self.quota.known.digest if self.quota and self.quota.known else ""
        return kept.head == (shared or ("" if self.reads_head else remembered.head()))

    def share_newest(self, head: str) -> None:
        """Tell other processes what the newest document is, when this request had to ask the database."""
        seen = self.quota.known if self.quota else None
        if head and seen and not seen.digest:
            newest.share(head, seen=seen)

    def answered(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """What the view's own `get` answers."""
        response: HttpResponse = self.get(request, *args, **kwargs)  # type: ignore[attr-defined] # each view has one
        return response

    def depends_on(self, request: Any) -> tuple[Any, ...]:
        """What an answer depends on beside documents, address and query."""
        headers = request.META
        language = headers.get("HTTP_ACCEPT_LANGUAGE") if self.values.get("lang") in (parameters.AUTO, (parameters.AUTO,)) else None
        forms = (headers.get("HTTP_ACCEPT"), headers.get("HTTP_ACCEPT_ENCODING"), language)
        return (*forms, self.excluded, settings.SHOW_SAMPLES, settings.BASE_URL)

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        if isinstance(request, Request):
            super().initial(request, *args, **kwargs)
        is_answered = request.method in self.allowed_methods and request.method != "OPTIONS"
        if is_answered:
            self.admit(request)
        self.values = parameters.read(request.GET, self.parameters) if is_answered else {}

    def admit(self, request: Any) -> None:
        """Find out who is calling, whether they may, and whether it is not too often; the Problem that says no."""
        self.caller = callers.of(request)
        if self.scope is None:
            return
        anonymous = settings.ANONYMOUS_READING and not self.needs_key
        callers.require(self.caller, self.scope, anonymous=anonymous)
        self.quota = limits.take(request, self.caller)
        if self.quota.exceeded:
            raise limits.problem(self.quota)

    @property
    def key_in_use(self) -> Caller:
        """Whose key the request has, where one is needed."""
        assert self.caller  # noqa: S101 - for the type checker: `admit` has refused who has none
        return self.caller

    @property
    def allowed_methods(self) -> list[str]:
        return [name.upper() for name in self.http_method_names]

    @property
    def default_response_headers(self) -> dict[str, str]:
        return {}

    def options(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:  # type: ignore[override] # no body to render
        return HttpResponse(status=204, headers={"Allow": ", ".join(self.allowed_methods), "Vary": responses.VARY})

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(request, Request):
            response = super().finalize_response(request, response, *args, **kwargs)
        if self.scope:
            self.tell_caller(response)
        return responses.without_body(response) if request.method == "HEAD" else response

    def tell_caller(self, response: Any) -> None:
        """Say what is left of the limit, keep from caches what is not for everybody, and note what the key was used for."""
        for name, value in (self.quota.headers() if self.quota else {}).items():
            response[name] = value
        if self.caller or not settings.ANONYMOUS_READING:
            responses.keep_private(response, exclusive=not settings.ANONYMOUS_READING or bool(self.excluded))
        if self.caller:
            match = self.request.resolver_match
            uses.note(
                self.caller.key_id, endpoint=match.route if match else "", refused=response.status_code == 429, position=self.position
            )

    @property
    def excluded(self) -> tuple[str, ...]:
        """What the caller's partner never wants to be given."""
        return self.caller.exclusions if self.caller else ()

    def languages_asked(self) -> negotiation.Asked:
        """What the request's `lang` and `fallback` ask for."""
        return negotiation.asked(self.values, self.request.headers.get("Accept-Language", ""))

    def query(self, *, without: str) -> dict[str, str]:
        """The query as it came, less one parameter: what a link to another page begins with."""
        return {name: str(value) for name, value in self.request.GET.items() if name != without}
