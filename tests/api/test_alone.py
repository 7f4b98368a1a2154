"""The API stands without the editors' side."""

import ast
from pathlib import Path

import pytest
from django.apps import apps

import api

FORBIDDEN = {"cms", "wagtail", "modeltranslation", "modelcluster", "taggit", "tests"}
MODULES = sorted(Path(str(api.__file__)).parent.rglob("*.py"))


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.name)
def test_module_imports_nothing_of_the_editors_side(module: Path) -> None:
    imported = set()
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.Import):
            imported |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add(str(node.module).split(".")[0])
    assert not imported & FORBIDDEN


@pytest.mark.api_alone
def test_editors_side_is_not_installed() -> None:
    installed = {config.name.split(".")[0] for config in apps.get_app_configs()}
    assert installed == {"api", "corsheaders", "rest_framework", "drf_spectacular", "django"}
    assert not {"auth", "contenttypes", "sessions", "admin"} & set(apps.app_configs)
