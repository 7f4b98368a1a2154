"""Every text that a step does not name stays byte for byte, whatever is done, under every active language (row 10)."""

from typing import Any

import pytest
from django.db import transaction
from django.utils import translation
from hypothesis import Phase
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from wagtail.admin.panels import get_edit_handler
from wagtail.models import Page, Revision
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from api.models import Document
from cms import languages
from cms.models import Approval, Article, Collection, TargetColumnsNotWritable, Term
from cms.snippets import TermViewSet
from tests.cms import factories
from tests.conftest import FULL, examples

pytestmark = pytest.mark.django_db

TARGETS = ("es", "ar")
ACTIVE = [languages.code(tag) for tag in languages.TAGS]


def columns(row: Any) -> dict[str, str]:
    """Every translated column of a row as the database holds it."""
    names = [languages.column(name, tag) for name in row.translated_fields() for tag in languages.TAGS]
    names += row.translated_fields()
    with_names = type(row)._base_manager.filter(pk=row.pk)
    with translation.override("en"):
        fresh = with_names.get()
    found = {}
    for name in names:
        value = fresh.__dict__.get(name)
        found[name] = str(
            value.get_prep_value() if hasattr(value, "get_prep_value") else getattr(value, "raw_data", value) if value is not None else ""
        )
    return found


def posted(article: Article, headline: str, words: str) -> dict[str, Any]:
    body = article.body_en
    section = body[0]
    paragraph = section.value["blocks"][0]
    blocks = streamfield([("paragraph", rich_text(f"<p>{words}</p>", features=["bold"]))]) | {"0-id": paragraph.id}
    data = {
        "headline_en": headline, "summary_en": f"About {words}", "slug": article.slug, "meta_title_en": "", "meta_description_en": "",
        "body_en": streamfield([("section", {"aspect": "definition", "heading": "Heading", "blocks": blocks})]) | {"0-id": section.id},
        "audience": "adults", "risk": "high", "licence": article.licence, "change_severity": "substantive", "change_harm": "",
        "change_note": "", "reviewed_on": "", "review_due_on": "",
        **{name: inline_formset([]) for name in ("advice", "references", "terms", "related", "comments")},
    }  # fmt: skip
    return nested_form_data(data)


class Isolation(RuleBasedStateMachine):
    """One article and one term, edited in every way that there is."""

    forms = Bundle("forms")
    stale = Bundle("stale")
    article: Article
    term: Term
    other: Collection

    def __init__(self) -> None:
        super().__init__()
        self.point = transaction.savepoint()
        self.words = 0
        self.before = self.everything()

    def teardown(self) -> None:
        translation.activate("en")
        transaction.savepoint_rollback(self.point)

    def everything(self) -> dict[Any, Any]:
        found: dict[Any, Any] = {}
        for row in (self.article, self.term):
            found |= {(row.kind, name): value for name, value in columns(row).items()}
        found |= {("approval", row.pk): (row.text_digest, str(row.texts)) for row in Approval.objects.all()}
        found |= {("document", row.kind, str(row.subject_id), row.language): (row.etag, row.body) for row in Document.objects.current()}
        return found

    def only(self, *, kind: str = "", tag: str = "", documents: bool = False) -> None:
        """Nothing moved but texts of this language of this kind (and, where it was approved or published, documents)."""
        now = self.everything()
        suffix = languages.column("", tag) if tag else "-"
        for key, value in now.items():
            before = self.before.get(key)
            if value == before or (key[0] == "approval" and before is None) or (key[0] == "document" and documents):
                continue
            is_named = key[0] == kind and (
                key[1].endswith(suffix) or (tag == "en" and "_" not in key[1].replace("meta_", "").replace("_terms", ""))
            )
            assert is_named, (key, before, value)
        assert set(self.before) <= set(now)
        self.before = now

    def word(self) -> str:
        self.words += 1
        return f"word {self.words}"

    def fresh(self) -> Article:
        return Article.objects.get(pk=self.article.pk)

    @rule(language=st.sampled_from(ACTIVE))
    def switch(self, language: str) -> None:
        translation.activate(language)

    @rule(target=forms)
    def open_form(self) -> Any:
        return self.fresh().get_latest_revision_as_object()

    @rule(target=stale)
    def keep_an_instance(self) -> Any:
        return self.fresh()

    @rule(draft=forms, autosave=st.booleans(), publish=st.booleans())
    def save_form(self, draft: Article, autosave: bool, publish: bool) -> None:
        form_class = get_edit_handler(Article).get_form_class()
        word = self.word()
        form = form_class(
            posted(draft, f"Headline {word}", word), instance=draft, parent_page=self.fresh().get_parent(), for_user=self.admin
        )
        form.defer_required_fields()
        assert form.is_valid(), form.errors
        page = form.save(commit=not self.fresh().live)
        latest = self.fresh().latest_revision
        page.latest_revision = latest
        overwrite = latest if autosave and latest.user_id == self.admin.pk else None
        page.save_revision(user=self.admin, overwrite_revision=overwrite)
        self.only(kind="article", tag="en")
        if publish:
            self.publish()

    @rule()
    def publish(self) -> None:
        self.fresh().latest_revision.publish(user=self.admin)
        self.only(kind="article", tag="en", documents=True)

    @rule(back=st.integers(0, 5))
    def revert(self, back: int) -> None:
        revisions = Revision.objects.for_instance(self.article).order_by("-pk")
        old = revisions[min(back, len(revisions) - 1)]
        page = old.as_object()
        page.save_revision(user=self.admin, previous_revision=old)
        self.only(kind="article", tag="en")

    @rule(instance=stale, narrow=st.booleans())
    def save_a_stale_instance(self, instance: Article, narrow: bool) -> None:
        instance.save(update_fields=["summary_en", "summary"] if narrow else None)
        self.only(kind="article", tag="en")

    @rule(instance=stale)
    def refresh_a_stale_instance(self, instance: Article) -> None:
        instance.refresh_from_db()
        instance.save()
        self.only(kind="article", tag="en")

    @rule(tag=st.sampled_from(TARGETS), approve=st.booleans())
    def desk_save(self, tag: str, approve: bool) -> None:
        factories.translate(self.article, tag, words=f" {self.word()}")
        self.only(kind="article", tag=tag)
        if approve:
            english = factories.stored(self.article, "en")
            factories.approve_target(self.article, tag)
            self.only(kind="article", tag=tag, documents=True)
            assert (factories.stored(self.article, "en") is None) == (english is None)
            assert english is None or factories.stored(self.article, "en").etag == english.etag

    @rule()
    def approve_source(self) -> None:
        factories.approve_source(self.article, by=factories.second_reviewer())
        self.only(kind="article", tag="en", documents=True)

    @rule()
    def save_snippet_form(self) -> None:
        row = Term.objects.get(pk=self.term.pk)
        form_class = TermViewSet.edit_handler.bind_to_model(Term).get_form_class()
        unbound = form_class(instance=row, for_user=self.admin)
        data = {name: unbound.get_initial_for_field(field, name) for name, field in unbound.fields.items()}
        data |= {"label_en": f"Label {self.word()}"}
        form = form_class({name: value for name, value in data.items() if value is not None}, instance=row, for_user=self.admin)
        assert form.is_valid(), form.errors
        form.save()
        self.only(kind="term", tag="en")

    @rule()
    def move(self) -> None:
        page = self.fresh()
        page.move(Collection.objects.get(pk=self.other.pk), pos="last-child", user=self.admin)
        self.only(documents=True)
        self.fresh().move(Collection.objects.exclude(pk=self.other.pk).get(), pos="last-child", user=self.admin)
        self.only(documents=True)

    @rule()
    def copy(self) -> None:
        made = self.fresh().copy(
            update_attrs={"slug": f"copy-{self.word()}".replace(" ", "-"), "title": "Copy"}, keep_live=False, user=self.admin
        )
        assert made.public_id != self.article.public_id
        assert made.latest_revision.as_object().public_id == made.public_id
        self.only()

    @invariant()
    def the_base_column_is_the_source(self) -> None:
        for row in (self.article, self.term):
            found = columns(row)
            assert all(found[name] == found[languages.column(name, "en")] for name in row.translated_fields())

    @invariant()
    def a_revision_gives_the_translations_of_the_row(self) -> None:
        page = self.fresh()
        for draft in (page.get_latest_revision_as_object(), page.latest_revision.as_object()):
            assert all(draft.texts_in(tag) == page.texts_in(tag) for tag in TARGETS)
            assert not set(page.target_columns()) & set(page.latest_revision.content)


@pytest.mark.figure(10)
def test_every_text_that_a_step_does_not_name_stays(settings, figure):
    settings.CLINICAL_SIGN_OFF = "required"
    settings.WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database", "AUTO_UPDATE": False}}
    shelf = factories.shelf(slug="sleep", targets=TARGETS)
    Isolation.article = factories.translated(factories.go_live(factories.article(shelf)), "es")
    Isolation.term = shelf.term
    Isolation.other = factories.library().add_child(instance=Collection(title="Other", slug="other", topic=shelf.topic))
    Isolation.admin = factories.administrator()
    runs, steps = examples(500) if FULL else 5, 50
    walk = hypothesis_settings(max_examples=runs, stateful_step_count=steps, phases=[Phase.reuse, Phase.generate])
    run_state_machine_as_test(Isolation, settings=walk)
    figure(row=10, name=f"texts moved that no step named, in {runs} runs of {steps} steps", value=0, limit=0)


def test_a_save_that_names_a_translation_is_refused():
    article = factories.article(factories.shelf(targets=[]))
    with pytest.raises(TargetColumnsNotWritable):
        article.save(update_fields=["headline_es"])


def test_pages_copied_with_their_shelf_get_ids_of_their_own():
    article = factories.article(factories.shelf(targets=[]))
    assert Page.objects.get(pk=article.pk).specific.copy(update_attrs={"slug": "copied"}).public_id != article.public_id
