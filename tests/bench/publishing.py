"""Publishing and rebuilding on the library at DATABASE_URL, with the service at the address that is given.

`python -m tests.bench.publishing ADDRESS` prints, as JSON, after how many milliseconds a reader got what was published (95 of 100
times at most), and how many documents a second are rendered anew, by the clock and by processor time.
"""

import json
import statistics
import sys
import time
import urllib.request
from typing import Any

import django

PUBLISHED = 20
ROUNDS = 3


def main(address: str) -> None:
    """Print the figures."""
    django.setup()
    waited = [_published_to_visible(address, number) for number in range(PUBLISHED)]
    documents, seconds, processor = _rebuilt()
    figures = {
        "publish_p95_ms": statistics.quantiles(waited, n=20)[-1] * 1000,
        "rebuilt_per_s": documents / seconds,
        "rebuilt_per_processor_s": documents / processor,
    }
    json.dump(figures, sys.stdout)


def _published_to_visible(address: str, number: int) -> float:
    """Seconds from the editor's decision until an answer shows it."""
    from cms.models import Article

    article: Any = Article.objects.get(slug="medical-detox")
    said = f"What happens, and why it is safer with help. {time.time_ns()} {number}"
    article.summary_en = said
    article.change_severity = Article.Severity.MINOR
    revision = article.save_revision()
    began = time.perf_counter()
    revision.publish()
    while _summary(f"{address}/api/v1/articles/medical-detox/") != said:
        pass
    return time.perf_counter() - began


def _summary(url: str) -> str:
    with urllib.request.urlopen(url) as response:
        return str(json.load(response)["summary"])


def _rebuilt() -> tuple[int, float, float]:
    """How many documents of the sample library were rendered anew and compared, and the seconds that it took."""
    from api import store
    from api.models import Document
    from cms import publishing
    from cms.resolving import Resolver

    rows = Document.objects.filter(current=True).exclude(slug__startswith="mixed-").exclude(slug__startswith="copy-")
    subjects = sorted(set(rows.values_list("subject_id", "kind")), key=str)
    began, processor = time.perf_counter(), time.process_time()
    for _ in range(ROUNDS):
        with store.writing():
            resolver = Resolver()
            for subject_id, kind in subjects:
                publishing.publish(subject_id, kind, resolver=resolver)
    return ROUNDS * rows.count(), time.perf_counter() - began, time.process_time() - processor


if __name__ == "__main__":
    main(sys.argv[1])
