"""Processes that are killed before a statement of their own: SIGKILL, as a power cut or the kernel does it."""

import contextlib
import os
import signal
import traceback
from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection


class DieAt:
    """An execute wrapper that dies before statement `k`, in the given way."""

    def __init__(self, k: int, die: Callable[[], None]) -> None:
        self.k, self.die, self.count = k, die, 0

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.step()
        return execute(sql, params, many, context)

    def step(self) -> None:
        self.count += 1
        if self.count == self.k:
            self.die()

    @contextlib.contextmanager
    def counting(self) -> Iterator[None]:
        """Statements and commits, on a connection that is in nobody's transaction."""
        commit = connection._commit

        def counted() -> None:
            self.step()
            commit()

        connection._commit = counted
        try:
            with connection.execute_wrapper(self):
                yield
        finally:
            connection._commit = commit


def started(act: Callable[[], Any], *, dies_at: int) -> int:
    """A process that does it, and is killed before its statement `dies_at`, commits counted."""
    connection.close()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            with DieAt(dies_at, lambda: os.kill(os.getpid(), signal.SIGKILL)).counting():
                act()
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)
    return child


def was_killed(child: int) -> bool:
    """Whether the process was killed, once it has ended; AssertionError when it failed otherwise."""
    _pid, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.waitstatus_to_exitcode(status) == 0, "It failed before it was killed."
    return os.WIFSIGNALED(status)


def killed_at(k: int, act: Callable[[], Any]) -> bool:
    """Do it in a process of its own, which is killed before its statement `k`; whether it was."""
    return was_killed(started(act, dies_at=k))
