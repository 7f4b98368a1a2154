"""The cache that is shipped (`deploy/nginx.conf`) in front of the service: what it keeps, and what it must not."""

from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.operations import nginx_server, service
from tests.operations.service import Answer, Service

HOLD = """
from tests.api import factories
factories.close(factories.publish(slug="paused"), "held", reason="paused-for-safety")
"""


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Service, int]]:
    """A service, and the port of the cache in front of it."""
    directory = tmp_path_factory.mktemp("front")
    with service.serving(directory, threads=4) as served, nginx_server.in_front_of(served.ports[0], directory) as port:
        yield served, port


def get(port: int, path: str, **headers: str) -> Answer:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", f"/api/v1/{path}", headers={name.replace("_", "-"): value for name, value in headers.items()})
        response = connection.getresponse()
        response.read()
        return Answer(status=response.status, headers={name.lower(): value for name, value in response.headers.items()})
    finally:
        connection.close()


def test_a_second_reader_gets_the_copy_without_somebody_elses_limit(front: tuple[Service, int]) -> None:
    _served, port = front
    first, second = get(port, "articles/withdrawal/?lang=en"), get(port, "articles/withdrawal/?lang=en")
    assert (first.headers["x-cache"], second.headers["x-cache"]) == ("MISS", "HIT")
    assert "ratelimit" in first.headers
    assert "ratelimit" not in second.headers
    assert first.headers["etag"] == second.headers["etag"]


def test_a_copy_answers_a_conditional_request(front: tuple[Service, int]) -> None:
    _served, port = front
    tag = get(port, "articles/withdrawal/").headers["etag"]
    again = get(port, "articles/withdrawal/", If_None_Match=tag)
    assert (again.status, again.headers["x-cache"]) == (304, "HIT")


def test_each_representation_and_encoding_has_a_copy_of_its_own(front: tuple[Service, int]) -> None:
    _served, port = front
    asked = [{"Accept": "application/json"}, {"Accept": "application/ld+json"}, {"Accept_Encoding": "gzip"}]
    answers = [get(port, "articles/withdrawal/?lang=en", **headers) for headers in asked for _ in range(2)]
    assert len({answer.headers["etag"] for answer in answers}) == len(asked)
    assert [answers[index].headers["etag"] == answers[index + 1].headers["etag"] for index in (0, 2, 4)] == [True] * 3


def test_a_key_goes_through_to_the_service(front: tuple[Service, int]) -> None:
    served, port = front
    header = f"Bearer {served.keys[10**9]}"
    assert [get(port, "articles/withdrawal/", Authorization=header).headers["x-cache"] for _ in range(2)] == ["BYPASS", "BYPASS"]
    assert get(port, "articles/withdrawal/", Authorization="Bearer wrong").status == 401
    assert get(port, "articles/withdrawal/").status == 200


def test_a_text_that_is_held_is_never_kept(front: tuple[Service, int]) -> None:
    served, port = front
    service.run(served.environment, "manage.py", "shell", "--verbosity=0", "-c", HOLD)
    answers = [get(port, "articles/paused/") for _ in range(2)]
    assert [(answer.status, answer.headers["cache-control"], answer.headers["x-cache"]) for answer in answers] == [
        (404, "no-store", "MISS")
    ] * 2


def test_nothing_is_served_stale_because_the_service_is_away() -> None:
    """A recalled text would be shown for as long as the service is down."""
    shipped = Path(nginx_server.SHIPPED).read_text(encoding="utf-8")
    assert [line.strip() for line in shipped.splitlines() if "use_stale" in line] == ["proxy_cache_use_stale updating;"]
