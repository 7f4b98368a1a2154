"""A stranger to our code sends what the description allows and what it forbids, and judges each answer by the description."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.operations import service

SEED = """
from api import languages
from api.contract import Vocabulary
from tests.api import factories

def everywhere(**content):
    subject_id = factories.publish(**content).subject_id
    for tag in languages.TAGS[1:]:
        factories.publish(subject_id, tag, **content)

everywhere(slug="heroin-withdrawal", notice="Never alone.")
everywhere(slug="alcohol", sample=True)
everywhere(kind="help_contact")
for vocabulary in Vocabulary:
    everywhere(kind="term", vocabulary=vocabulary, code="heroin")
for state in ("held", "gone", "recalled"):
    factories.close(factories.publish(slug=f"was-{state}"), state, severity="safety", instruction="Remove it.")
"""


def test_a_few_requests_are_answered_as_described(tmp_path: Path) -> None:
    report = sent(tmp_path, "--phases=examples,fuzzing", "--max-examples=2", with_key=False)
    assert report["test_cases"]["generated"] > 40


@pytest.mark.torture(14)
def test_ten_thousand_requests_are_answered_as_described(tmp_path: Path, figure: Callable[..., None]) -> None:
    report = sent(tmp_path, "--max-examples=320", with_key=True)
    assert all(phase["status"] == "success" for phase in report["phases"].values()), report["phases"]
    assert set(report["phases"]) == {"examples", "coverage", "fuzzing", "stateful"}
    cases = report["test_cases"]["generated"]
    figure(row=14, name="cases of Schemathesis", value=cases, limit=10_000, passed=cases >= 10_000)
    figure(row=14, name=f"failures in {cases} cases of Schemathesis", value=report["test_cases"]["unique_failures"], limit=0)


def sent(directory: Path, *options: str, with_key: bool) -> Any:
    """The report of a run against a service of its own. A failure of the run fails the test with all that it said."""
    file = directory / "report.json"
    with service.serving(directory, threads=4, ANONYMOUS_PER_MINUTE=str(10**9)) as served:
        service.run(served.environment, "manage.py", "shell", "--verbosity=0", "-c", SEED)
        base = f"http://127.0.0.1:{served.ports[0]}/api/v1"
        run = subprocess.run(
            [
                *(
                    Path(sys.executable).with_name("schemathesis"),
                    "--no-color",
                    "run",
                    f"{base}/openapi.json",
                    f"--url={base}",
                    "--checks=all",
                ),
                *("--continue-on-failure", "--generation-database=none", "--report=json", f"--report-json-path={file}"),
                *(("-H", f"Authorization: Bearer {served.keys[10**9]}") if with_key else ()),
                *options,
            ],
            cwd=directory,
            env={**os.environ, "PYTHONPATH": str(service.ROOT), "SCHEMATHESIS_HOOKS": "tests.operations.schemathesis_hooks"},
            capture_output=True,
            text=True,
            check=False,
        )
    assert run.returncode == 0, run.stdout + run.stderr
    report = json.loads(file.read_text())
    assert report["operations"]["tested"] == report["operations"]["total"] > 20
    assert report["test_cases"]["errored"] == report["test_cases"]["unique_failures"] == 0
    return report
