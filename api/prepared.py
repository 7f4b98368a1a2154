"""Reads by SQL of our own, which PostgreSQL prepares once for each connection: for the few that every request makes.

Written once for both databases. Where queries are counted or logged they go Django's way, and are seen.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import psycopg
from django.db import connection

from api.models import Document


class Unmoved(Exception):
    """Nothing was written since: what is kept is what is true."""


def rows(sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    """The rows of one SELECT of plain texts and numbers, whose parameters are `%s`."""
    if _is_direct():
        return _directly(sql, parameters)
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


class Columns:
    """Some columns of a document, as a query names them (`document.number, …`) and gives them."""

    def __init__(self, *names: str) -> None:
        # A row is made from its values in the order of the model's fields.
        self.names = [field.attname for field in Document._meta.concrete_fields if field.attname in names]
        self.known = frozenset(self.names)
        self.sql = ", ".join(f'document."{name}"' for name in self.names)


def documents(
    columns: Columns,
    sql: str,
    parameters: Sequence[Any],
    *,
    before: Sequence[str] = ("head",),
    after: Sequence[str] = (),
    known_head: str = "",
) -> list[Document]:
    """The rows of one SELECT of the columns, as documents. What is selected before and after them are attributes of each.

    The first is the digest of the newest document of all. Raises Unmoved when that is `known_head`.
    """
    if not _is_direct():
        documents = list(Document.objects.raw(sql, parameters))
        if documents and vars(documents[0])["head"] == known_head:
            raise Unmoved
        return documents
    found = []
    start, end = len(before), len(before) + len(columns.names)
    rows = _directly(sql, parameters)
    if rows and rows[0][0] == known_head:
        raise Unmoved
    for row in rows:
        document = Document.from_db(connection.alias, columns.known, row[start:end])
        vars(document).update(zip((*before, *after), (*row[:start], *row[end:]), strict=True))
        found.append(document)
    return found


def identity(subject_id: UUID) -> Any:
    """A subject's id as a parameter."""
    return subject_id if connection.features.has_native_uuid_field else subject_id.hex


def _is_direct() -> bool:
    return connection.vendor == "postgresql" and not connection.queries_logged and not connection.execute_wrappers


def _directly(sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(sql, parameters, prepare=True)
        return cursor.fetchall()
