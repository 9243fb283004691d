"""Reading one row by its key; writing many at once."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Field, Model, QuerySet

M = TypeVar("M", bound=Model)


def sole(rows: QuerySet[M]) -> M | None:
    """The row of a query that has one at most, by a key; None where there is none.

    `first()` would sort: to write that, Django compares each column read, a third of what the whole query costs.
    """
    return next(iter(rows.order_by()[:1]), None)


def insert_rows(rows: Sequence[Model]) -> None:
    """Write many new rows of one table, whose keys nobody asks for: one short order, and the values of each in turn.
    Django would write one as long as the rows, which takes several times as long.
    """
    if not rows:
        return
    table = rows[0]._meta  # noqa: SLF001 - the name that Django documents
    written = [field for field in table.local_concrete_fields if not field.primary_key]
    columns = ", ".join(map(_quoted, written))
    places = ", ".join(["%s"] * len(written))
    _write(f"INSERT INTO {_named(table.db_table)} ({columns}) VALUES ({places})", rows, written)  # noqa: S608


def update_rows(rows: Sequence[Model], names: Iterable[str]) -> None:
    """Write these fields of many rows of one table, as they stand, in the same way."""
    if not rows:
        return
    table = rows[0]._meta  # noqa: SLF001 - the name that Django documents
    written: list[Field[Any, Any]] = [table.get_field(name) for name in names]  # type: ignore[misc]
    key = table.pk
    values = ", ".join(f"{_quoted(field)} = %s" for field in written)
    order = f"UPDATE {_named(table.db_table)} SET {values} WHERE {_quoted(key)} = %s"  # noqa: S608
    _write(order, rows, [*written, key])


def _write(order: str, rows: Sequence[Model], fields: Sequence[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            order,
            [
                [field.get_db_prep_save(getattr(row, field.attname), connection=connection) for field in fields]
                for row in rows
            ],
        )


def _quoted(field: Any) -> str:
    return _named(field.column)


def _named(name: str) -> str:
    return connection.ops.quote_name(name)
