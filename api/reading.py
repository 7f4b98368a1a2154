"""What every view of the API shares: who is calling and how often, a strict query string, JSON whatever is accepted."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.conf import settings
from django.http import HttpResponse
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework.views import APIView

from api import answers, callers, limits, negotiation, openapi, parameters, responses, uses
from api.callers import Caller
from api.limits import Quota
from api.models import Scope
from api.parameters import Parameter

METHODS = "GET, HEAD, OPTIONS"


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

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        is_read = request.method in ("GET", "HEAD")
        if is_read:
            self.admit(request)
        self.values = parameters.read(request.query_params, self.parameters) if is_read else {}

    def admit(self, request: Request) -> None:
        """Find out who is calling, whether they may, and whether it is not too often; the Problem that says no."""
        self.caller = callers.of(request._request)
        if self.scope is None:
            return
        anonymous = settings.ANONYMOUS_READING and not self.needs_key
        callers.require(self.caller, self.scope, anonymous=anonymous)
        self.quota = limits.take(request._request, self.caller)
        if self.quota.exceeded:
            raise limits.problem(self.quota)

    @property
    def default_response_headers(self) -> dict[str, str]:
        return {}

    def options(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:  # type: ignore[override] # no body to render
        return HttpResponse(status=204, headers={"Allow": METHODS, "Vary": responses.VARY})

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
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
        return {name: str(value) for name, value in self.request.query_params.items() if name != without}
