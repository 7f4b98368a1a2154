"""Columns, revisions and saves: the base column equals the source, and only the desk writes a translation."""

import pytest
from django.utils import translation

from cms import languages
from cms.models import Article, Contribution, Term
from tests import scenes
from tests.cms import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
@scenes.built_once
def article():
    return factories.translated(factories.article(factories.shelf(targets=["ar"])), "ar")


@pytest.mark.parametrize("active", [languages.code(tag) for tag in languages.TAGS])
def test_a_plain_save_under_any_language_keeps_every_text(article, active):
    before = {tag: article.texts_in(tag) for tag in languages.TAGS}
    with translation.override(active):
        Article.objects.get(pk=article.pk).save()
        article.refresh_from_db()
        article.save()
    after = Article.objects.get(pk=article.pk)
    assert {tag: after.texts_in(tag) for tag in languages.TAGS} == before
    with translation.override("en"):
        assert after.__dict__["headline"] == after.headline_en


def test_a_stale_instance_does_not_undo_a_translation(article):
    stale = Article.objects.get(pk=article.pk)
    factories.translate(article, "ar", words=" newer")
    stale.summary_en = "Saved late."
    stale.save()
    assert "newer" in factories.fresh(article).headline_ar
    assert factories.fresh(article).summary_en == "Saved late."


def test_a_save_writes_children_too(article):
    draft = article.get_latest_revision_as_object()
    draft.terms = []
    draft.save()
    assert not factories.fresh(article).terms.exists()


def test_an_old_revision_gives_the_translations_of_now(article):
    old = article.latest_revision
    factories.translate(article, "ar", words=" newer")
    article = factories.fresh(article)
    assert "newer" in old.as_object().headline_ar
    assert old.as_object().public_id == article.public_id
    old.publish()
    assert "newer" in factories.fresh(article).headline_ar
    assert not article.target_columns() & set(old.content)


def test_an_overwritten_revision_is_a_contribution_of_whoever_overwrote_it(article):
    draft = factories.fresh(article).get_latest_revision_as_object()
    draft.summary_en = "Autosaved."
    draft.save_revision(user=factories.editor(), overwrite_revision=factories.fresh(article).latest_revision)
    assert Contribution.objects.filter(subject_id=article.public_id, language="en", by_name="edith").count() == 2


def test_two_terms_of_one_vocabulary_have_two_codes():
    factories.term("heroin")
    with pytest.raises(Exception, match=r"a_code_is_unique_in_its_vocabulary|vocabulary"):
        Term.objects.create(vocabulary=Term.Vocabulary.TOPIC, code="heroin", label_en="Again")
