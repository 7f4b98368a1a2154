"""A publisher, in a process of its own: it edits, signs off, publishes, translates and takes down one article, until it is told to end.

It notes what was acknowledged, and what a reader is answered after a text was taken down. It may be killed at any moment.
"""

import itertools
import json
import random
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any

from django.db import Error, connection, transaction

from api.models import Document
from cms import closing, desk, sign_off
from cms.models import Article
from tests.cms import factories

_REFUSALS = (sign_off.NotApprovable, closing.NotClosable, closing.NotBackYet, desk.TextMoved)
_PAUSE = Event()


def work(article_pk: int, *, port: int, notes: Path, end: Path) -> None:
    """Each act is a transaction, as a request is. A line of the notes is an acknowledged act, a look at what is gone, or a failure."""
    draw = random.Random()  # noqa: S311
    with notes.open("a", buffering=1) as lines:
        for round_ in itertools.count():
            words = f"round {round_} {draw.random()}"
            for act in (_edit(words), _sign_off, _publish, *([_translate(words)] if round_ % 2 else [_unpublish, _publish])):
                if end.exists():
                    return
                try:
                    with transaction.atomic():
                        act(Article.objects.get(pk=article_pk))
                    article = Article.objects.get(pk=article_pk)
                    newest = Document.objects.filter(subject_id=article.public_id).order_by("-number").values("number", "etag").first()
                except _REFUSALS:
                    continue
                except Error as failure:
                    lines.write(json.dumps({"failed": type(failure.__cause__ or failure).__name__, "act": act.__name__}) + "\n")
                    connection.close()
                    _PAUSE.wait(0.2)
                    continue
                lines.write(json.dumps({"act": act.__name__, **(newest or {})}) + "\n")
                if act is _unpublish:
                    lines.write(json.dumps({"gone": _status(port, article)}) + "\n")


def _edit(words: str) -> Callable[[Article], Any]:
    def edit(article: Article) -> None:
        factories.edit(article, body=factories.small_body(f"<p>{words}</p>"), change_severity="substantive")

    return edit


def _sign_off(article: Article) -> None:
    factories.approve_source(article)


def _publish(article: Article) -> None:
    factories.publish(article, severity="substantive")


def _translate(words: str) -> Callable[[Article], Any]:
    def translate(article: Article) -> None:
        factories.translated(article, "es", words=f" {words}")

    return translate


def _unpublish(article: Article) -> None:
    article.unpublish(user=factories.editor())


def _status(port: int, article: Article) -> int:
    """What a reader is answered now; 0 for no answer."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/articles/{article.public_id}/?lang=en", timeout=60) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refusal:
        return refusal.code
    except OSError:
        return 0
