"""`manage.py rebuild_search`: index every current article anew, after the rules of `api.words` have changed.

In batches, each with its own transaction: nobody who takes an article down has to wait for the whole.
"""

from typing import Any

from django.core.management.base import BaseCommand

from api import search, store
from api.models import Document, Kind

BATCH = 200


class Command(BaseCommand):
    help = "Index every current article anew."

    def handle(self, *args: Any, **options: Any) -> None:
        numbers = list(Document.objects.published().filter(kind=Kind.ARTICLE).values_list("number", flat=True))
        indexed = 0
        for start in range(0, len(numbers), BATCH):
            with store.writing():
                indexed += search.renew(numbers[start : start + BATCH])
        self.stdout.write(f"{indexed} articles indexed.")
