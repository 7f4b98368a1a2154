"""A label that readers lost for a while is shown again when somebody approves it again."""

import pytest

from cms import languages, sign_off
from cms.models import Approval
from tests.cms import factories

pytestmark = pytest.mark.django_db


def test_a_label_whose_approval_was_revoked_comes_back_with_the_next_approval() -> None:
    shelf = factories.shelf()
    article = factories.article(shelf)
    factories.go_live(article)
    shown = [{"code": "heroin", "label": "Heroin"}]
    assert factories.content(article, "en")["substances"] == shown
    approval = Approval.objects.get(subject_id=shelf.term.public_id, language=languages.SOURCE)
    sign_off.revoke(shelf.term, approval, by=factories.safety_lead(), reason="Wrong word")
    assert factories.content(article, "en")["substances"] == []
    factories.approve_source(shelf.term, by=factories.second_reviewer())
    assert factories.content(article, "en")["substances"] == shown
