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

from api import addresses, problems
from api.contract import Said, Shape
from api.parameters import Parameter

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
EXAMPLES = {
    "id": "6f9619ff-8b86-4d01-b42d-00cf4fc964ff",
    "slug": "heroin-withdrawal",
    "title": "Síndrome de abstinencia de heroína",
    "heading": "Cuánto dura",
    "aspect": "course",
    "audience": "adults",
    "code": "heroin",
    "label": "Heroína",
    "html": '<p>La mayoría de los síntomas físicos ceden en <bdi dir="ltr">7</bdi> días.</p>',
    "text": "La mayoría de los síntomas físicos ceden en 7 días.",
    "licence": "https://creativecommons.org/licenses/by/4.0/",
    "requested_lang": "es",
    "region": "US-CA",
    "number": "988",
    "display": "988",
    "hours": "Todos los días, a toda hora",
    "time_zone": "America/New_York",
    "by_role": "pharmacist",
    "reviewed_on": "2026-05-03",
    "next_due_on": "2027-05-03",
    "verified_on": "2026-05-03",
    "verify_by": "2026-11-03",
    "modified_at": "2026-05-03T09:30:00.000000Z",
    "text_modified_at": "2026-05-03T09:30:00.000000Z",
    "etag": '"5d41402abc4b2a76b9719d911017c592aa70d6f1"',
    "change_note": "The overdose advice names nasal naloxone.",
    "reason": "left-filter",
    "type": "/api/v1/problems/held",
    "detail": "Stop showing this for now. It will come back.",
    "nearest": "es",
}
_HEADERS = {
    "RateLimit-Policy": {
        "description": "How often you may ask: `q` requests in `w` seconds (draft-ietf-httpapi-ratelimit-headers).",
        "schema": {"type": "string", "examples": ['"key";q=600;w=60']},
    },
    "RateLimit": {
        "description": "What is left: `r` requests in the next `t` seconds. In an answer that a cache kept, it is somebody else's.",
        "schema": {"type": "string", "examples": ['"key";r=599;t=42']},
    },
    "Retry-After": {"description": "Wait so many seconds.", "schema": {"type": "string", "examples": ["42"]}},
    "WWW-Authenticate": {
        "description": "What is wrong with the key (RFC 6750).",
        "schema": {"type": "string", "examples": ['Bearer realm="Partner API", error="invalid_token"']},
    },
}
_HEADERS_OF = {401: ["WWW-Authenticate"], 403: ["WWW-Authenticate"], 429: ["RateLimit-Policy", "RateLimit", "Retry-After"]}
SECURITY_SCHEME = {
    "type": "http",
    "scheme": "bearer",
    "description": "A key, `mnst_live_…` or `mnst_test_…`, sent as `Authorization: Bearer <key>` and nowhere else. "
    "A key that is wrong, cut, revoked or expired is answered 401, never as if there were none.",
}
_STATUS_TEXTS = {
    200: "The answer",
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

    def get_request_serializer(self) -> None:
        return None

    def get_auth(self) -> list[dict[str, list[str]]]:
        if self.view.scope is None:
            return []
        return [{"key": []}] if self.view.needs_key else [{}, {"key": []}]

    def get_response_serializers(self) -> Any:
        refusals = self.view.refusals if self.view.scope else {}
        answers = {
            (status, "application/problem+json" if status >= 400 else "application/json"): serializer
            for status, serializer in sorted({**self.view.by_status, **refusals}.items())
        }
        answers |= {(200, media_type): serializer for media_type, serializer in self.view.by_media_type.items()}
        return {key: OpenApiResponse(response=serializer, description=_STATUS_TEXTS[key[0]]) for key, serializer in answers.items()}

    def get_summary(self) -> str:
        summary = str(self.view.__doc__).strip().splitlines()[0]
        return summary.replace("a vocabulary", self._vocabulary()).replace("a term", f"one of {self._vocabulary()}")

    def get_description(self) -> str:  # type: ignore[override] # as in drf-spectacular, not DRF
        return " ".join(str(self.view.__doc__).split("\n", 1)[1].split())

    def get_operation_id(self) -> str:
        words = self.path.replace("{reference}", "one").replace("{code}", "one").strip("/").replace("/", "-").split("-")
        return "_".join(["read", *words]) if words != [""] else "read_service"

    def get_tags(self) -> list[str]:
        return [VOCABULARIES if self._shelf() in addresses.VOCABULARY_PATHS.values() else self._shelf().capitalize() or "Service"]

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
    built["info"] = {"title": "Partner API", "version": "1.0.0", "description": INTRODUCTION}
    built["tags"] = [{"name": name} for name in TAGS]
    built["servers"] = [{"url": addresses.PREFIX}]
    built["components"]["securitySchemes"] = {"key": SECURITY_SCHEME}
    built["components"]["headers"] = _HEADERS
    _tell_headers(built["paths"])
    return built


def _tell_headers(paths: Any) -> None:
    """Name the headers of each answer of what is limited."""
    for operation in (operation for path in paths.values() for operation in path.values() if operation.get("security")):
        for status, answer in operation["responses"].items():
            names = _HEADERS_OF.get(int(status), ["RateLimit-Policy", "RateLimit"])
            answer["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _tidy(node: Any) -> None:
    """Leave out what only the generator understands, and give fields their examples."""
    if isinstance(node, dict):
        node.pop("x-spec-enum-id", None)
        if node.get("description") in (str(Shape.__doc__), str(Said.__doc__)):
            del node["description"]
        if {"type": "string", "maxLength": 0} in node.get("oneOf", ()):
            # An empty text is an address too, for a validator that does not check formats.
            node["anyOf"] = node.pop("oneOf")
        for name, schema in node.get("properties", {}).items():
            if name in EXAMPLES and schema.get("type") in ("string", ["string", "null"]) and "enum" not in schema:
                schema["examples"] = [EXAMPLES[name]]
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
        schema["examples"] = [[parameter.example] if schema.get("type") == "array" else parameter.example]
    return OpenApiParameter(
        name=parameter.name,
        type=schema,
        location=OpenApiParameter.QUERY,
        description=parameter.description,
        required=parameter.required,
        explode=False if schema.get("type") == "array" else None,
        style="form" if schema.get("type") == "array" else None,
    )
