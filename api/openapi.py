"""The OpenAPI 3.1 description, made from the views' parameters and the contract."""

import json
from functools import cache
from typing import Any

import uritemplate
import yaml
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.settings import spectacular_settings
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from api import addresses, bodies, members, problems
from api.fields import Shape
from api.parameters import Parameter
from api.parts import Said

VOCABULARIES = "Vocabularies"
TAGS = ["Service", "Partner", "Articles", "Changes", "Languages", VOCABULARIES, "Help contacts", "Problems"]
CONTENT_TYPES = {"json": "application/json", "yaml": "application/yaml"}
INTRODUCTION = """
Articles on withdrawal and recovery, each in several languages, as documents that can be shown as they are.

**Before anything else:** a document carries `notice`, `safety` and `sample`. Show them before the text. Remove what is
`held`, `gone` or `recalled` within four hours: follow `/changes/` every 15 minutes.

**Languages** are never guessed. `lang` is a tag that `/languages/` lists; without `fallback` another language is never
served in its place.

**Errors** are RFC 9457 problems with a stable `code`. A parameter that is unknown, repeated or wrong is an error.

**Keys** are sent as `Authorization: Bearer <key>`. What your organisation never wants to be given (`exclusions` in
`/partner/`) is absent from lists, is `gone` with the reason `left-filter` in the feed, and `translation-unavailable` with the
reason `excluded` by itself; held, gone and recalled texts are told whatever you exclude. `RateLimit` says what is left to you.

**Copies** are kept up with ETags: send `If-None-Match`, and an unchanged answer is a 304 without a body.
""".strip()
# Choices are written where they stand: names made up for them would change whenever another field is added.
_GENERATION = {"OAS_VERSION": "3.1.1", "POSTPROCESSING_HOOKS": [], "SORT_OPERATION_PARAMETERS": False}
_HEADERS = {
    "RateLimit-Policy": {
        "description": "How often you may ask: `q` requests in `w` seconds (draft-ietf-httpapi-ratelimit-headers).",
        "schema": {"type": "string", "examples": ['"key";q=600;w=60']},
    },
    "RateLimit": {
        "description": "What is left: `r` requests in the next `t` seconds. In an answer that a cache kept, it is somebody else's.",
        "schema": {"type": "string", "examples": ['"key";r=599;t=42']},
    },
    "ETag": {
        "description": "Send it back as `If-None-Match`: an unchanged answer is a 304 without a body.",
        "schema": {"type": "string", "examples": ['"5d41402abc4b2a76b9719d911017c592aa70d6f1"']},
    },
    "Last-Modified": {
        "description": "When this version went out.",
        "schema": {"type": "string", "examples": ["Sun, 03 May 2026 09:30:00 GMT"]},
    },
    "Content-Language": {"description": "The language that is served.", "schema": {"type": "string", "examples": ["es"]}},
    "Cache-Control": {
        "description": "How long a copy may be kept; `no-store` on what is held, gone or recalled, and on every refusal.",
        "schema": {"type": "string", "examples": ["public, max-age=60, stale-while-revalidate=30"]},
    },
    "Surrogate-Key": {
        "description": "For a cache of your own that purges by key: `a:` an article, `d:` one of its languages, `list:` a language.",
        "schema": {"type": "string", "examples": ["a:6f9619ff-8b86-4d01-b42d-00cf4fc964ff d:6f9619ff-8b86-4d01-b42d-00cf4fc964ff:es"]},
    },
    "Location": {
        "description": "The address to go on with.",
        "schema": {"type": "string", "examples": ["/api/v1/articles/heroin-withdrawal/?lang=es"]},
    },
    "Retry-After": {"description": "Wait so many seconds.", "schema": {"type": "string", "examples": ["42"]}},
    "WWW-Authenticate": {
        "description": "What is wrong with the key (RFC 6750).",
        "schema": {"type": "string", "examples": ['Bearer realm="Partner API", error="invalid_token"']},
    },
}
_LIMIT = ["RateLimit-Policy", "RateLimit"]
_HEADERS_OF = {
    201: [*_LIMIT, "Location"],
    301: [*_LIMIT, "Location"],
    401: ["WWW-Authenticate"],
    403: ["WWW-Authenticate"],
    429: [*_LIMIT, "Retry-After"],
}
_OF_WHAT_IS_KEPT = ["ETag", "Cache-Control", "Surrogate-Key"]
_OF_ONE_DOCUMENT = ["Last-Modified", "Content-Language"]
SECURITY_SCHEME = {
    "type": "http",
    "scheme": "bearer",
    "description": "A key, `mnst_live_…` or `mnst_test_…`, sent as `Authorization: Bearer <key>` and nowhere else. "
    "A key that is wrong, cut, revoked or expired is answered 401, never as if there were none.",
}
_STATUS_TEXTS = {
    200: "The answer",
    201: "It is filed",
    301: "An old slug: the article is at `Location`",
    304: "You have it already",
    400: "A parameter is unknown, repeated or wrong",
    401: "The key is wrong, cut, revoked or expired; or there is none, and one is needed",
    403: "The key has another scope",
    404: "Never was, not in this language, or held",
    410: "Gone, recalled, or a cursor that a restore made meaningless",
    429: "More requests than the limit allows",
}


_PATH_PARAMETERS = {
    "reference": OpenApiParameter(
        name="reference",
        location=OpenApiParameter.PATH,
        description="Its `id`, which never changes, or its slug or code.",
        type={"type": "string", "examples": ["heroin-withdrawal"]},
    ),
    "code": OpenApiParameter(
        name="code",
        location=OpenApiParameter.PATH,
        description="The `code` of a problem.",
        type={"type": "string", "enum": list(problems.TYPES)},
    ),
}


class Schema(AutoSchema):
    """Describes a view from its `parameters`, its `by_status` and its docstring: the first line is the summary."""

    view: Any

    def get_override_parameters(self) -> list[Any]:
        in_path = [_PATH_PARAMETERS[name] for name in uritemplate.variables(self.path)]
        return [*in_path, *(_parameter(parameter) for parameter in self.view.parameters)]

    def get_request_serializer(self) -> Any:
        return {"application/json": bodies.schema(self.view.members)} if self.method == "POST" else None

    def get_auth(self) -> list[dict[str, list[str]]]:
        if self.view.scope is None:
            return []
        return [{"key": []}] if self.view.needs_key else [{}, {"key": []}]

    def get_response_serializers(self) -> Any:
        refusals = self.view.refusals if self.view.scope else {}
        by_status = self.view.by_status_of_post if self.method == "POST" else self.view.by_status
        answers = {
            (status, "application/problem+json" if status >= 400 else "application/json"): serializer
            for status, serializer in sorted({**by_status, **refusals}.items())
        }
        answers |= {(200, media_type): serializer for media_type, serializer in self.view.by_media_type.items()}
        return {key: OpenApiResponse(response=serializer, description=_STATUS_TEXTS[key[0]]) for key, serializer in answers.items()}

    def get_summary(self) -> str:
        summary = self._told().splitlines()[0]
        return summary.replace("a vocabulary", self._vocabulary()).replace("a term", f"one of {self._vocabulary()}")

    def get_description(self) -> str:  # type: ignore[override] # as in drf-spectacular, not DRF
        return " ".join(self._told().split("\n", 1)[1].split())

    def get_operation_id(self) -> str:
        words = self.path.replace("{reference}", "one").replace("{code}", "one").strip("/").replace("/", "-").split("-")
        return "_".join(["report" if self.method == "POST" else "read", *words]) if words != [""] else "read_service"

    def get_tags(self) -> list[str]:
        return [VOCABULARIES if self._shelf() in addresses.VOCABULARY_PATHS.values() else self._shelf().capitalize() or "Service"]

    def _told(self) -> str:
        """The view's docstring; of a POST, that of its method."""
        return str(self.view.post.__doc__ if self.method == "POST" else self.view.__doc__).strip()

    def _vocabulary(self) -> str:
        return f"the {self._shelf()}"

    def _shelf(self) -> str:
        """The first word of the path, as people say it."""
        return str(self.path).strip("/").split("/")[0].replace("-", " ")


@cache
def document() -> dict[str, Any]:
    """The whole description."""
    settings: Any = spectacular_settings
    generator: Any = SchemaGenerator
    settings.apply_patches(_GENERATION)
    built: dict[str, Any] = generator(urlconf="api.urls").get_schema(public=True)
    settings.clear_patches()
    _tidy(built["components"])
    members.tell(built["components"]["schemas"])
    built["info"] = {"title": "Partner API", "version": "1.0.0", "description": INTRODUCTION}
    built["tags"] = [{"name": name} for name in TAGS]
    built["servers"] = [{"url": addresses.PREFIX}]
    built["components"]["securitySchemes"] = {"key": SECURITY_SCHEME}
    built["components"]["headers"] = _HEADERS
    _tell_headers(built["paths"])
    built["components"]["links"] = {"meaning": _link(built["paths"]["/problems/{code}"], code="code")}
    _tell_links(built["paths"])
    return built


def _tell_headers(paths: Any) -> None:
    """Name the headers of each answer of what is limited."""
    for path, operation in (
        (path, operation) for path, found in paths.items() for operation in found.values() if operation.get("security")
    ):
        for status, answer in operation["responses"].items():
            names = [*_HEADERS_OF.get(int(status), _LIMIT)]
            if status in ("200", "304") and "304" in operation["responses"]:
                names += [*_OF_WHAT_IS_KEPT, *(_OF_ONE_DOCUMENT if path.endswith("{reference}/") else ())]
            answer["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _tell_links(paths: Any) -> None:
    """Say which member of an answer another operation is asked with: of a list to read one, of a problem to read its meaning."""
    for path, operations in paths.items():
        answers = operations["get"]["responses"]
        one = paths.get(f"{path}{{reference}}/")
        if one:
            answers["200"]["links"] = {"one": _link(one, reference="results/0/id", lang="results/0/lang")}
        if f"{path}languages/" in paths and path != "/":
            answers["200"]["links"] = {"languages": _link(paths[f"{path}languages/"], reference="id")}
        for status in (status for status in answers if status >= "400"):
            answers[status]["links"] = {"meaning": {"$ref": "#/components/links/meaning"}}


def _link(operations: Any, **parameters: str) -> dict[str, Any]:
    given = {name: f"$response.body#/{member}" for name, member in parameters.items()}
    return {"operationId": operations["get"]["operationId"], "parameters": given}


def _tidy(node: Any) -> None:
    """Leave out what only the generator understands."""
    if isinstance(node, dict):
        node.pop("x-spec-enum-id", None)
        if node.get("description") in (str(Shape.__doc__), str(Said.__doc__)):
            del node["description"]
        if {"type": "string", "maxLength": 0} in node.get("oneOf", ()):
            # An empty text is an address too, for a validator that does not check formats.
            node["anyOf"] = node.pop("oneOf")
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        _tidy(child)


@cache
def text(suffix: str) -> str:
    """The description as `json` or `yaml`."""
    plain = json.loads(json.dumps(document(), ensure_ascii=False))
    if suffix == "yaml":
        return yaml.safe_dump(plain, allow_unicode=True, sort_keys=False)
    return json.dumps(plain, ensure_ascii=False, indent=1)


def _parameter(parameter: Parameter) -> OpenApiParameter:
    schema = dict(parameter.schema)
    if parameter.example:
        schema["examples"] = [parameter.example]
    return OpenApiParameter(
        name=parameter.name,
        type=schema,
        location=OpenApiParameter.QUERY,
        description=parameter.description,
        required=parameter.required,
    )
