"""The tools that check must themselves be able to fail."""

import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

pytestmark = pytest.mark.one_database

ROOT = Path(settings.BASE_DIR)


def test_every_module_of_the_api_stands_under_a_contract() -> None:
    contracts: list[dict[str, Any]] = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    protected = {name for contract in contracts for name in contract.get("protected_modules", ()) if name.startswith("api.")}
    modules = {f"api.{path.stem}" for path in (ROOT / "api").glob("*.py") if path.stem != "__init__"}
    modules |= {f"api.{path.parent.name}" for path in (ROOT / "api").glob("*/__init__.py") if path.parent.name != "migrations"}
    assert modules - protected == {"api.languages"}
    assert protected <= modules


@pytest.mark.parametrize(("plugin", "code"), [([], 0), (["-p", "tests.operations.nothing_skipped"], 1)])
def test_skipped_test_is_a_failure_in_ci(tmp_path: Path, plugin: list[str], code: int) -> None:
    (tmp_path / "test_it.py").write_text("import pytest\n\ndef test_one(): pass\n\n@pytest.mark.skip\ndef test_two(): pass\n")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", "-p", "no:django", *plugin, "-c", "/dev/null", str(tmp_path)]
    outcome = subprocess.run([*command, f"--rootdir={tmp_path}"], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert outcome.returncode == code, outcome.stdout
    assert ("nothing may be skipped" in outcome.stdout) is bool(plugin)
    assert "1 passed, 1 skipped" in outcome.stdout


def test_postgresql_that_had_to_be_there_is_a_failure() -> None:
    command = [sys.executable, "-m", "tests.operations.postgres"]
    env = {"TEST_POSTGRES_URL": "postgres://nobody@127.0.0.1:1/none", "PATH": ""}
    outcome = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert (outcome.returncode, outcome.stdout) == (1, "")
    assert "does not answer" in outcome.stderr
