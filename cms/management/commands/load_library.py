"""`manage.py load_library`: load the sample library. What is there already stays as editors left it."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from cms import sample_library


class Command(BaseCommand):
    help = "Load the sample library. What is there already stays as editors left it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--sample-in-production", action="store_true", help="Load it although DEBUG is off.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG and not options["sample_in_production"]:
            raise CommandError("This is text that nobody checked. With DEBUG off, say --sample-in-production if you mean it.")
        sample_library.load(self._say if options["verbosity"] > 1 else lambda line: None)

    def _say(self, line: str) -> None:
        self.stdout.write(line)
