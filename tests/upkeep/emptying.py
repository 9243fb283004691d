"""An installation emptied, as one that was never used: where a backup may be put back."""

from django.apps import apps
from django.db import connection, transaction

from tests.conftest import _append_only_tables
from tripartite.journal.append_only import lifting_statements, refusal_statements
from tripartite.upkeep.tables import kept_models


def empty() -> None:
    """Every table of ours without a row, its refusals in place."""
    tables = [model._meta.db_table for model in kept_models(apps)]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {', '.join(tables)} CASCADE")
        return
    kept = _append_only_tables()
    with connection.constraint_checks_disabled(), transaction.atomic(), connection.cursor() as cursor:
        for table in tables:
            for statement in lifting_statements(connection.vendor, table) if table in kept else ():
                cursor.execute(statement)
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - names of our own tables
            for statement in refusal_statements(connection.vendor, table) if table in kept else ():
                cursor.execute(statement)
