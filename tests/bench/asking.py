"""What is asked of a library: the requests of each row, as the database at DATABASE_URL answers them.

`python -m tests.bench.asking` prints them as JSON, by the name of the row. `… once` are many, each of which is asked once.
"""

import itertools
import json
import random
import sys
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import django

WARM, ONCE = 400, 6_000


def main() -> None:
    """Print the requests of every row."""
    django.setup()
    generator = random.Random(7)
    headers = {"Authorization": f"Bearer {_key()}", "Accept-Encoding": "gzip"}
    anonymous = {"Accept-Encoding": "gzip"}
    rows: dict[str, Any] = {}
    documents = _documents(generator)
    detail = [(f"/api/v1/articles/{row['subject_id']}/?lang={row['language']}", row["etag"]) for row in documents]
    rows["detail"] = [(path, headers) for path, _ in detail[:WARM]]
    rows["detail, anonymous"] = [(path, anonymous) for path, _ in detail[:WARM]]
    rows["304"] = [(path, {**headers, "If-None-Match": f'"{etag}"'}) for path, etag in detail[:WARM]]
    rows["detail, once"] = [(path, headers) for path, _ in detail[WARM:]]
    lists = list(itertools.islice(_lists(), 40))
    rows["list"] = [(_articles(query), headers) for query in lists]
    rows["list, once"] = [(_articles(query), headers) for query in _since(lists)]
    searches = list(_searches(generator))
    rows["search"] = [(_articles(query), headers) for query in searches[:60]]
    rows["search, once"] = [(_articles(query), headers) for query in searches[60:]]
    changes = [f"/api/v1/changes/?{urlencode(query)}" for query in _changes(generator)]
    rows["changes"] = [(path, headers) for path in changes[:40]]
    rows["changes, once"] = [(path, headers) for path in changes[40:]]
    json.dump(rows, sys.stdout)


def _key() -> str:
    from api import partners
    from api.models import Partner

    partner, _created = Partner.objects.get_or_create(name="Benchmark", technical_email="bench@example.org")
    issued = partners.issue(partner=partner, environment="test", scopes=["read"], by="benchmark")
    issued.key.requests_per_minute = 2_000_000_000
    issued.key.save()
    return str(issued.text)


def _documents(generator: random.Random) -> list[dict[str, Any]]:
    from api.models import Document

    rows = Document.objects.published().filter(kind="article", slug__startswith="copy-")
    numbers = list(rows.values_list("number", flat=True))
    chosen = generator.sample(numbers, min(len(numbers), WARM + ONCE))
    return list(rows.filter(number__in=chosen).order_by("etag").values("subject_id", "language", "etag"))


def _articles(query: dict[str, str]) -> str:
    return f"/api/v1/articles/?{urlencode(query)}"


def _lists() -> Iterator[dict[str, str]]:
    from api import languages

    narrowed = (
        {"topic": "withdrawal"},
        {"topic": "treatment"},
        {"audience": "adults"},
        {"substance": "alcohol"},
        {"medicine": "methadone"},
    )
    for query, tag in itertools.product(narrowed, languages.TAGS):
        yield {"lang": tag, **query, "limit": "20"}


def _since(lists: list[dict[str, str]]) -> Iterator[dict[str, str]]:
    """The same lists, each of a moment of its own."""
    from api import canonical
    from api.models import Document

    first = Document.objects.order_by("number").values_list("modified_at", flat=True)[0] - timedelta(days=1)
    for second, query in zip(range(ONCE // 2), itertools.cycle(lists), strict=False):
        yield {**query, "modified_since": canonical.moment(first + timedelta(seconds=second))}


def _searches(generator: random.Random) -> Iterator[dict[str, str]]:
    """A frequent word, any word, two words, a phrase, an exclusion and a typing error, in each language; no query twice."""
    from api import languages
    from api.models import Document

    texts = {
        tag: [
            json.loads(body)
            for body in Document.objects.published().filter(kind="article", language=tag).values_list("body", flat=True)[:20]
        ]
        for tag in languages.TAGS
    }
    seen: set[tuple[str, str]] = set()
    for tag in itertools.islice(itertools.cycle(languages.TAGS), ONCE):
        title = generator.choice(texts[tag])["title"]
        text = generator.choice(generator.choice(texts[tag])["sections"])["heading"] + " " + title
        words = [word for word in text.replace(":", " ").replace(",", " ").split() if len(word) > 2 or tag == "vi"]
        if tag == "zh-Hans":
            words = [text[at : at + 2] for at in range(0, len(text) - 3, 2) if text[at : at + 2].isalpha()]
        if len(words) < 3:
            continue
        one, two = generator.sample(words, 2)
        at = generator.randrange(len(words) - 1)
        joint = "" if tag == "zh-Hans" else " "
        wrong = one[: len(one) // 2] + one[len(one) // 2 + 1 :]
        asked = generator.choice(
            [one, f"{one} {two}", f'"{words[at]}{joint}{words[at + 1]}"', f"{one} -{two}", wrong, f"{one} {_invented(generator)}"]
        )
        if (tag, asked) not in seen and asked:
            seen.add((tag, asked))
            yield {"q": asked, "lang": tag}


def _invented(generator: random.Random) -> str:
    from tests.bench import content

    return generator.choice(content.INVENTED)


def _changes(generator: random.Random) -> Iterator[dict[str, str]]:
    """Twenty documents after any number."""
    from api import cursors, feed
    from api.models import Document

    every = feed.Filter()
    rows = list(Document.objects.filter(current=True, kind="article").order_by("number").values_list("number", "etag"))[:-20]
    for number, etag in generator.sample(rows, min(len(rows), ONCE // 2)):
        position = cursors.write("feed", [number, etag[:8], every.scope(), feed._conditions(every)])
        yield {"include": "document", "limit": "20", "after": position}


if __name__ == "__main__":
    main()
