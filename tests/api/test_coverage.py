"""How much there is in each language."""

from typing import Any

import pytest
from django.test import Client

from tests.api import factories

pytestmark = pytest.mark.django_db


def counts(client: Client, query: str = "") -> dict[str, tuple[int, int, int, int]]:
    results = client.get(f"/api/v1/languages/{query}").json()["results"]
    return {entry["tag"]: (entry["published"], entry["outdated"], entry["held"], entry["missing"]) for entry in results}


def test_languages_tell_what_they_are(client: Client) -> None:
    results = {entry["tag"]: entry for entry in client.get("/api/v1/languages/").json()["results"]}
    assert list(results) == ["en", "es", "fr", "pt-BR", "ar", "ru", "vi", "zh-Hans"]
    assert (results["ar"]["own_name"], results["ar"]["direction"], results["ar"]["fallback"]) == ("العربية", "rtl", ["en"])
    assert [tag for tag, entry in results.items() if entry["source"]] == ["en"]


def test_languages_count_their_articles(client: Client) -> None:
    first, second, third = (factories.publish() for _ in range(3))
    factories.publish(first.subject_id, "es", translation=factories.translation("es", status="outdated", outdated_by="substantive"))
    factories.publish(second.subject_id, "es")
    factories.close(factories.publish(third.subject_id, "es"), "held")
    factories.close(factories.publish(first.subject_id, "ar"), "recalled")
    factories.publish(kind="term")
    found = counts(client)
    assert (found["en"], found["es"], found["ar"], found["fr"]) == ((3, 0, 0, 0), (2, 1, 1, 0), (0, 0, 0, 2), (0, 0, 0, 3))


def test_retired_articles_are_missing_nowhere(client: Client) -> None:
    factories.close(factories.publish(), "gone")
    assert counts(client)["es"] == (0, 0, 0, 0)


def test_samples_are_counted_where_they_are_shown(client: Client, settings: Any) -> None:
    factories.publish(sample=True)
    settings.SHOW_SAMPLES = False
    assert counts(client)["en"] == (0, 0, 0, 0)
    assert counts(client, "?sample=true")["en"] == (1, 0, 0, 0)


def test_one_query_counts(client: Client, django_assert_num_queries: Any) -> None:
    factories.publish()
    with django_assert_num_queries(1):
        counts(client)
