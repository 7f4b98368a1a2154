"""The change feed: who follows `next` ends with exactly what is published."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import hypothesis
import pytest
from django.db import transaction
from django.test import Client
from hypothesis import strategies as st

from api import cursors, filters, store
from api.models import Document
from tests.api import factories
from tests.conftest import examples

pytestmark = pytest.mark.django_db
BASE = "http://127.0.0.1:8000"


def changes(client: Client, query: str = "") -> Any:
    response = client.get(f"/api/v1/changes/{query}")
    assert response.status_code == 200, response.content
    return response.json()


def follow(client: Client, page: dict[str, Any]) -> Any:
    assert page["next"].startswith(f"{BASE}/api/v1/changes/?")
    return changes(client, page["next"].removeprefix(f"{BASE}/api/v1/changes/"))


def test_item_says_what_changed(client: Client) -> None:
    english = factories.publish()
    with store.writing():
        document = store.put(
            kind="article",
            subject_id=english.subject_id,
            language="en",
            content=factories.article(english.subject_id, title="Another title"),
            text_digest="x",
            update_type="safety",
            change_note="The overdose advice changed.",
            change_note_language="en",
        )
    assert document
    (item,) = changes(client)["items"]
    assert item == {
        "number": document.number,
        "kind": "article",
        "id": str(english.subject_id),
        "slug": document.slug,
        "lang": "en",
        "state": "published",
        "reason": "",
        "version": 2,
        "etag": document.quoted_etag,
        "modified_at": item["modified_at"],
        "update_type": "safety",
        "change_note": "The overdose advice changed.",
        "change_note_lang": "en",
        "url": f"{BASE}/api/v1/articles/{english.subject_id}/?lang=en",
    }
    assert client.get(item["url"].removeprefix(BASE))["ETag"] == item["etag"]


@pytest.mark.parametrize("state", ["held", "gone", "recalled"])
def test_closed_state_is_given_without_a_document(client: Client, state: str) -> None:
    factories.close(factories.publish(), state, reason="Because.")
    (item,) = changes(client, "?include=document")["items"]
    assert (item["state"], item["reason"], item["version"]) == (state, "Because.", 2)
    assert "document" not in item


def test_what_never_was_gives_no_item(client: Client) -> None:
    assert changes(client)["items"] == []


def test_each_language_comes_once_at_its_latest_state(client: Client) -> None:
    english = factories.publish()
    factories.publish(english.subject_id, "es")
    factories.publish(english.subject_id, title="Newer")
    assert [(item["lang"], item["version"]) for item in changes(client)["items"]] == [("es", 1), ("en", 2)]


def test_document_is_included_as_it_is_stored(client: Client) -> None:
    document = factories.publish()
    response = client.get("/api/v1/changes/?include=document")
    assert f'"document":{document.body}}}' in response.content.decode()
    assert response.json()["items"][0]["document"]["version"] == 1


def test_every_kind_is_in_the_feed_and_its_address_answers(client: Client) -> None:
    for kind in ("article", "term", "help_contact"):
        factories.publish(kind=kind)
    items = changes(client)["items"]
    assert [item["kind"] for item in items] == ["article", "term", "help_contact"]
    assert [client.get(item["url"].removeprefix(BASE)).status_code for item in items] == [200, 200, 200]
    assert [item["kind"] for item in changes(client, "?kind=term,article")["items"]] == ["article", "term"]


def test_absent_language_means_all_of_them(client: Client) -> None:
    english = factories.publish()
    for tag in ("es", "ar"):
        factories.publish(english.subject_id, tag)
    assert [item["lang"] for item in changes(client)["items"]] == ["en", "es", "ar"]
    assert [item["lang"] for item in changes(client, "?lang=ar,EN")["items"]] == ["en", "ar"]
    auto = client.get("/api/v1/changes/?lang=auto", headers={"Accept-Language": "es-MX"})
    assert "Accept-Language" in auto["Vary"]
    assert "lang=es" in auto.json()["next"]


def test_next_goes_on_for_ever(client: Client) -> None:
    page = changes(client, "?limit=1")
    seen = []
    for index in range(3):
        document = factories.publish(title=f"Title {index}")
        page = follow(client, page)
        seen += [item["number"] for item in page["items"]]
        assert seen[-1] == document.number
        assert page["has_more"] is False
    page = follow(client, page)
    assert (page["items"], page["has_more"]) == ([], False)


def test_unmoved_next_stays_the_same_and_is_a_304(client: Client) -> None:
    factories.publish()
    page = follow(client, changes(client))
    assert page == follow(client, page)
    url = page["next"].removeprefix(BASE)
    etag = client.get(url)["ETag"]
    assert client.get(url, headers={"If-None-Match": etag}).status_code == 304
    factories.publish()
    assert client.get(url, headers={"If-None-Match": etag}).status_code == 200


def test_pages_are_cut_by_the_limit(client: Client) -> None:
    for _ in range(5):
        factories.publish()
    page, numbers, more = changes(client, "?limit=2"), [], []
    while True:
        numbers.append(len(page["items"]))
        more.append(page["has_more"])
        if not page["has_more"]:
            break
        page = follow(client, page)
    assert (numbers, more) == ([2, 2, 1], [True, True, False])


def test_cursor_of_another_filter_is_refused(client: Client) -> None:
    factories.publish()
    after = changes(client, "?topic=withdrawal")["next"].split("after=")[1]
    for query in ("", "topic=other&", "topic=withdrawal&lang=es&", "topic=withdrawal&kind=article&", "topic=withdrawal&sample=true&"):
        response = client.get(f"/api/v1/changes/?{query}after={after}")
        assert (response.status_code, response.json()["code"]) == (400, "invalid-cursor"), query
    assert client.get(f"/api/v1/changes/?topic=withdrawal&limit=7&include=document&after={after}").status_code == 200


def test_order_of_the_values_is_not_another_filter(client: Client) -> None:
    after = changes(client, "?lang=es,ar")["next"].split("after=")[1]
    assert client.get(f"/api/v1/changes/?lang=ar,es&after={after}").status_code == 200


def test_cursor_past_a_restored_backup_has_expired(client: Client) -> None:
    factories.publish()
    with transaction.atomic():
        lost = factories.publish()
        url = changes(client, "?topic=withdrawal")["next"].removeprefix(BASE)
        Document.objects.filter(pk=lost.pk).delete()
    for _ in range(2):
        response = client.get(url)
        body = response.json()
        assert (response.status_code, body["code"]) == (410, "sync-token-expired")
        assert body["restart"] == f"{BASE}/api/v1/changes/?topic=withdrawal"
        assert client.get(body["restart"].removeprefix(BASE)).status_code == 200
        # The number is given again, to another row: the cursor stays expired.
        assert factories.publish().number >= lost.number


def test_cursor_outlives_the_row_it_stands_at(client: Client) -> None:
    english = factories.publish()
    page = changes(client)
    factories.publish(english.subject_id, title="Newer")
    assert [item["version"] for item in follow(client, page)["items"]] == [2]


def test_what_leaves_a_topic_is_given_as_gone(client: Client) -> None:
    english = factories.publish(topics=factories.tags("a"))
    factories.publish(topics=factories.tags("b"))
    page = changes(client, "?topic=a&include=document")
    assert [item["id"] for item in page["items"]] == [str(english.subject_id)]
    factories.publish(english.subject_id, topics=factories.tags("b"))
    page = follow(client, page)
    (item,) = page["items"]
    assert (item["state"], item["reason"], item["version"]) == ("gone", "left-filter", 2)
    assert "document" not in item
    factories.publish(english.subject_id, topics=factories.tags("a", "b"))
    assert [item["state"] for item in follow(client, page)["items"]] == ["published"]


def test_tombstone_is_given_to_who_had_the_document(client: Client) -> None:
    english = factories.publish(topics=factories.tags("a"))
    factories.know("topic", "b")
    page, other = changes(client, "?topic=a"), changes(client, "?topic=b")
    factories.close(english, "recalled")
    assert [item["state"] for item in follow(client, page)["items"]] == ["recalled"]
    assert follow(client, other)["items"] == []


def test_samples_are_in_the_feed_only_for_who_asks_where_they_are_not_shown(client: Client, settings: Any) -> None:
    settings.SHOW_SAMPLES = False
    factories.publish(sample=True)
    real = factories.publish()
    assert [item["number"] for item in changes(client)["items"]] == [real.number]
    assert len(changes(client, "?sample=true")["items"]) == 1


def test_text_that_becomes_a_sample_leaves_the_feed(client: Client, settings: Any) -> None:
    settings.SHOW_SAMPLES = False
    english = factories.publish()
    page = changes(client)
    factories.publish(english.subject_id, sample=True)
    assert [(item["state"], item["reason"]) for item in follow(client, page)["items"]] == [("gone", "left-filter")]


def test_copies_start_again_when_samples_are_no_longer_shown(client: Client, settings: Any) -> None:
    settings.SHOW_SAMPLES = True
    factories.publish(sample=True)
    url = changes(client)["next"].removeprefix(BASE)
    settings.SHOW_SAMPLES = False
    assert client.get(url).json()["code"] == "sync-token-expired"


@pytest.mark.parametrize("query", ["?limit=2", "?limit=2&topic=withdrawal&lang=en&include=document"])
def test_two_queries_answer(client: Client, query: str, django_assert_max_num_queries: Any) -> None:
    for _ in range(5):
        factories.publish()
    page = changes(client, query)
    with django_assert_max_num_queries(1):
        changes(client, query)
    with django_assert_max_num_queries(2):
        follow(client, page)


def test_change_of_a_term_carries_its_address_when_held(client: Client) -> None:
    factories.close(factories.publish(kind="term"), "held")
    (item,) = changes(client, "?kind=term")["items"]
    assert "/api/v1/substances/" in item["url"]


def test_forged_position_is_refused(client: Client) -> None:
    forged = cursors.write("list", [0, "", "", filters.samples_shown(None) is None])
    assert client.get(f"/api/v1/changes/?after={forged}").json()["code"] == "invalid-cursor"


# Few enough for everything to happen to the same document.
SUBJECTS = [UUID(int=number, version=4) for number in range(2)]
LANGUAGES = ["en", "ar"]
TOPICS = ["a", "b"]
SUBJECT = st.sampled_from(SUBJECTS)
LANGUAGE = st.sampled_from(LANGUAGES)
PUBLISH = st.tuples(st.just("publish"), SUBJECT, LANGUAGE, st.sets(st.sampled_from(TOPICS)), st.booleans())
CLOSE = st.tuples(st.just("close"), SUBJECT, LANGUAGE, st.sampled_from(["held", "gone", "recalled"]))
READ = st.tuples(st.just("read"), st.integers(1, 4))
REPEAT = st.tuples(st.just("repeat"), st.integers(0, 5))
STEPS = st.lists(st.one_of(PUBLISH, PUBLISH, CLOSE, READ, READ, REPEAT), max_size=20)
LANGS = st.sets(LANGUAGE, min_size=1).map(sorted)
SAMPLE = st.sampled_from([["true"], ["false"]])
# What a document can leave, most of the time: that is where a feed goes wrong.
FILTERS = st.one_of(
    st.fixed_dictionaries({"topic": st.sets(st.sampled_from(TOPICS), min_size=1).map(sorted)}),
    st.fixed_dictionaries({"topic": st.just(["a"])}, optional={"lang": LANGS, "sample": SAMPLE}),
    st.fixed_dictionaries({"sample": SAMPLE}),
    st.fixed_dictionaries({}, optional={"lang": LANGS}),
)


@dataclass
class Mirror:
    """A partner's copy: what it follows, and what it holds by (id, language)."""

    client: Client
    query: dict[str, list[str]]
    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    links: list[str] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        pairs = [f"{name}={','.join(values)}" for name, values in self.query.items()]
        self.links.append(f"{BASE}/api/v1/changes/?{'&'.join([*pairs, 'include=document'])}")

    def read(self, limit: int) -> bool:
        """Follow `next`, with any page size; True when there is more."""
        url, _, _ = self.links[-1].removeprefix(BASE).partition("&limit=")
        page = self.client.get(f"{url}&limit={limit}").json()
        for item in page["items"]:
            self.numbers.append(item["number"])
            key = (item["id"], item["lang"])
            if item["state"] == "published":
                self.texts[key] = item["document"]["version"]
            else:
                self.texts.pop(key, None)
        parts = page["next"].split("&")
        self.links.append("&".join(part for part in parts if not part.startswith("limit=")))
        return bool(page["has_more"])

    def published(self) -> dict[tuple[str, str], str]:
        """What the copy should hold."""
        rows = Document.objects.published()
        wanted = {(str(row.subject_id), row.language): (row.version, row) for row in rows}
        return {
            key: version
            for key, (version, row) in wanted.items()
            if ("lang" not in self.query or row.language in self.query["lang"])
            and ("sample" not in self.query or str(row.sample).lower() == self.query["sample"][0])
            and ("topic" not in self.query or any(f"|topic:{topic}|" in row.facets for topic in self.query["topic"]))
        }


def apply(step: tuple[Any, ...], mirror: Mirror) -> None:
    match step:
        case ("publish", subject, language, topics, sample):
            content = factories.article(subject, language, topics=factories.tags(*sorted(topics)), sample=sample)
            with store.writing():
                store.put(kind="article", subject_id=subject, language=language, content=content, text_digest="", update_type="minor")
        case ("close", subject, language, state):
            with store.writing():
                if store.current(kind="article", subject_id=subject, language=language):
                    store.close(kind="article", subject_id=subject, language=language, state=state, reason="")
        case ("read", limit):
            mirror.read(limit)
        case ("repeat", back):
            # A reader that lost its last answers follows an older link again.
            mirror.links.append(mirror.links[-min(back + 1, len(mirror.links))])


@pytest.mark.figure(3)
def test_replayed_mirror_is_what_is_published(figure: Callable[..., None]) -> None:
    run = {"examples": 0, "differences": 0}

    @hypothesis.settings(max_examples=examples(2000), database=None)
    @hypothesis.given(
        steps=st.lists(st.one_of(PUBLISH, PUBLISH, CLOSE, READ, READ, REPEAT), max_size=16), query=FILTERS, limit=st.integers(1, 5)
    )
    def replay(steps: list[tuple[Any, ...]], query: dict[str, list[str]], limit: int) -> None:
        Document.objects.all().delete()
        factories.know("topic", *TOPICS)
        mirror = Mirror(client=Client(), query=query)
        for step in steps:
            apply(step, mirror)
        while mirror.read(limit):
            pass
        run["examples"] += 1
        run["differences"] += mirror.texts != mirror.published()
        assert mirror.texts == mirror.published()
        if not any(step[0] == "repeat" for step in steps):
            assert mirror.numbers == sorted(set(mirror.numbers)), "a number came twice"

    replay()
    assert run["examples"] >= examples(2000)
    figure(row=3, name=f"differences between mirror and published in {run['examples']} examples", value=run["differences"], limit=0)
