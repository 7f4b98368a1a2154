"""`manage.py run_jobs`: schedules, due renderings and the search for differences, every 30 seconds until SIGTERM."""

import signal
from threading import Event
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cms import jobs


class Command(BaseCommand):
    help = "Run the jobs every 30 seconds until SIGTERM or SIGINT."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="One round, comparing every document; fail if anything failed or differs.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            if not jobs.run_once():
                raise CommandError("A job failed or documents differ; the log says which.")
            return
        stop = Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        jobs.run_until(stop)
