"""The database as it stands at one instant, read while others go on writing."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper


@contextmanager
def snapshot() -> Iterator[None]:
    """Until the end of the block, this thread reads the database through a second connection, that sees one instant and
    can write nothing; others do not notice.

    SQLite (WAL): a deferred transaction, which takes no lock that a writer would wait for. PostgreSQL: repeatable read.
    """
    usual = connections[DEFAULT_DB_ALIAS]
    apart = _reading(usual)
    connections[DEFAULT_DB_ALIAS] = apart
    try:
        with transaction.atomic():
            if apart.vendor == "postgresql":
                with apart.cursor() as cursor:
                    cursor.execute("SET TRANSACTION READ ONLY")
            yield
    finally:
        connections[DEFAULT_DB_ALIAS] = usual
        apart.close()


def _reading(usual: BaseDatabaseWrapper) -> BaseDatabaseWrapper:
    known: dict[str, Any] = usual.settings_dict
    options = dict(known["OPTIONS"])
    if usual.vendor == "postgresql":
        from psycopg import IsolationLevel  # noqa: PLC0415 - only where PostgreSQL is

        options["isolation_level"] = IsolationLevel.REPEATABLE_READ
    else:
        options["transaction_mode"] = "DEFERRED"
        options["init_command"] = f"{options.get('init_command', '')} PRAGMA query_only=ON;"
    return type(usual)({**known, "OPTIONS": options, "CONN_MAX_AGE": 0}, DEFAULT_DB_ALIAS)
