"""Who follows the feed ends with what is published, whatever is killed and crashed meanwhile (row 1)."""

import contextlib
import itertools
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection

from api.models import Document
from tests import databases, killing
from tests.cms import factories
from tests.operations import feed_publisher, feed_reader, postgres_server
from tests.operations.service import ROOT

SECONDS = 60
READERS = 4
PAUSE = Event()


@pytest.mark.torture(1)
def test_readers_end_with_what_is_published(transactional_db: None, settings: Any, tmp_path: Path, figure: Callable[..., None]) -> None:
    settings.CLINICAL_SIGN_OFF = "required"
    publishers = 20 if connection.vendor == "sqlite" else 50
    with database(tmp_path) as server:
        shelf = factories.shelf(targets=["es"])
        articles = [factories.go_live(factories.article(shelf, f"article-{number}")).pk for number in range(publishers)]
        connection.close()
        with serving(server, tmp_path) as ports:
            torture = Torture(directory=tmp_path, ports=ports, server=server)
            with torture.begun(articles):
                torture.go_on(seconds=SECONDS)
        report(torture, figure)


def report(torture: "Torture", figure: Callable[..., None]) -> None:
    rows = {row.number: row for row in Document.objects.all()}
    current = {(row.kind, str(row.subject_id), row.language): row for row in rows.values() if row.current}
    lost = twice = backwards = differing = shown = 0
    for notes in torture.notes("reader"):
        items = [item for line in feed_reader.lines_of(notes) for item in line.get("items", [])]
        numbers = [item["number"] for item in items]
        lost += len({row.number for row in current.values()} - set(numbers))
        twice += len(numbers) - len(set(numbers))
        backwards += sum(after < before for before, after in itertools.pairwise(numbers))
        copy = {(item["kind"], item["id"], item["lang"]): item for item in items}
        differing += sum(not same(copy.get(key), row) for key, row in current.items()) + len(set(copy) - set(current))
        shown += sum(item["state"] == "published" and current[key].state != "published" for key, item in copy.items())
    said = [line for notes in torture.notes("publisher") for line in feed_reader.lines_of(notes)]
    acknowledged = [line for line in said if "number" in line]
    looks = [line["gone"] for line in said if "gone" in line]
    refused = Counter(line["refused"] for notes in torture.notes("reader") for line in feed_reader.lines_of(notes) if "refused" in line)
    failed = Counter(line["failed"] for line in said if "failed" in line)
    how = f"{len(acknowledged)} acknowledged acts, {len(rows)} documents, {dict(torture.done)}"
    assert len(acknowledged) > 2 * len(torture.notes("publisher")), (how, failed)
    assert looks, how
    assert set(looks) <= {0, 200, 410, 500, 503}, Counter(looks)
    assert not {"DeadlockDetected", "IntegrityError", "UniqueViolation"} & set(failed), failed
    figure(row=1, name=f"lost to a reader, {how}", value=lost, limit=0)
    figure(row=1, name=f"given twice or out of order; readers were refused {dict(refused)}", value=twice + backwards, limit=0)
    figure(row=1, name=f"documents that differ between {READERS} readers' copies and what is published", value=differing, limit=0)
    figure(row=1, name=f"gone, but in a copy, or shown in {len(looks)} looks", value=shown + looks.count(200), limit=0)
    missing = sum(rows[line["number"]].etag != line["etag"] if line["number"] in rows else True for line in acknowledged)
    figure(row=1, name=f"acknowledged, but lost; publishers failed {dict(failed)}", value=missing, limit=0)


def same(item: dict[str, Any] | None, row: Document) -> bool:
    if item is None:
        return False
    version = row.version if row.state == "published" else None
    return (item["number"], item["state"], item["etag"], item["document"]) == (row.number, row.state, row.quoted_etag, version)


@dataclass(kw_only=True)
class Torture:
    """Publishers and readers who are killed and start again, and a database that crashes."""

    directory: Path
    ports: list[int]
    server: "Server"
    publishers: dict[int, int] = field(default_factory=dict)
    readers: "dict[int, subprocess.Popen[bytes]]" = field(default_factory=dict)
    done: Counter[str] = field(default_factory=Counter)

    @contextmanager
    def begun(self, articles: list[int]) -> Iterator[None]:
        """Until the block ends; then publishers finish their act, and readers read to the end."""
        try:
            for article in articles:
                self._publish(article)
            for number in range(READERS):
                self._read(number)
            yield
            (self.directory / "end-of-publishing").touch()
            assert not any(killing.was_killed(self.publishers.pop(article)) for article in articles)
            (self.directory / "end-of-reading").touch()
            assert [self.readers[number].wait(120) for number in range(READERS)] == [0] * READERS
        finally:
            for child in self.publishers.values():
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)
            for reader in self.readers.values():
                reader.kill()
                reader.wait()

    def go_on(self, *, seconds: float) -> None:
        began = time.monotonic()
        crashes = [seconds * part for part in (0.25, 0.5, 0.75)] if self.server.crash else []
        while (spent := time.monotonic() - began) < seconds:
            PAUSE.wait(1)
            self._kill_a_publisher()
            if self.done["publishers killed"] % 4 == 0:
                self._kill_a_reader()
            if self.server.crash and crashes and spent > crashes[0]:
                crashes.pop(0)
                self.server.crash()
                self.done["crashes"] += 1

    def notes(self, kind: str) -> list[Path]:
        return sorted(self.directory.glob(f"{kind}-*.notes"))

    def _kill_a_publisher(self) -> None:
        article = random.choice(list(self.publishers))  # noqa: S311
        os.kill(self.publishers[article], signal.SIGKILL)
        assert killing.was_killed(self.publishers.pop(article))
        self.done["publishers killed"] += 1
        self._publish(article)

    def _kill_a_reader(self) -> None:
        number = random.choice(list(self.readers))  # noqa: S311
        self.readers[number].kill()
        assert self.readers[number].wait(10) == -signal.SIGKILL, "A reader gave up."
        self.done["readers killed"] += 1
        self._read(number)

    def _publish(self, article: int) -> None:
        port, notes = self.ports[article % len(self.ports)], self.directory / f"publisher-{article}.notes"
        end = self.directory / "end-of-publishing"
        self.publishers[article] = killing.started(lambda: feed_publisher.work(article, port=port, notes=notes, end=end), dies_at=0)

    def _read(self, number: int) -> None:
        port, notes = self.ports[number % len(self.ports)], self.directory / f"reader-{number}.notes"
        command = [sys.executable, "-m", "tests.operations.feed_reader", str(port), str(notes), str(self.directory / "end-of-reading")]
        self.readers[number] = subprocess.Popen(command, cwd=ROOT)


@dataclass(frozen=True, kw_only=True)
class Server:
    """Where the documents are; SQLite has no server that could crash."""

    url: str
    crash: Callable[[], None] | None = None


@contextmanager
def database(directory: Path) -> Iterator[Server]:
    """An empty library in a database of its own, to which Django is connected."""
    with contextlib.ExitStack() as stack:
        if connection.vendor == "sqlite":
            file = directory / "own.sqlite3"
            server, address = Server(url=f"sqlite:///{file}"), {"NAME": str(file)}
        else:
            own = stack.enter_context(postgres_server.running())
            server, address = Server(url=own.url, crash=own.crash), own.address
        stack.enter_context(databases.connected_to(**address))
        stack.callback(forget)
        call_command("migrate", verbosity=0)
        forget()
        yield server


def forget() -> None:
    """What is kept of one database is wrong for the next."""
    ContentType.objects.clear_cache()
    cache.clear()


@contextmanager
def serving(server: Server, directory: Path) -> Iterator[list[int]]:
    """The ports of two processes that serve the API alone."""
    environment = {
        **os.environ,
        "DEBUG": "1",
        "DJANGO_SETTINGS_MODULE": "tests.settings_api_alone",
        "DATABASE_URL": server.url,
        "ANONYMOUS_PER_MINUTE": str(10**9),
    }
    with (directory / "service.log").open("w") as log, contextlib.ExitStack() as stack:
        ports = []
        for _ in range(2):
            command = [sys.executable, "-m", "tests.operations.service", "8"]
            process = stack.enter_context(
                subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=log, text=True)
            )
            stack.callback(process.kill)
            assert process.stdout
            ports.append(int(process.stdout.readline()))
        yield ports
