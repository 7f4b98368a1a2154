"""Cursors are opaque, signed, and the same for the same position."""

import pytest
from django.core.signing import Signer

from api import cursors
from api.problems import Problem


def test_cursor_comes_back_as_it_was_given() -> None:
    position = [1, "Título «ß» 戒断", None, True]
    assert cursors.read("list", cursors.write("list", position)) == position
    assert cursors.write("list", position) == cursors.write("list", position)


CRAFTED = [
    "",
    "x",
    ".",
    "a.b",
    "\x00",
    "\ud800",
    "é.é",
    "9" * 100_000,
    cursors.write("feed", [1]),
    cursors.write("list", [1]) + "x",
    cursors.write("list", [1])[:-1],
    Signer().sign("x"),
    Signer(salt="mainstay.cursor.list", sep=".").sign("not base64!"),
]


@pytest.mark.parametrize("text", CRAFTED, ids=range(len(CRAFTED)))
def test_crafted_cursors_are_refused(text: str) -> None:
    with pytest.raises(Problem) as problem:
        cursors.read("list", text)
    assert problem.value.code == "invalid-cursor"


def test_scope_is_that_of_the_filter() -> None:
    assert cursors.scope({"a": 1, "b": 2}) == cursors.scope({"b": 2, "a": 1})
    assert cursors.scope({"a": 1}) != cursors.scope({"a": 2})
