"""Every text that a step does not name stays byte for byte, whatever is done, under every active language (row 10)."""

from collections import Counter
from collections.abc import Collection as Some
from typing import Any, ClassVar

import pytest
from django.db import transaction
from django.utils import translation
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, precondition, rule
from wagtail.admin.panels import get_edit_handler
from wagtail.models import Page, Revision
from wagtail.signal_handlers import disable_reference_index_auto_update
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from api.models import Document
from cms import desk, languages, launching, reference, versions
from cms.models import Approval, Article, Collection, Confirmation, Launch, Origin, Submission, TargetColumnsNotWritable, Term, Version
from cms.snippets import TermViewSet
from tests import walks
from tests.cms import at_the_desk, factories

pytestmark = pytest.mark.django_db

TARGETS = ("es", "ar")
KINDS = ("article", "term")
#: What a walk of full size has seen happen at the desk, and not only tried.
SEEN = [
    ("segment", 200), ("segment", 409), ("form", 302), ("form", 409), ("confirm", 200), ("restore", 302), ("comment", 302),
    ("submitted", True), ("return", 302), ("approved", True), ("launched", True),
]  # fmt: skip
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
    data |= {languages.column(name, tag): "Taken over" for name in article.translated_fields() for tag in languages.TARGETS}
    return nested_form_data(data)


class Isolation(RuleBasedStateMachine):
    """One article and one term, edited in every way that there is."""

    forms = Bundle("forms")
    stale = Bundle("stale")
    article: Article
    term: Term
    other: Collection
    done: ClassVar[Counter[tuple[str, Any]]] = Counter()

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
        found |= {("version", row.subject_kind, row.language, row.pk): str(row.segments) for row in Version.objects.all()}
        found |= {("document", row.kind, str(row.subject_id), row.language): (row.etag, row.body) for row in Document.objects.current()}
        return found

    def only(self, *, kind: str = "", tag: str = "", documents: Some[str] = ()) -> None:
        """Nothing moved but texts of this language of this kind, and documents of the languages in which something went live."""
        now = self.everything()
        for key, value in now.items():
            before = self.before.get(key)
            if value != before:
                assert self.is_named(key, kind, tag, documents, is_new=before is None), (key, before, value)
        assert set(self.before) <= set(now)
        self.before = now

    def is_named(self, key: Any, kind: str, tag: str, documents: Some[str], *, is_new: bool) -> bool:
        match key:
            case ("approval", _pk):
                return is_new
            case ("document", *_subject, language):
                return language in documents
            case ("version", of, language, _pk):
                return (of, language) == (kind, tag)
        suffix = languages.column("", tag) if tag else "-"
        is_base = tag == "en" and "_" not in key[1].replace("meta_", "").replace("_terms", "")
        return key[0] == kind and (key[1].endswith(suffix) or is_base)

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
        self.only(kind="article", tag="en", documents=languages.TAGS)

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
            factories.approve_target(self.article, tag)
            self.only(kind="article", tag=tag, documents=[tag])

    # -- at the desk, as a browser does it, with fields that name other languages ------------------------------------

    def row(self, kind: str) -> Any:
        return self.fresh() if kind == "article" else Term.objects.get(pk=self.term.pk)

    def did(self, name: str, status: int) -> None:
        self.done[name, status] += 1
        assert status < 500

    @rule(kind=st.sampled_from(KINDS), tag=st.sampled_from(TARGETS), number=st.integers(0, 3), stale=st.sampled_from([False] * 3 + [True]))
    def save_a_passage(self, kind: str, tag: str, number: int, stale: bool) -> None:
        row = self.row(kind)
        keys = at_the_desk.keys(row)
        key, before = keys[number % len(keys)], row.texts_in(tag)
        self.did("segment", at_the_desk.save_passage(self.tariq, row, tag, key, f" {self.word()}", stale=stale))
        after = self.row(kind).texts_in(tag)
        assert {name: text for name, text in after.items() if name != key} == {
            name: text for name, text in before.items() if name in keys and name != key
        }
        assert not stale or key not in before or after[key] == before[key]
        self.only(kind=kind, tag=tag)

    @rule(kind=st.sampled_from(KINDS), tag=st.sampled_from(TARGETS), stale=st.booleans())
    def save_the_form(self, kind: str, tag: str, stale: bool) -> None:
        self.did("form", at_the_desk.save_form(self.tariq, self.row(kind), tag, f" {self.word()}", stale=stale))
        self.only(**({} if stale else {"kind": kind, "tag": tag}))

    @rule(kind=st.sampled_from(KINDS), tag=st.sampled_from(TARGETS), number=st.integers(0, 3), of=st.sampled_from(Confirmation.Of.values))
    def confirm_a_passage(self, kind: str, tag: str, number: int, of: str) -> None:
        row = self.row(kind)
        keys, before = at_the_desk.keys(row), row.texts_in(tag)
        self.did("confirm", at_the_desk.confirm(self.tariq, row, tag, keys[number % len(keys)], of))
        assert self.row(kind).texts_in(tag) == before
        self.only(kind=kind, tag=tag)

    @rule(kind=st.sampled_from(KINDS), tag=st.sampled_from(TARGETS), back=st.integers(0, 5))
    def restore_a_version(self, kind: str, tag: str, back: int) -> None:
        row = self.row(kind)
        found = versions.of(row.public_id, tag)
        if found:
            self.did("restore", at_the_desk.restore(self.tariq, row, tag, found[min(back, len(found) - 1)]))
        self.only(kind=kind, tag=tag)

    @rule(kind=st.sampled_from(KINDS), tag=st.sampled_from(TARGETS))
    def comment(self, kind: str, tag: str) -> None:
        row = self.row(kind)
        self.did("comment", at_the_desk.say(self.tariq, row, tag, at_the_desk.keys(row)[0], self.word()))
        self.only()

    @rule(kind=st.sampled_from(KINDS), tag=st.sampled_from(TARGETS))
    def submit(self, kind: str, tag: str) -> None:
        submitted = Submission.objects.count()
        self.did("submit", at_the_desk.submit(self.tariq, self.row(kind), tag))
        self.done["submitted", Submission.objects.count() > submitted] += 1
        self.only()

    @rule(kind=st.sampled_from(KINDS), tag=st.sampled_from(TARGETS))
    def give_back(self, kind: str, tag: str) -> None:
        self.did("return", at_the_desk.give_back(self.rosa, self.row(kind), tag))
        self.only()

    @rule(
        kind=st.sampled_from(KINDS),
        tag=st.sampled_from(TARGETS),
        second=st.booleans(),
        check=st.sampled_from(Approval.Check.values),
        later=st.booleans(),
    )
    def approve(self, kind: str, tag: str, second: bool, check: str, later: bool) -> None:
        given = Approval.objects.count()
        by = self.ruth if second else self.rosa
        self.did("approve", at_the_desk.approve(by, self.row(kind), tag, check=check, later=later))
        self.done["approved", Approval.objects.count() > given] += 1
        self.only(documents=[tag])

    @precondition(lambda self: launching.waiting())
    @rule()
    def launch(self) -> None:
        tags = {row.approval.language for row in launching.waiting()}
        self.did("launch", at_the_desk.launch(self.ada))
        self.done["launched", Launch.objects.latest("pk").launched_at is not None] += 1
        self.only(documents=tags)

    @rule(kind=st.sampled_from(KINDS), tag=st.sampled_from(TARGETS))
    def machine(self, kind: str, tag: str) -> None:
        """What a machine, or another tool, made of the text comes in."""
        row = self.row(kind)
        texts = factories.in_language(desk.source(row)[0], tag, f" {self.word()}")
        desk.save(row, tag, texts, started_from=reference.shown_digest(row, tag), by=None, origin=Origin.MACHINE)
        self.only(kind=kind, tag=tag)

    @rule()
    def approve_source(self) -> None:
        factories.approve_source(self.article, by=factories.second_reviewer())
        self.only(kind="article", tag="en", documents=languages.TAGS)

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
        self.only(documents=languages.TAGS)
        self.fresh().move(Collection.objects.exclude(pk=self.other.pk).get(), pos="last-child", user=self.admin)
        self.only(documents=languages.TAGS)

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
@pytest.mark.parametrize("shard", walks.SHARDS)
def test_every_text_that_a_step_does_not_name_stays(settings, figure, shard):
    settings.CLINICAL_SIGN_OFF = "required"
    settings.WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database", "AUTO_UPDATE": False}}
    shelf = factories.shelf(slug="sleep", targets=TARGETS)
    Isolation.article = factories.translated(factories.go_live(factories.article(shelf)), "es")
    Isolation.term = shelf.term
    Isolation.other = factories.library().add_child(instance=Collection(title="Other", slug="other", topic=shelf.topic))
    Isolation.admin = factories.administrator()
    people = {"tariq": factories.translator, "rosa": factories.reviewer, "ruth": factories.second_reviewer, "ada": factories.administrator}
    for name, person in people.items():
        setattr(Isolation, name, at_the_desk.Browser(person()))
    with disable_reference_index_auto_update():
        walked = walks.walk(Isolation, shard=shard, runs=500, steps=50)
    assert not walks.FULL or set(SEEN) <= set(Isolation.done), Isolation.done
    figure(row=10, name=f"texts moved that no step named, {walked}", value=0, limit=0)


def test_a_save_that_names_a_translation_is_refused():
    article = factories.article(factories.shelf(targets=[]))
    with pytest.raises(TargetColumnsNotWritable):
        article.save(update_fields=["headline_es"])


def test_pages_copied_with_their_shelf_get_ids_of_their_own():
    article = factories.article(factories.shelf(targets=[]))
    assert Page.objects.get(pk=article.pk).specific.copy(update_attrs={"slug": "copied"}).public_id != article.public_id
