"""What partners could not use is refused where it is typed, by field and in words, and nothing of it is kept."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from cms.models import Article, Collection, HelpContact
from tests.cms import factories

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("number", "**"),
        ("number", "+"),
        ("number", "call us"),
        ("display", "<b>911</b>"),
        ("display", "none"),
        ("region", "ZZ"),
        ("region", "UK"),
        ("region", "USA"),
        ("dialable_from", ","),
        ("dialable_from", "GB, ZZ"),
        ("spoken_languages", " , "),
        ("channels", ","),
        ("hours", "whenever"),
        ("time_zone", "Mars/Base"),
        ("display", "0800 1111"),
        ("verified_on", TODAY + timedelta(days=1)),
        ("verify_by", TODAY - timedelta(days=30)),
    ],
)
def test_a_contact_that_nobody_could_call_is_refused_at_its_field(field: str, value: Any) -> None:
    contact = factories.contact("line", number="116123")
    contact.verified_on, contact.verify_by = TODAY - timedelta(days=10), TODAY + timedelta(days=100)
    contact.full_clean()
    setattr(contact, field, value)
    with pytest.raises(ValidationError) as refused:
        contact.full_clean()
    assert list(refused.value.message_dict) == [field]


@pytest.mark.parametrize(
    ("number", "display"),
    [
        ("911", "911"),
        ("18006624357", "1-800-662-4357"),
        ("+441632960001", "01632 960001"),
        ("18006624357", "1-800-662-HELP"),
        ("*31*112", "*31* 112"),
        ("08001110", "0800 1110"),
    ],
)
def test_a_number_is_shown_as_people_write_it(number: str, display: str) -> None:
    contact = factories.contact("line", number="112")
    contact.number, contact.display = number, display
    contact.full_clean()
    assert HelpContact.objects.get(pk=contact.pk).number == "112"


def posted(article: Article, *passages: tuple[str, Any], **changed: str) -> dict[str, Any]:
    blocks = streamfield(list(passages)) | {f"{index}-id": factories.block_id("typed", index) for index in range(len(passages))}
    body = streamfield([("section", {"aspect": "definition", "heading": "What it is", "blocks": blocks})])
    data = {
        "headline_en": "Headline", "summary_en": "Summary", "slug": article.slug, "meta_title_en": "", "meta_description_en": "",
        "body_en": body, "audience": "adults", "risk": "standard", "licence": article.licence, "change_severity": "", "change_harm": "",
        "change_note": "", "reviewed_on": "", "review_due_on": "", **changed,
        **{name: inline_formset([]) for name in ("advice", "terms", "related", "references", "comments")},
    }  # fmt: skip
    return {**nested_form_data(data), "action-publish": "1"}


def errors_of(client: Client, article: Article, *passages: tuple[str, Any], **changed: str) -> str:
    """What the page editor says when this is published; empty when it was."""
    client.force_login(factories.administrator())
    address = reverse("wagtailadmin_pages:edit", args=[article.pk])
    response = client.post(address, posted(article, *passages, **changed), follow=True)
    return "" if factories.fresh(article).live else str(response.context["form"].errors)


WORDS = ("paragraph", rich_text("<p>It lasts a week.</p>"))


@pytest.fixture
def article() -> Article:
    return factories.article(factories.shelf(slug="recovery"))


@pytest.mark.parametrize("html", ["<p></p>", "<p> </p>", "<p>\u00a0\u200b</p>", "<p>…</p>"])
@pytest.mark.parametrize("kind", ["paragraph", "warning"])
def test_a_passage_without_a_word_is_not_published(client: Client, article: Article, kind: str, html: str) -> None:
    assert "has a passage without a word" in errors_of(client, article, WORDS, (kind, rich_text(html)))


@pytest.mark.parametrize("href", ["/foo", "#x", "ftp://example.org/x", "http://", "heroin-withdrawal"])
def test_a_link_that_partners_would_not_be_given_is_not_left_out_in_silence(client: Client, article: Article, href: str) -> None:
    said = errors_of(client, article, ("paragraph", rich_text(f'<p>Read <a href="{href}">this</a>.</p>')))
    assert "is no whole address" in said
    assert "What it is" in said


@pytest.mark.parametrize("href", ["https://example.org/a?b=1&amp;c=2", "mailto:help@example.org", "tel:+441632960001"])
def test_a_whole_address_is_published(client: Client, article: Article, href: str) -> None:
    assert errors_of(client, article, ("paragraph", rich_text(f'<p>Read <a href="{href}">this</a>.</p>'))) == ""


def test_a_review_that_has_not_been_yet_is_refused(client: Client, article: Article) -> None:
    assert "This day has not come yet." in errors_of(client, article, WORDS, reviewed_on=str(TODAY + timedelta(days=1)))
    assert errors_of(client, article, WORDS, reviewed_on=str(min(TODAY, date(2026, 1, 2)))) == ""


def test_a_slug_that_another_collection_has_is_refused_in_words(client: Client, article: Article) -> None:
    beside = factories.library().add_child(instance=Collection(title="Beside", slug="beside", topic=factories.term("beside")))
    other = Article(title="Elsewhere", slug="elsewhere", headline_en="Elsewhere", summary_en="About.", live=False)
    beside.add_child(instance=other)
    other.save_revision(user=factories.editor())
    assert f"Another article has the slug “{article.slug}”." in errors_of(client, other, WORDS, slug=article.slug)


@pytest.mark.parametrize("sent", ["no JSON", "[]", '{"blocks": 7, "entityMap": 7}', "[" * 100_000])
def test_rich_text_that_no_editor_sends_is_400_and_stores_nothing(client: Client, article: Article, sent: str) -> None:
    before = Article.objects.filter(pk=article.pk).values().get(), article.revisions.count()
    client.force_login(factories.editor())
    form = {**posted(article, ("paragraph", "Words.")), "body_en-0-value-blocks-0-value": sent}

    answer = client.post(reverse("wagtailadmin_pages:edit", args=[article.pk]), form)

    assert answer.status_code == 400
    assert (Article.objects.filter(pk=article.pk).values().get(), article.revisions.count()) == before
