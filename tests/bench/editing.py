"""What editors wait for, in the library at DATABASE_URL: the desk of a long article, and the coverage matrix of a thousand.

`python -m tests.bench.editing` prints, as JSON, the seconds of processor time that each takes in the server, the middle one of
three. What it makes is rolled back.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import django

ROUNDS, WORDS, ARTICLES = 3, 2_000, 1_000


def main() -> None:
    """Print the figures."""
    django.setup()
    from django.db import transaction
    from django.test.utils import setup_test_environment

    setup_test_environment()
    with transaction.atomic():
        json.dump(_measured(), sys.stdout)
        transaction.set_rollback(True)


def _measured() -> dict[str, float]:
    from django.urls import reverse

    from tests.cms import factories, many

    article = _long_article()
    client = _client(factories.translator())
    desk = reverse("mainstay:translate", args=["article", article.public_id, "ar"])
    opened = _seconds(lambda: client.get(desk))
    saved = statistics.median(_save(client, desk) for _round in range(ROUNDS))
    many.copies(article, ARTICLES - 1)
    report = reverse("mainstay:coverage")
    client = _client(factories.administrator())
    return {"desk_opens_s": opened, "desk_saves_s": saved, "matrix_s": _seconds(lambda: client.get(report))}


def _client(person: Any) -> Any:
    from django.test import Client

    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(person)
    return client


def _long_article() -> Any:
    """About 2,000 words of the sample library in one article, in eight languages."""
    from cms import languages
    from cms.models import Article, Collection, Notice, SafetyAdvice, Term
    from tests.cms import factories

    collection = Collection.objects.get(slug="withdrawal")
    notices = {name: Notice.objects.get(purpose=getattr(Notice.Purpose, name.upper())) for name in ("sample", "outdated", "source_changed")}
    heroin = Term.objects.get(vocabulary=Term.Vocabulary.SUBSTANCE, code="heroin")
    advice = SafetyAdvice.objects.earliest("pk")
    topic = factories.term("measured", targets=languages.TARGETS)
    apart = factories.library().add_child(instance=Collection(title="Measured", slug="measured", topic=topic))
    shelf = factories.Shelf(collection=apart, topic=topic, term=heroin, advice=advice, **notices)
    body: list[Any] = []
    for sample in Article.objects.child_of(collection).order_by("pk"):
        if len(json.dumps(body).split()) < WORDS:
            body += sample.body_en.raw_data
    article = factories.edit(factories.article(shelf), body=[dict(section) for section in body])
    factories.go_live(article)
    for tag in languages.TARGETS:
        factories.translated(article, tag)
    return factories.fresh(article)


def _save(client: Any, desk: str) -> float:
    """The seconds of a save of the whole form, in which one passage is another one."""
    form = client.get(desk).context["form"]
    sent = {form.add_prefix(name): field.widget.format_value(form[name].value()) for name, field in form.fields.items()}
    sent[next(iter(form.keys))] += f" {time.time_ns()}"
    began = time.process_time()
    answer = client.post(desk, sent)
    seconds = time.process_time() - began
    if answer.status_code != 302:
        raise RuntimeError(f"The desk was not saved: {answer.status_code}")
    return seconds


def _seconds(act: Callable[[], object]) -> float:
    """Of the processor: how many queries each makes is counted in tests."""
    times = []
    for _round in range(ROUNDS):
        began = time.process_time()
        act()
        times.append(time.process_time() - began)
    return statistics.median(times)


if __name__ == "__main__":
    main()
