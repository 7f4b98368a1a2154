"""Fixtures for every test, and the report of the reliability figures.

A test that shows a row of the reliability table is marked `@pytest.mark.figure(row)` and calls
`figure(...)`; each call prints one JSON line in the summary. `FIGURES=1` runs them at their full size.
"""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from tests import template

FULL = os.environ.get("FIGURES") == "1"

hypothesis.settings.register_profile("mainstay", deadline=None, print_blob=True, suppress_health_check=list(hypothesis.HealthCheck))
hypothesis.settings.load_profile("mainstay")


def examples(full: int) -> int:
    """How many examples to run: all of them for the figures, a twentieth in everyday tests."""
    return full if FULL else max(full // 20, 5)


@pytest.fixture(autouse=True)
def _limits_apart(settings: Any) -> None:
    """Each test counts requests from nothing, by itself, and far from the limit; what processes keep of keys is forgotten."""
    from api import callers, counting, remembered, search, uses

    settings.REDIS_URL = ""
    settings.ANONYMOUS_PER_MINUTE = 10**9
    for kept in (callers, counting, remembered, search, uses):
        kept.forget()


@pytest.fixture(scope="session")
def django_db_keepdb(request: pytest.FixtureRequest, django_db_modify_db_settings: None) -> bool:
    """Whether the test database is a copy of the template, which needs no migrating from nothing."""
    from django.db import connection

    return connection.vendor == "sqlite" and template.copy_to(str(connection.settings_dict["TEST"]["NAME"]))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_keepdb: bool, django_db_blocker: Any) -> Iterator[None]:
    """The database of pytest-django, kept as the template of the next run, and taken away at the end."""
    from django.db import connection

    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite" and not django_db_keepdb:
        with django_db_blocker.unblock():
            template.make_from(name)
    yield
    if django_db_keepdb:
        for rest in Path(name).parent.glob(f"{Path(name).name}*"):
            rest.unlink()


@pytest.fixture
def figure(request: pytest.FixtureRequest) -> Callable[..., None]:
    """Record a row: `figure(row=2, name="…", value=0, limit=0)`; it passes when value <= limit, or as `passed` says."""
    from django.db import connection

    def record(*, row: int, name: str, value: Any, limit: Any, passed: bool | None = None) -> None:
        passed = value <= limit if passed is None else passed
        line = {"row": row, "name": name, "value": value, "limit": limit, "pass": passed, "database": connection.vendor}
        request.node.user_properties.append(("figure", line))
        assert passed, line

    return record


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what has no meaning here: a test of one database on the other, a test of the API alone beside the editors' side."""
    from django.conf import settings

    engine = settings.DATABASES["default"]["ENGINE"]
    meant = {
        "postgresql": engine.endswith("postgresql"),
        "sqlite": engine.endswith("sqlite3"),
        "api_alone": "cms" not in settings.INSTALLED_APPS,
        "torture": os.environ.get("TORTURE") == "1",
    }
    left_out = [item for item in items if any(item.get_closest_marker(name) and not here for name, here in meant.items())]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def pytest_terminal_summary(terminalreporter: Any) -> None:
    lines = [
        json.dumps(value, ensure_ascii=False)
        for reports in terminalreporter.stats.values()
        for report in reports
        if getattr(report, "when", None) == "call"
        for name, value in report.user_properties
        if name == "figure"
    ]
    if lines:
        terminalreporter.section("figures")
        for line in sorted(lines):
            terminalreporter.write_line(line)
