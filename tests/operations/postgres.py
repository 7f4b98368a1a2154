"""Prints the DATABASE_URL of a PostgreSQL server for the tests: `python -m tests.operations.postgres`.

It is TEST_POSTGRES_URL, which then has to answer, or a server on 127.0.0.1:5432 that lets us in; else nothing is printed. In
CI a server is required.
"""

import os
import sys

import psycopg

HERE = "postgres://postgres@127.0.0.1:5432"


def url() -> str:
    """The address to test at, or "" when there is none; SystemExit when there had to be one."""
    asked = os.environ.get("TEST_POSTGRES_URL", "")
    try:
        psycopg.connect(asked or f"{HERE}/postgres", connect_timeout=3).close()
    except psycopg.OperationalError as refused:
        if asked or os.environ.get("CI") == "true":
            raise SystemExit(f"PostgreSQL does not answer: {refused}") from refused
        return ""
    # Django makes a database named after this one, so that two checks at once do not meet.
    return asked or f"{HERE}/mainstay_{os.getpid()}"


if __name__ == "__main__":
    sys.stdout.write(url())
