"""What was served when: every version with its time, and what stood in its place."""

from datetime import timedelta
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest

from api import canonical
from api.models import Document
from tests.api import factories, keys

pytestmark = pytest.mark.django_db


def ask(**query: Any) -> Any:
    wanted = "&".join(f"{name}={quote(str(value))}" for name, value in query.items())
    return keys.caller(keys.issue().text).get(f"/api/v1/partner/served/?{wanted}")


def spread(*rows: Document) -> None:
    """Two days between each row and the next; rows are never changed but here."""
    for index, row in enumerate(rows):
        row.modified_at = row.modified_at - timedelta(days=2 * (len(rows) - index))
        Document.objects.filter(pk=row.pk).update(modified_at=row.modified_at)


def test_moment_gives_the_one_version_that_was_the_answer() -> None:
    first = factories.publish(text="Wait 7 days.")
    second = factories.publish(first.subject_id, text="Wait 9 days.")
    spread(first, second)
    (stay,) = ask(id=first.subject_id, on=canonical.moment(second.modified_at - timedelta(seconds=1))).json()["results"]
    assert (stay["number"], stay["version"], stay["etag"], stay["state"]) == (first.number, 1, first.quoted_etag, "published")
    assert (stay["from"], stay["until"]) == (canonical.moment(first.modified_at), canonical.moment(second.modified_at))
    assert canonical.dumps(stay["document"]) == first.body
    (now,) = ask(id=first.subject_id, on=canonical.moment(second.modified_at)).json()["results"]
    assert (now["version"], now["until"]) == (2, None)


def test_day_gives_all_that_was_the_answer_in_its_course_closures_too() -> None:
    first = factories.publish()
    held = factories.close(first, "held", reason="paused-for-safety")
    Document.objects.filter(pk=first.pk).update(modified_at=held.modified_at - timedelta(days=3))
    answer = ask(id=first.subject_id, lang="en", on=held.modified_at.date()).json()
    assert [(stay["state"], stay["reason"], bool(stay["document"])) for stay in answer["results"]] == [
        ("published", "", True),
        ("held", "paused-for-safety", False),
    ]
    assert ask(id=first.subject_id, on=(held.modified_at - timedelta(days=4)).date()).json()["results"] == []


def test_language_that_never_was_had_no_answer_and_an_id_that_never_was_is_not_found() -> None:
    first = factories.publish()
    assert ask(id=first.subject_id, lang="es", on=first.modified_at.date()).json()["results"] == []
    assert ask(id=uuid4(), on="2026-05-03").json()["code"] == "not-found"


@pytest.mark.parametrize("query", [{}, {"id": "heroin", "on": "2026-05-03"}, {"id": uuid4()}, {"id": uuid4(), "on": "yesterday"}])
def test_what_cannot_be_meant_is_refused(query: dict[str, Any]) -> None:
    assert (ask(**query).status_code, ask(**query).json()["code"]) == (400, "invalid-parameter")


def test_needs_a_key_of_the_partner_scope_and_is_kept_by_no_cache() -> None:
    url = f"/api/v1/partner/served/?id={factories.publish().subject_id}&on=2026-05-03"
    assert keys.caller(keys.issue(scopes=("read",)).text).get(url).status_code == 403
    assert keys.caller(keys.issue().text).get(url)["Cache-Control"] == "no-store"
