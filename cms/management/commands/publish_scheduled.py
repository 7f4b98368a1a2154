"""`manage.py publish_scheduled`: publish and expire what is due. It stands in for Wagtail's command of the same name."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cms import scheduling


class Command(BaseCommand):
    help = "Publish and expire the pages that are due, each in its own transaction."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dryrun", action="store_true", help="Only list what is due.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["dryrun"]:
            self.stdout.write("\n".join(f"page {page_pk} is due" for page_pk in scheduling.due()) or "Nothing is due.")
            return
        outcome = scheduling.work_off()
        if outcome.failed:
            total = outcome.done + outcome.failed
            raise CommandError(f"{outcome.failed} of {total} pages failed and keep their schedule; the log says why.")
