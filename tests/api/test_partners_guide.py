"""The guide for partners: every command in it is run, as it stands there, against a service."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.urls import resolve

from api import exclusions, problems, service, standing
from api.models import State
from tests.api import factories, keys

ROOT = Path(__file__).parent.parent.parent
GUIDE = (ROOT / "docs" / "partners.md").read_text(encoding="utf-8")
#: Blocks of commands: the status that curl is to be answered with, where it is a problem, and the commands.
BLOCKS = re.findall(r"```sh *(\d*)\n(.*?)```", GUIDE, re.DOTALL)
CURL = 'curl() { command curl --silent --show-error --fail-with-body --output-dir "$PWD" "$@"; }\n'


@pytest.mark.django_db(transaction=True)
def test_every_command_does_what_the_guide_says(live_server: Any, settings: Any, tmp_path: Path) -> None:
    settings.BASE_URL = live_server.url
    first = factories.publish(slug="heroin-withdrawal", sample=True)
    for tag in ("es", "ar"):
        factories.publish(first.subject_id, tag, slug="heroin-withdrawal", text="Los síntomas ceden.")
    factories.publish(slug="psychological-support")
    factories.publish(kind="help_contact", language="es")
    (tmp_path / "docs").symlink_to(ROOT / "docs")
    key = keys.issue(environment="test").text
    done = ""
    for status, commands in BLOCKS:
        told = commands.replace("http://127.0.0.1:8000", live_server.url).replace("mnst_test_your_key", key)
        # What an earlier block set, such as the address, holds in the later ones.
        script = f"set -euo pipefail\n{CURL}{done}\n{told}"
        ran = subprocess.run(
            ["bash", "-c", script],
            cwd=tmp_path,
            env={"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert (ran.returncode == 0) != bool(status), (commands, ran.stdout, ran.stderr)
        if status:
            assert f'"status":{status}' in ran.stdout.replace(" ", "")
            assert re.search(r"code `([a-z-]+)`", commands)[1] in ran.stdout  # type: ignore[index]
        done += "".join(line + "\n" for line in told.splitlines() if re.match(r"(export )?[A-Z_]+=", line))
    assert len(BLOCKS) > 8
    assert {file.name for file in (tmp_path / "copy").iterdir()} >= {"en", "es", "ar", "state.json"}
    assert {file.parent.name for file in (tmp_path / "spanish").glob("*/*/*.json")} == {"article"}


def test_what_the_guide_names_exists() -> None:
    addresses = re.findall(r"`(/[a-z{][a-z0-9/{}.-]*)`", GUIDE)
    assert len(addresses) > 5
    for address in addresses:
        path = address.replace("{id}", "x").removeprefix("/api/v1")
        assert resolve(f"/api/v1{path}").func.cls is not service.Anything, address  # type: ignore[attr-defined]
    codes = set(re.findall(r"(?:code `|4\d\d[\s`]+)([a-z-]+)`", GUIDE))
    assert codes == {"translation-unavailable", "sync-token-expired", "unknown-parameter", "held", "gone", "recalled"}
    assert codes <= set(problems.TYPES)
    assert all(f"| `{name}` |" in GUIDE for name in (*exclusions.NAMES, *State.values))


def test_times_that_the_guide_names_are_those_of_the_service() -> None:
    assert f"**{standing.POLL_EVERY_S // 60} minutes**" in GUIDE
    assert f"**{standing.REMOVE_WITHIN_H} hours**" in GUIDE
