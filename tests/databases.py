"""Copies of the test database that a test may spoil: a file of SQLite, or a database made from a template on PostgreSQL."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
from django.db import connection
from psycopg import sql


def copied(source: str, target: str) -> None:
    """Make `target` a copy of `source`, in the place of what was there. Nobody may be connected to either on PostgreSQL."""
    if connection.vendor == "sqlite":
        removed(target)
        with closing(sqlite3.connect(source)) as theirs, closing(sqlite3.connect(target)) as ours:
            theirs.backup(ours)
        return
    removed(target)
    with _server() as server:
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(target), sql.Identifier(source)))


def removed(name: str) -> None:
    """Make sure that it is gone."""
    if connection.vendor == "sqlite":
        for rest in Path(name).parent.glob(f"{Path(name).name}*"):
            rest.unlink()
        return
    with _server() as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def connected_to(name: str = "", **address: str) -> Iterator[None]:
    """Django's connection is to this database meanwhile, in autocommit as in service; `HOST="…"`, `PORT="…"` name another server."""
    address |= {"NAME": name} if name else {}
    before = {part: connection.settings_dict[part] for part in address}
    connection.close()
    connection.settings_dict.update(address)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(before)


@contextmanager
def _server() -> "Iterator[psycopg.Connection[tuple[object, ...]]]":
    parameters = {name: value for name, value in connection.get_connection_params().items() if name in ("host", "port", "user", "password")}
    with psycopg.connect(dbname="postgres", autocommit=True, **parameters) as server:
        yield server
