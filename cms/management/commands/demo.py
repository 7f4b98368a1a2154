"""`manage.py demo`: the service on this machine, with the sample library and an account for each role, until it is stopped."""

import errno
import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from threading import Event, Thread
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.core.servers import basehttp
from django.db import connection, transaction

from cms import demo, jobs, publishing, rebuilding, sample_library
from cms.models import Article


class Command(BaseCommand):
    help = "Migrate, load the sample library, make an account for each role, and serve on HOST and PORT (loopback only)."

    def handle(self, *args: Any, **options: Any) -> None:
        host, port = _address()
        try:
            with _stopped_by_signals():
                self._prepare()
                self._serve(host, port)
        except KeyboardInterrupt:
            pass

    def _prepare(self) -> None:
        self._say("Preparing the database.")
        call_command("migrate", verbosity=0)
        loading = Progress(self._say)
        with transaction.atomic():  # all or nothing: half a library would stay half
            sample_library.load(loading.step)
        call_command("load_sandbox", stdout=StringIO())
        demo.make_accounts()
        self._render_for_this_address()
        connection.close()

    def _render_for_this_address(self) -> None:
        """Documents carry absolute addresses: on another HOST or PORT than last time they are rendered anew."""
        articles = [subject for subject in publishing.subjects_with_documents() if subject[1] == Article.kind]
        if any(rebuilding.differences(articles[:1])):
            self._say("The address or the software is not the one of last time: rendering the documents anew.")
            rebuilding.rebuild(lambda line: self._say(f"  {line}"))

    def _serve(self, host: str, port: int) -> None:
        stop = Event()
        worker = Thread(target=jobs.run_until, args=[stop], name="jobs", daemon=True)

        def started(_port: object) -> None:
            self._say(welcome())
            worker.start()

        handler = StaticFilesHandler(basehttp.get_internal_wsgi_application())
        try:
            basehttp.run(host, port, handler, ipv6=":" in host, threading=True, on_bind=started)
        finally:
            stop.set()
            if worker.is_alive():
                worker.join(timeout=5)

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


class Progress:
    """Says how many things are loaded, at most once in two seconds."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._count = 0
        self._said_at = time.monotonic()

    def step(self, line: str) -> None:
        if self._count == 0:
            self._say("Loading the sample library: half a minute, once.")
        self._count += 1
        if time.monotonic() - self._said_at > 2:
            self._said_at = time.monotonic()
            self._say(f"  {self._count} loaded, now {line}")


def welcome() -> str:
    """Where to go, and as whom."""
    pages = (("Start page", "/"), ("Editors' side", "/admin/"), ("Partner API", "/api/v1/"), ("API, to read and try", "/api/v1/docs/"))
    width = max(len(account.username) for account in demo.ACCOUNTS)
    lines = [
        "",
        *(f"  {name:<22} {settings.BASE_URL}{path}" for name, path in pages),
        "",
        f"  Log in with the password  {demo.PASSWORD}  as",
        "",
        *(f"    {account.username:<{width}}  {account.group or 'may do everything'}" for account in demo.ACCOUNTS),
        "",
        "  The texts are samples that no health professional has checked. Ctrl-C stops it.",
        "",
    ]
    return "\n".join(lines)


def _address() -> tuple[str, int]:
    host, port = os.environ.get("HOST") or "127.0.0.1", os.environ.get("PORT") or "8000"
    if not settings.DEBUG:
        raise CommandError("The demo has accounts whose password everybody knows. It runs with DEBUG=1 only.")
    if not demo.is_loopback(host):
        raise CommandError(f"The demo listens on this machine only: HOST is {host}, and may be 127.0.0.1, ::1 or localhost.")
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise CommandError(f"PORT is {port}, and must be a number from 1 to 65535.")
    _require_free(host, int(port))
    return host, int(port)


def _require_free(host: str, port: int) -> None:
    """Say so before the long work, when the port cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((host, port))
        except OSError as error:
            why = "is in use" if error.errno == errno.EADDRINUSE else f"cannot be had ({error.strerror})"
            raise CommandError(f"Port {port} on {host} {why}. Choose another: make run PORT=8001") from error


@contextmanager
def _stopped_by_signals() -> Iterator[None]:
    """SIGTERM stops like Ctrl-C does, also where a shell has told its children to ignore SIGINT."""

    def stop(*_: Any) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    yield
