"""What is put back is what was built, and takes nothing of the test's own away."""

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction

from cms.models import Collection
from tests import scenes
from tests.cms import factories

pytestmark = pytest.mark.django_db


def rows() -> dict[str, list[str]]:
    """Of every table, in no order."""
    return {name: sorted(map(repr, found)) for name, found in scenes._rows().items()}


def built() -> factories.Shelf:
    return factories.shelf(slug="scenes")


def test_what_is_put_back_is_what_was_built() -> None:
    point = transaction.savepoint()
    built()
    first = rows()
    transaction.savepoint_rollback(point)
    assert not Collection.objects.exists()
    shelf = built()
    assert rows() == first
    article = factories.translated(factories.go_live(factories.article(shelf)), "es")
    stored = factories.stored(article, "es")
    assert stored is not None
    assert stored.state == "published", "what was put back can be built upon"


def test_whoever_was_there_before_stays() -> None:
    point = transaction.savepoint()
    built()
    transaction.savepoint_rollback(point)
    factories.user("paul")
    built()
    assert get_user_model().objects.filter(username="paul").exists()
