"""A migrated SQLite database, made once for each state of the migrations and copied for every run of the tests.

Migrating from nothing takes longer than most runs. What the copy lacks, because something else changed than the migrations,
`migrate` adds: it runs on the copy too.
"""

import hashlib
import os
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).parent.parent
#: What a migrated database follows from: our migrations and what is made after them, and the versions of everybody else's.
_SOURCES = ("requirements.txt", "api/migrations/*.py", "cms/migrations/*.py", "cms/roles.py", "cms/settings.py", "tests/settings_*.py")


def path() -> Path:
    """Where the template of this checkout is, made or not."""
    digest = hashlib.sha256(os.environ.get("DJANGO_SETTINGS_MODULE", "").encode())
    for pattern in _SOURCES:
        for file in sorted(ROOT.glob(pattern)):
            digest.update(file.read_bytes())
    return Path(tempfile.gettempdir()) / f"mainstay-template-{digest.hexdigest()[:16]}.sqlite3"


def copy_to(target: str) -> bool:
    """Put a copy of the template at `target`; false where there is no template yet."""
    if not path().exists():
        return False
    _copy(str(path()), target)
    return True


def make_from(source: str) -> None:
    """Keep a migrated database as the template. Two that do it at once leave one whole file."""
    unfinished = f"{path()}.{os.getpid()}"
    _copy(source, unfinished)
    Path(unfinished).replace(path())


def _copy(source: str, target: str) -> None:
    Path(target).unlink(missing_ok=True)
    with closing(sqlite3.connect(source)) as theirs, closing(sqlite3.connect(target)) as ours:
        theirs.backup(ours)
