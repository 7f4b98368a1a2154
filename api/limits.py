"""How often somebody may ask: the count of each key, and of each anonymous caller, and the headers that tell it.

The headers follow draft-ietf-httpapi-ratelimit-headers: `RateLimit-Policy: "key";q=600;w=60`, `RateLimit: "key";r=599;t=42`.
"""

from dataclasses import dataclass
from math import ceil

from django.conf import settings
from django.http import HttpRequest

from api import anonymity, counting, newest
from api.callers import Caller
from api.problems import Problem

REQUESTS_PER_MINUTE = {"live": 600, "test": 120}


@dataclass(frozen=True, kw_only=True)
class Quota:
    """What is left to a caller after this request. `known` came with the count, before anything else was read."""

    policy: str
    partition: str
    limit: int
    used: int
    seconds_left: int
    known: newest.Known | None = None

    @property
    def exceeded(self) -> bool:
        """Whether this request was one too many."""
        return self.used > self.limit

    def headers(self) -> dict[str, str]:
        """The two fields of the draft, as structured fields."""
        left = max(self.limit - self.used, 0)
        return {
            "RateLimit-Policy": f'"{self.policy}";q={self.limit};w={counting.WINDOW_S}',
            "RateLimit": f'"{self.policy}";r={left};t={self.seconds_left}',
        }


def take(request: HttpRequest, caller: Caller | None) -> Quota:
    """Count a request."""
    if caller:
        return _counted("key", f"key:{caller.key_id}", caller.requests_per_minute)
    return _counted("anonymous", f"anonymous:{anonymity.name_of(request)}", settings.ANONYMOUS_PER_MINUTE)


def given_back(quota: Quota) -> Quota:
    """The quota as if the request had not been."""
    counting.give_back(quota.partition)
    return Quota(**{**vars(quota), "used": quota.used - 1})


def problem(quota: Quota) -> Problem:
    """What is answered to a request that is one too many."""
    detail = f"More than {quota.limit} requests in {counting.WINDOW_S} seconds. Wait {quota.seconds_left} seconds."
    return Problem("quota-exceeded", detail, headers={"Retry-After": str(quota.seconds_left)})


def _counted(policy: str, partition: str, limit: int) -> Quota:
    count = counting.count(partition)
    return Quota(
        policy=policy,
        partition=partition,
        limit=limit,
        used=count.requests,
        seconds_left=max(ceil(count.seconds_left), 1),
        known=count.known,
    )
