"""Whatever editors and translators save without putting it out: not one byte, tag or total of any public answer moves (row 8)."""
# ruff: noqa: S311 - repeatable, not secret

import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from api.addresses import VOCABULARY_PATHS
from api.models import Document
from cms import models, reference, submitting
from tests.cms import factories
from tests.conftest import examples

pytestmark = pytest.mark.django_db


def addresses() -> Iterator[str]:
    """Every resource, in every language and form that there is anything in."""
    for tag in ("en", *factories.TARGETS, "fr"):
        for document in Document.objects.current().filter(language="en", kind="article"):
            yield f"articles/{document.subject_id}/?lang={tag}"
            yield f"articles/{document.slug}/?lang={tag}&fallback=default&body=html"
        for query in ("", "&order=title", "&q=opioid", "&q=words", "&topic=withdrawal&limit=1", "&fields=sections"):
            yield f"articles/?lang={tag}{query}"
        yield from (f"{path}/?lang={tag}" for path in VOCABULARY_PATHS.values())
        yield f"help-contacts/?region=*&lang={tag}"
        yield f"changes/?lang={tag}&include=document"
    yield from (f"articles/{slug}/languages/" for slug in Document.objects.filter(kind="article").values_list("slug", flat=True).distinct())
    yield from ("", "languages/", "changes/", "articles/a-new-draft/", "openapi.json")


def answers() -> dict[str, tuple[int, bytes, tuple[tuple[str, str], ...]]]:
    """All that each address answers, but for what is left of the limit."""
    client, found = Client(), {}
    for address in addresses():
        response = client.get(f"/api/v1/{address}")
        headers = sorted((name, value) for name, value in response.headers.items() if not name.startswith("RateLimit"))
        found[address] = (response.status_code, response.content, tuple(headers))
    return found


class Drafts:
    """People who work, and put nothing out."""

    def __init__(self) -> None:
        self.shelf = factories.shelf()
        self.articles = [factories.go_live(factories.article(self.shelf, slug)) for slug in ("opioid-withdrawal", "alcohol")]
        for article in self.articles:
            factories.translated(article, "es")
        self.contact = factories.contact(targets=("es",))
        self.count = 0
        self.acts: list[Callable[[], Any]] = [
            self.edit, self.edit, self.translate, self.translate, self.new, self.snippet, self.remark, self.submit, self.rename_draft,
        ]  # fmt: skip

    def words(self) -> str:
        self.count += 1
        return f"words {self.count} opioid"

    def subject(self) -> Any:
        return random.choice([*self.articles, self.shelf.topic, self.shelf.term, self.shelf.advice, self.shelf.sample, self.contact])

    def edit(self) -> None:
        body = factories.small_body(f"<p>{self.words()}</p>")
        factories.edit(random.choice(self.articles), headline_en=self.words(), summary_en=self.words(), body=body, audience="families")

    def translate(self) -> None:
        factories.translate(self.subject(), random.choice([*factories.TARGETS, "fr"]), words=self.words())

    def new(self) -> None:
        factories.article(self.shelf, f"a-new-draft-{self.count}", headline=self.words())

    def snippet(self) -> None:
        row = factories.fresh(random.choice([self.shelf.topic, self.shelf.term, self.shelf.advice, self.shelf.sample, self.contact]))
        field = next(iter(row.text_fields))
        setattr(row, f"{field}_en", self.words())
        row.save()

    def remark(self) -> None:
        article = random.choice(self.articles)
        models.Comment.objects.create(
            subject_id=article.public_id, subject_kind="article", language="es", text=self.words(), by_name="Tariq"
        )

    def submit(self) -> None:
        article = factories.translate(random.choice(self.articles), "es", words=self.words())
        if submitting.open_submission(article, "es") is None:
            shown = reference.shown_digest(article, "es")
            submitting.submit(article, "es", by=factories.translator(), shown=shown, note=self.words())
        submitting.give_back(article, "es", by=factories.reviewer(), reason=self.words())

    def rename_draft(self) -> None:
        factories.edit(random.choice(self.articles), slug=f"renamed-{self.count}", change_severity="safety", change_note=self.words())


@pytest.mark.figure(8)
def test_three_hundred_drafts_move_nothing(settings: Any, figure: Callable[..., None]) -> None:
    settings.CLINICAL_SIGN_OFF = "required"
    drafts = Drafts()
    before = answers()
    assert sum(status == 200 for status, _body, _headers in before.values()) > 40
    edits = examples(300)
    for _ in range(edits):
        random.choice(drafts.acts)()
    after = answers()
    moved = [address for address in before if after[address] != before[address]]
    assert not moved, moved
    figure(row=8, name=f"of {len(before)} public answers those that {edits} drafts have moved", value=len(moved), limit=0)


def test_what_is_put_out_does_move_them(settings: Any) -> None:
    settings.CLINICAL_SIGN_OFF = "required"
    drafts = Drafts()
    before = answers()
    factories.edit(drafts.articles[0], headline_en="Another headline")
    factories.go_live(drafts.articles[0], severity="minor")
    assert sum(after != before.get(address) for address, after in answers().items()) > 5
