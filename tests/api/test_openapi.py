"""The description is in git: who changes it, reviews it. And what is answered is what it says."""

import json
import os
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from django.test import Client

from api import members, openapi
from tests.api import factories

SNAPSHOT = Path(__file__).parent / "openapi.json"


def test_description_is_the_one_in_git() -> None:
    """`UPDATE_SNAPSHOTS=1` writes it anew."""
    now = json.dumps(openapi.document(), indent=1, ensure_ascii=False) + "\n"
    if os.environ.get("UPDATE_SNAPSHOTS") == "1":
        SNAPSHOT.write_text(now)
    assert now == SNAPSHOT.read_text()


def test_description_is_served_as_json_and_yaml(client: Client) -> None:
    as_json, as_yaml = client.get("/api/v1/openapi.json"), client.get("/api/v1/openapi.yaml")
    assert as_json.json()["openapi"].startswith("3.1")
    assert yaml.safe_load(as_yaml.content) == as_json.json()


def test_every_operation_has_its_own_name_a_summary_and_a_description() -> None:
    operations = [operation for path in openapi.document()["paths"].values() for operation in path.values()]
    assert len({operation["operationId"] for operation in operations}) == len(operations) == 27
    assert all(operation["summary"] and operation["description"] for operation in operations)


def test_every_parameter_is_described() -> None:
    for path in openapi.document()["paths"].values():
        for operation in path.values():
            assert all(parameter["description"] for parameter in operation.get("parameters", []))


def test_every_member_is_described_and_has_an_example() -> None:
    for name, schema in openapi.document()["components"]["schemas"].items():
        for member, described in schema.get("properties", {}).items():
            assert described.get("description"), f"{name}.{member} has no description"
            assert described.get("examples") or not members.takes_example(described), f"{name}.{member} has no example"


def test_every_example_is_one() -> None:
    description = json.loads(openapi.text("json"))
    for name, schema in description["components"]["schemas"].items():
        for member, described in schema.get("properties", {}).items():
            checker = jsonschema.Draft202012Validator(
                {**described, "components": description["components"]}, format_checker=jsonschema.FormatChecker()
            )
            for example in described.get("examples", ()):
                assert checker.is_valid(example), f"{name}.{member}: {example}"


def test_nothing_is_said_of_what_is_not_there() -> None:
    schemas = openapi.document()["components"]["schemas"]
    known = {name for schema in schemas.values() for name in schema.get("properties", ())}
    known |= {f"{name}.{member}" for name, schema in schemas.items() for member in schema.get("properties", ())}
    assert not {*members.DESCRIPTIONS, *members.EXAMPLES} - known


@pytest.mark.django_db
def test_headers_of_answers_are_those_that_are_described(client: Client) -> None:
    article = factories.publish()
    description = openapi.document()
    for path, url in (("/articles/{reference}/", f"articles/{article.slug}/"), ("/articles/", "articles/"), ("/changes/", "changes/")):
        described = description["paths"][path]["get"]["responses"]["200"]["headers"]
        answer = client.get(f"/api/v1/{url}")
        assert {name for name in described if name not in answer} == set(), path
    assert all(header["description"] and header["schema"]["examples"] for header in description["components"]["headers"].values())


def validator(path: str, status: int, media_type: str) -> jsonschema.Draft202012Validator:
    document: Any = json.loads(openapi.text("json"))
    schema = document["paths"][path]["get"]["responses"][str(status)]["content"][media_type]["schema"]
    return jsonschema.Draft202012Validator(
        {"$ref": schema["$ref"], "components": document["components"]}, format_checker=jsonschema.FormatChecker()
    )


ANSWERS = [
    ("/", "", 200),
    ("/languages/", "languages/", 200),
    ("/articles/", "articles/", 200),
    ("/articles/", "articles/?lang=es&fallback=default", 200),
    ("/articles/", "articles/?q=heroin&order=relevance", 200),
    ("/articles/", "articles/?fields=title,sections", 200),
    ("/articles/", "articles/?lang=xx", 400),
    ("/articles/{reference}/", "articles/{slug}/", 200),
    ("/articles/{reference}/", "articles/{slug}/?body=html", 200),
    ("/articles/{reference}/", "articles/{slug}/?body=text&lang=es&fallback=default", 200),
    ("/articles/{reference}/", "articles/{slug}/?fields=title", 200),
    ("/articles/{reference}/", "articles/{slug}/?lang=es", 404),
    ("/articles/{reference}/", "articles/{gone}/", 410),
    ("/articles/{reference}/languages/", "articles/{slug}/languages/", 200),
    ("/changes/", "changes/?include=document", 200),
    ("/changes/", "changes/?after=x", 400),
    ("/substances/", "substances/", 200),
    ("/substances/{reference}/", "substances/heroin/", 200),
    ("/glossary/", "glossary/", 200),
    ("/help-contacts/", "help-contacts/?region=US", 200),
    ("/help-contacts/", "help-contacts/", 400),
    ("/help-contacts/{reference}/", "help-contacts/us-911/", 200),
    ("/problems/{code}", "problems/held", 200),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "url", "status"), ANSWERS)
def test_answer_is_what_the_description_says(client: Client, path: str, url: str, status: int) -> None:
    article = factories.publish(notice="Dose.", sample=True)
    gone = factories.close(factories.publish(slug="gone"), "gone")
    factories.publish(kind="term")
    factories.publish(kind="term", vocabulary="glossary", code="tapering")
    factories.publish(kind="help_contact")
    response = client.get(f"/api/v1/{url.format(slug=article.slug, gone=gone.slug)}")
    assert response.status_code == status
    validator(path, status, response["Content-Type"]).validate(response.json())


@pytest.mark.django_db
def test_linked_data_is_what_the_description_says(client: Client) -> None:
    english = factories.publish(notice="Dose.")
    for query in ("", "?lang=es&fallback=en"):
        response = client.get(f"/api/v1/articles/{english.slug}/{query}", headers={"Accept": "application/ld+json"})
        validator("/articles/{reference}/", 200, "application/ld+json").validate(response.json())
