"""Tables whose rows the database itself refuses to change or delete: a migration operation for both databases."""

from collections.abc import Callable

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

ACTS = ("UPDATE", "DELETE")


def refusal_statements(vendor: str, table: str) -> list[str]:
    """The statements that make a table append-only."""
    if vendor == "postgresql":
        return [
            (
                f"CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger AS $$ BEGIN"
                f" RAISE EXCEPTION '{table}: rows are never changed'; END $$ LANGUAGE plpgsql"
            ),
            *(
                f"CREATE TRIGGER {table}_refuse_{act.lower()} BEFORE {act} ON {table}"
                f" FOR EACH ROW EXECUTE FUNCTION {table}_refuse()"
                for act in ACTS
            ),
        ]
    return [
        f"CREATE TRIGGER {table}_refuse_{act.lower()} BEFORE {act} ON {table}"
        f" BEGIN SELECT RAISE(ABORT, '{table}: rows are never changed'); END"
        for act in ACTS
    ]


def lifting_statements(vendor: str, table: str) -> list[str]:
    """The statements that undo `refusal_statements`."""
    on = f" ON {table}" if vendor == "postgresql" else ""
    dropped = [f"DROP TRIGGER IF EXISTS {table}_refuse_{act.lower()}{on}" for act in ACTS]
    return [*dropped, f"DROP FUNCTION IF EXISTS {table}_refuse()"] if vendor == "postgresql" else dropped


def append_only(table: str) -> migrations.RunPython:
    """The migration operation that makes a table append-only, reversible."""
    return migrations.RunPython(_stating(refusal_statements, table), _stating(lifting_statements, table))


def no_longer_append_only(table: str) -> migrations.RunPython:
    """The migration operation that undoes `append_only`, reversible: before a table takes another name."""
    return migrations.RunPython(_stating(lifting_statements, table), _stating(refusal_statements, table))


def _stating(
    statements: Callable[[str, str], list[str]], table: str
) -> Callable[[Apps, BaseDatabaseSchemaEditor], None]:
    def act(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001 - Django's signature
        for statement in statements(editor.connection.vendor, table):
            editor.execute(statement)

    return act
