"""The benchmark's databases: made once, kept for the next run, made anew when what they are made by has changed.

`python -m tests.bench.library DOCUMENTS PAGES` fills the empty database at DATABASE_URL.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

ROOT = Path(__file__).resolve().parents[2]
_MADE_BY = (
    "tests/bench/content.py",
    "tests/bench/library.py",
    "tests/bench/pages.py",
    "api/gzipped.py",
    "api/models/documents.py",
    "api/representations.py",
    "api/store.py",
    "api/words.py",
)


def prepare(server: str, *, documents: int, pages: int) -> str:
    """The address of a database with that many documents and pages of Wagtail."""
    name = f"mainstay_bench_{documents}"
    address = urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    wanted = _fingerprint(documents, pages)
    with psycopg.connect(urlunsplit(urlsplit(server)._replace(path="/postgres")), autocommit=True) as connection:
        found = connection.execute("SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [name]).fetchone()
        if found and found[0] == wanted:
            return address
        sys.stdout.write(f"Making {name}: {documents} documents, {pages} pages.\n")
        sys.stdout.flush()
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        environment = {**os.environ, "DATABASE_URL": address, "DEBUG": "1", "DJANGO_SETTINGS_MODULE": "cms.settings"}
        command = [sys.executable, "-m", "tests.bench.library", str(documents), str(pages)]
        subprocess.run(command, env=environment, cwd=ROOT, check=True)
        connection.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(name), sql.Literal(wanted)))
    return address


def _fingerprint(documents: int, pages: int) -> str:
    digest = hashlib.sha256(f"{documents} {pages}".encode())
    for file in (*_MADE_BY, *sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("*/migrations/*.py"))):
        digest.update((ROOT / file).read_bytes())
    return digest.hexdigest()


def _fill(documents: int, pages: int) -> None:
    import django

    django.setup()
    from django.core.management import call_command

    from cms import sample_library
    from tests.bench import content
    from tests.bench import pages as wagtail_pages

    call_command("migrate", verbosity=0)
    sample_library.load(lambda _line: None)
    content.make(documents=documents, templates=min(60, max(5, documents // 200)))
    if pages:
        wagtail_pages.make(pages=pages, templates=8)


if __name__ == "__main__":
    _fill(int(sys.argv[1]), int(sys.argv[2]))
