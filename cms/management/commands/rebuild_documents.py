"""`manage.py rebuild_documents`: render every document from its decisions; with `--check`, say which would change."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cms import publishing, rebuilding


class Command(BaseCommand):
    help = "Render every document from the recorded decisions. What is as it should be stays untouched."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check",
            action="store_true",
            help="Write no document; list what differs, keep the list for the first screen of administrators, and fail if anything does.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            self._check()
        elif failed := rebuilding.rebuild(self.stdout.write):
            raise CommandError(f"{failed} subjects could not be rendered, and keep their documents.")

    def _check(self) -> None:
        subjects = publishing.subjects_with_documents()
        found = [line for lines in rebuilding.compare(subjects) for line in lines]
        for line in found:
            self.stdout.write(line)
        if found:
            raise CommandError(f"{len(found)} documents of {len(subjects)} subjects differ.")
        self.stdout.write(f"0 documents of {len(subjects)} subjects differ.")
