"""Limits under load, and while Redis is refused, frozen or flushed."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.conftest import FULL
from tests.operations import redis_server, service
from tests.operations.redis_server import Server
from tests.operations.service import Service

pytestmark = pytest.mark.one_database

PROCESSES, THREADS, LIMIT, REQUESTS = 4, 8, 100, 2_000 if FULL else 600
READS_PER_SECOND, SECONDS = 100, 60 if FULL else 4
WARM = "problems/held"  # not counted


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Server]:
    with redis_server.running(tmp_path) as server:
        yield server


def many(served: Service, ask: Callable[[int], int]) -> Counter[int]:
    """What REQUESTS requests are answered, spread over the processes, THREADS at once for each."""
    for process in range(PROCESSES):
        assert served.get(WARM, process=process).status == 200
    with ThreadPoolExecutor(PROCESSES * THREADS) as threads:
        return Counter(threads.map(ask, range(REQUESTS)))


def with_key(served: Service) -> Callable[[int], int]:
    header = f"Bearer {served.keys[LIMIT]}"
    return lambda index: served.get("articles/withdrawal/", process=index % PROCESSES, Authorization=header).status


def spoofing(served: Service) -> Callable[[int], int]:
    """Anonymous, from another address each time, as far as the header goes."""

    def ask(index: int) -> int:
        header = f"198.51.{index // 250}.{index % 250}, 10.0.0.{index % 250}"
        return served.get("articles/withdrawal/", process=index % PROCESSES, X_Forwarded_For=header).status

    return ask


@pytest.mark.figure(12)
def test_exactly_the_limit_passes_with_redis(tmp_path: Path, redis: Server, figure: Callable[..., None]) -> None:
    settings = {"REDIS_URL": redis.url, "ANONYMOUS_PER_MINUTE": str(LIMIT)}
    with service.serving(tmp_path, processes=PROCESSES, threads=THREADS, **settings) as served:
        began = time.monotonic()
        answered = many(served, with_key(served))
        assert time.monotonic() - began < 60, "the window was over: nothing is shown"
        assert set(answered) == {200, 429}
        figure(
            row=12,
            name=f"of {REQUESTS:,} requests of a key with limit 100, answered",
            value=answered[200],
            limit=LIMIT,
            passed=answered[200] == LIMIT,
        )
        spoofed = many(served, spoofing(served))
        assert set(spoofed) == {200, 429}
        figure(row=12, name="requests won by spoofing X-Forwarded-For", value=spoofed[200] - LIMIT, limit=0, passed=spoofed[200] == LIMIT)


@pytest.mark.figure(12)
def test_spoofing_wins_nothing_behind_a_proxy(tmp_path: Path, redis: Server, figure: Callable[..., None]) -> None:
    """The proxy appends the address that it sees; what the client wrote stands to the left of it."""
    settings = {"REDIS_URL": redis.url, "ANONYMOUS_PER_MINUTE": str(LIMIT), "TRUSTED_PROXIES": "1"}
    with service.serving(tmp_path, processes=PROCESSES, threads=THREADS, **settings) as served:

        def ask(index: int) -> int:
            header = f"198.51.{index // 250}.{index % 250}, 203.0.113.7"
            return served.get("articles/withdrawal/", process=index % PROCESSES, X_Forwarded_For=header).status

        answered = many(served, ask)
        other = served.get("articles/withdrawal/", process=0, X_Forwarded_For="203.0.113.7, 203.0.113.8").status
        assert (set(answered), other) == ({200, 429}, 200)
        won = answered[200] - LIMIT
        figure(row=12, name="requests won by spoofing X-Forwarded-For behind a proxy", value=won, limit=0, passed=won == 0)


@pytest.mark.figure(12)
def test_never_more_than_the_limit_of_each_process_without_redis(tmp_path: Path, figure: Callable[..., None]) -> None:
    unreachable = f"redis://127.0.0.1:{redis_server.free_port()}/0"
    for name, url in (("without Redis", ""), ("with Redis refused", unreachable)):
        directory = tmp_path / name.replace(" ", "-")
        directory.mkdir()
        settings = {"REDIS_URL": url, "ANONYMOUS_PER_MINUTE": str(LIMIT)}
        with service.serving(directory, processes=PROCESSES, threads=THREADS, **settings) as served:
            answered, spoofed = many(served, with_key(served)), many(served, spoofing(served))
        assert set(answered) | set(spoofed) == {200, 429}
        most = LIMIT * PROCESSES
        figure(row=12, name=f"of {REQUESTS:,} requests of a key with limit 100, answered {name}", value=answered[200], limit=most)
        figure(row=12, name=f"of {REQUESTS:,} anonymous ones that spoof, answered {name}", value=spoofed[200], limit=most)


def reads(served: Service, limit: int, *, during: Callable[[], None]) -> tuple[Counter[int], float]:
    """What a steady 100 reads a second are answered while something happens to Redis, and how long 95 of 100 took at the most."""
    header = f"Bearer {served.keys[limit]}"
    began, total = time.monotonic(), READS_PER_SECOND * SECONDS

    def read(index: int) -> tuple[int, float]:
        time.sleep(max(0.0, began + index / READS_PER_SECOND - time.monotonic()))
        if index == total // 4:
            during()
        asked = time.monotonic()
        status = served.get("articles/withdrawal/", process=index % 2, Authorization=header).status
        return status, time.monotonic() - asked

    with ThreadPoolExecutor(2 * THREADS) as threads:
        answers = list(threads.map(read, range(total)))
    return Counter(status for status, _ in answers), sorted(seconds for _, seconds in answers)[total * 95 // 100]


@pytest.mark.figure(20)
@pytest.mark.parametrize("what", ["refused", "frozen", "flushed"])
def test_every_article_is_read_whatever_redis_does(tmp_path: Path, redis: Server, what: str, figure: Callable[..., None]) -> None:
    happening = {"refused": redis.end, "frozen": redis.freeze, "flushed": redis.client.flushall}[what]
    with service.serving(tmp_path, processes=2, threads=THREADS, REDIS_URL=redis.url) as served:
        for process in range(2):
            assert served.get("articles/withdrawal/", process=process, Authorization=f"Bearer {served.keys[10**9]}").status == 200
        answered, seconds = reads(served, 10**9, during=happening)
        share = answered[200] / answered.total()
        figure(row=20, name=f"share of article reads answered 200, Redis {what}", value=share, limit=1, passed=share == 1)
        figure(row=20, name=f"95 of 100 article reads in seconds, Redis {what}", value=round(seconds, 2), limit=2)
        # Nor does the limit open: a key with 100 gets 100 of Redis and 100 of each process, at the most.
        limited = Counter(
            served.get("articles/withdrawal/", process=index % 2, Authorization=f"Bearer {served.keys[LIMIT]}").status
            for index in range(500)
        )
        assert set(limited) == {200, 429}
        assert limited[200] <= LIMIT * 3


def test_counting_is_shared_again_when_redis_is_back(tmp_path: Path, redis: Server) -> None:
    with service.serving(tmp_path, processes=2, threads=THREADS, REDIS_URL=redis.url) as served:
        ask = with_key(served)
        redis.freeze()
        assert [ask(index) for index in (0, 1)] == [200, 200]
        redis.thaw()
        time.sleep(1.1)
        assert [ask(index) for index in (0, 1)] == [200, 200]
        (counter,) = redis.client.scan_iter("mainstay:requests:key:*")
        assert int(redis.client.get(counter) or 0) >= 2
        assert "each process goes by itself" in served.log.read_text()
        assert "Redis answers again" in served.log.read_text()
