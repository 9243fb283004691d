"""Tables whose rows the database itself refuses to change or delete: a migration operation for both databases."""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

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


class _Stating(Operation):
    """States what a table refuses, or no longer; unlike a `RunPython`, asks for no model, which are slow to make."""

    reversible = True

    def __init__(self, table: str, *, refusing: bool) -> None:
        self.table = table
        self.refusing = refusing

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Nothing: models know nothing of what their tables refuse."""

    def database_forwards(
        self,
        app_label: str,  # noqa: ARG002 - Django's signature
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,  # noqa: ARG002
        to_state: ProjectState,  # noqa: ARG002
    ) -> None:
        """Say it to the database."""
        self._state(schema_editor, refusing=self.refusing)

    def database_backwards(
        self,
        app_label: str,  # noqa: ARG002 - Django's signature
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,  # noqa: ARG002
        to_state: ProjectState,  # noqa: ARG002
    ) -> None:
        """Say the contrary."""
        self._state(schema_editor, refusing=not self.refusing)

    def describe(self) -> str:
        """What `migrate --plan` says."""
        return f"{'Refuse' if self.refusing else 'Allow'} changes and deletions in {self.table}"

    def _state(self, editor: BaseDatabaseSchemaEditor, *, refusing: bool) -> None:
        statements = refusal_statements if refusing else lifting_statements
        for statement in statements(editor.connection.vendor, self.table):
            editor.execute(statement)


def append_only(table: str) -> Operation:
    """The migration operation that makes a table append-only, reversible."""
    return _Stating(table, refusing=True)


def no_longer_append_only(table: str) -> Operation:
    """The migration operation that undoes `append_only`, reversible: before a table takes another name."""
    return _Stating(table, refusing=False)
