"""The body of a request: a JSON object, read as strictly as a query string."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest

from api import parameters
from api.parameters import Invalid, Parameter
from api.problems import Problem

MOST_BYTES = 50_000
_TYPES: dict[str, type] = {"string": str, "integer": int}


def read(request: HttpRequest, known: Sequence[Parameter]) -> dict[str, Any]:
    """The members that were sent, by name; Problem `bad-request`, `unknown-parameter` or `invalid-parameter`."""
    return parameters.parsed({name: [value] for name, value in _object(request).items()}, known, _written)


def schema(known: Sequence[Parameter]) -> dict[str, Any]:
    """The body as JSON Schema."""
    members = {
        parameter.name: {
            **parameter.schema,
            "description": parameter.description,
            **(
                {"examples": [int(parameter.example) if parameter.schema["type"] == "integer" else parameter.example]}
                if parameter.example
                else {}
            ),
        }
        for parameter in known
    }
    required = [parameter.name for parameter in known if parameter.required]
    return {"type": "object", "properties": members, "required": required, "additionalProperties": False}


def _written(value: Any, parameter: Parameter) -> str:
    """A member as a query string would write it."""
    kind = _TYPES[parameter.schema["type"]]
    if type(value) is not kind:
        raise Invalid(f"Is not a JSON {parameter.schema['type']}.")
    return str(value)


def _object(request: HttpRequest) -> Mapping[str, Any]:
    if request.content_type != "application/json":
        raise Problem("bad-request", "Send `Content-Type: application/json`.")
    if len(request.body) > MOST_BYTES:
        raise Problem("bad-request", f"The body is longer than {MOST_BYTES} bytes.")
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError):
        raise Problem("bad-request", "The body is not JSON.") from None
    if not isinstance(body, dict):
        raise Problem("bad-request", "The body is not a JSON object.")
    return body
