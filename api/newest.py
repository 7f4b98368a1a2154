"""The digest of the newest document, shared in Redis, so that a process learns without a query whether what it kept is still true.

A writer leaves a mark in Redis once it holds the lock of numbers, and takes it away after its commit; both make a new generation
and forget the digest. A reader that finds no digest asks the database, and shares what it was told if no mark stands and the
generation is the one that it saw before it asked. So what is shared is never older than the last commit:

    reader    generation 7, nothing shared → asks the database: a1
    writer                                                       marks, generation 8 → writes b2, commits → unmarks, generation 9
    reader                                   shares a1 of generation 7: refused

What can go wrong is bounded. A digest is shared for `SHARED_FOR_S`: so long a writer that cannot reach the Redis of the readers
may go unheard. A writer that dies leaves its mark: nothing is shared, and every reader asks the database, until the mark is
`MARK_LASTS_S` old. Without Redis everybody asks the database each time.
"""

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial

from django.db import connection, transaction

from api import sharing

SHARED_FOR_S = 1
MARK_LASTS_S = 600
# KEYS: digest, generation, marks. ARGV: a mark, and the seconds for which it stands.
_MARK = sharing.Script("""
redis.call('ZADD', KEYS[3], tonumber(redis.call('TIME')[1]) + ARGV[2], ARGV[1])
redis.call('DEL', KEYS[1])
return redis.call('INCR', KEYS[2])
""")
_UNMARK = sharing.Script("""
redis.call('ZREM', KEYS[3], ARGV[1])
redis.call('DEL', KEYS[1])
return redis.call('INCR', KEYS[2])
""")
# KEYS: digest, generation, marks. ARGV: the digest, the generation that was seen, milliseconds.
_SHARE = sharing.Script("""
if (redis.call('GET', KEYS[2]) or '') ~= ARGV[2] then return 0 end
redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', redis.call('TIME')[1])
if redis.call('ZCARD', KEYS[3]) > 0 then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[3])
return 1
""")


@dataclass(frozen=True, kw_only=True)
class Known:
    """What Redis knew when it was asked: the digest ("" when none is shared), and the generation."""

    digest: str
    generation: str

    @classmethod
    def read(cls, digest: bytes | None, generation: bytes | None) -> "Known":
        """From what stands at `places`."""
        return cls(digest=(digest or b"").decode(), generation=(generation or b"").decode())


def places() -> tuple[str, str]:
    """Where the digest and the generation are, for a script that asks for them beside something else."""
    digest, generation, _marks = _keys()
    return digest, generation


@contextmanager
def changing() -> Iterator[None]:
    """Around a transaction's writes, once it holds the lock: nobody shares a digest until it has ended."""
    left = mark()
    try:
        yield
    except BaseException:
        unmark(left)
        raise
    transaction.on_commit(partial(unmark, left), robust=True)


def mark() -> str:
    """Say that a document may be written; gives the mark to take away."""
    left = secrets.token_hex(8)
    sharing.run(_MARK, keys=_keys(), arguments=(left, MARK_LASTS_S))
    return left


def unmark(left: str) -> None:
    """Say that what was written is there for everybody to read, or never will be."""
    sharing.run(_UNMARK, keys=_keys(), arguments=(left,))


def share(digest: str, *, seen: Known) -> None:
    """Tell the other processes what the database said, after `seen` was seen."""
    sharing.run(_SHARE, keys=_keys(), arguments=(digest, seen.generation, SHARED_FOR_S * 1000))


def _keys() -> tuple[str, str, str]:
    """The keys of this database: a copy of it that uses the same Redis must not speak for it."""
    database = connection.settings_dict
    return _named(database["ENGINE"], database["HOST"], database["PORT"], database["NAME"])


@cache
def _named(*database: object) -> tuple[str, str, str]:
    prefix = f"{sharing.PREFIX}newest:{hashlib.sha256(repr(database).encode()).hexdigest()[:16]}:"
    return f"{prefix}digest", f"{prefix}generation", f"{prefix}marks"
