"""What every view of the API shares: a strict query string, JSON whatever is accepted, HEAD without a body."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.http import HttpResponse
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework.views import APIView

from api import negotiation, openapi, parameters, responses
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

    `by_media_type` is what it answers beside JSON.
    """

    parameters: ClassVar[tuple[Parameter, ...]] = ()
    by_status: ClassVar[Mapping[int, Any]] = {}
    by_media_type: ClassVar[Mapping[str, Any]] = {}
    http_method_names = ["get", "head", "options"]
    content_negotiation_class = AnyAccept
    schema: Any = openapi.Schema()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.values = parameters.read(request.query_params, self.parameters) if request.method in ("GET", "HEAD") else {}

    @property
    def default_response_headers(self) -> dict[str, str]:
        return {}

    def options(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:  # type: ignore[override] # no body to render
        return HttpResponse(status=204, headers={"Allow": METHODS, "Vary": responses.VARY})

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        return responses.without_body(response) if request.method == "HEAD" else response

    def languages_asked(self) -> negotiation.Asked:
        """What the request's `lang` and `fallback` ask for."""
        return negotiation.asked(self.values, self.request.headers.get("Accept-Language", ""))

    def query(self, *, without: str) -> dict[str, str]:
        """The query as it came, less one parameter: what a link to another page begins with."""
        return {name: str(value) for name, value in self.request.query_params.items() if name != without}
