"""What many tests begin with is built once in each process, by the product's own functions, and put back row by row.

    @scenes.built_once
    def shelf(*, slug="withdrawal") -> Shelf: …

The first call in a migrated database builds, and keeps every table that this changed. A later call with the same arguments, in
a database where there is nothing but what there was then, puts those tables in the place of what is there and gives a copy of what
was built. Anything else builds: other settings, somebody who was made before, a test without a transaction around it.
"""

import copy
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, wraps
from typing import Any, ParamSpec, TypeVar

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection

_Given = ParamSpec("_Given")
_Built = TypeVar("_Built")
#: What of the settings the product's functions decide by.
_SETTINGS = ("CLINICAL_SIGN_OFF", "SHOW_SAMPLES", "BASE_URL", "LANGUAGE_CODE")


@dataclass(frozen=True, kw_only=True)
class _Scene:
    built: Any
    tables: dict[str, list[tuple[Any, ...]]]


_kept: dict[Any, _Scene] = {}


def built_once(build: Callable[_Given, _Built]) -> Callable[_Given, _Built]:
    """The same function, which builds only where nobody has built the same on the same before."""

    @wraps(build)
    def built(*args: _Given.args, **kwargs: _Given.kwargs) -> _Built:
        if not connection.in_atomic_block or get_user_model().objects.exists():
            return build(*args, **kwargs)
        arguments = repr((args, sorted(kwargs.items())))
        key = (build, arguments, connection.settings_dict["NAME"], *(getattr(settings, name) for name in _SETTINGS), *_extents())
        scene = _kept.get(key)
        if scene is None:
            before = _rows()
            made = build(*args, **kwargs)
            changed = {name: rows for name, rows in _rows().items() if rows != before[name]}
            _kept[key] = _Scene(built=copy.deepcopy(made), tables=changed)
            return made
        _put_back(scene.tables)
        return copy.deepcopy(scene.built)  # type: ignore[no-any-return] # of what `build` gave

    return built


@cache
def _tables() -> tuple[str, ...]:
    """Every table but those that an engine keeps for itself, behind a virtual one: they follow by triggers."""
    with connection.cursor() as cursor:
        names = [table.name for table in connection.introspection.get_table_list(cursor) if table.type == "t"]
    return tuple(sorted(name for name in names if "_fts" not in name and not name.startswith(("api_searchindex", "sqlite_"))))


def _extents() -> tuple[int | None, ...]:
    """How many rows each table has, and the highest key: together they tell what migrations left from everything else."""
    selected = []
    for name in _tables():
        quoted = connection.ops.quote_name(name)
        highest = f"(SELECT MAX(id) FROM {quoted})" if '"id"' in _columns(name) else "NULL"  # noqa: S608 - the names are our tables'
        selected += [f"(SELECT COUNT(*) FROM {quoted})", highest]  # noqa: S608 - the same
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(selected)}")
        return tuple(cursor.fetchone())


def _rows() -> dict[str, list[tuple[Any, ...]]]:
    rows = {}
    with connection.cursor() as cursor:
        for name in _tables():
            cursor.execute(f"SELECT {_columns(name)} FROM {connection.ops.quote_name(name)}")  # noqa: S608 - the names are our tables'
            rows[name] = cursor.fetchall()
    return rows


@cache
def _columns(table: str) -> str:
    """Those that are not computed."""
    with connection.cursor() as cursor:
        found = connection.introspection.get_table_description(cursor, table)
    return ", ".join(connection.ops.quote_name(column.name) for column in found)


def _put_back(tables: dict[str, list[tuple[Any, ...]]]) -> None:
    with connection.cursor() as cursor:
        for name, rows in tables.items():
            quoted = connection.ops.quote_name(name)
            cursor.execute(f"DELETE FROM {quoted}")  # noqa: S608 - the names are our tables'
            if rows:
                values = ", ".join(["%s"] * len(rows[0]))
                cursor.executemany(f"INSERT INTO {quoted} ({_columns(name)}) VALUES ({values})", rows)  # noqa: S608 - the names are our tables'
