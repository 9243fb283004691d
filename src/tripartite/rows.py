"""Reading one row by its key; writing many at once, or a few without what Django does around it."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from json import JSONEncoder
from typing import Any, NamedTuple, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import (
    BooleanField,
    CharField,
    Field,
    ForeignKey,
    IntegerField,
    JSONField,
    Model,
    QuerySet,
    TextField,
)
from django.db.models.base import ModelState

M = TypeVar("M", bound=Model)
PLAIN = {CharField: str, TextField: str, BooleanField: bool}
"""What Django tells both databases as it stands."""
JSON = JSONEncoder(check_circular=False)
"""Writes what SQLite keeps as Django does, sparing a look for what contains itself, which could not be written."""


def sole(rows: QuerySet[M]) -> M | None:
    """The row of a query that has one at most, by a key; None where there is none.

    `first()` would sort: to write that, Django compares each column read, a third of what the whole query costs.
    """
    return next(iter(rows.order_by()[:1]), None)


def add_values(model: type[M], rows: Sequence[Mapping[str, Any]]) -> list[M]:
    """Write a few new rows of one table in one order, and answer them with their keys, as if they were read: what
    Django's `bulk_create` does, in a fraction of its time, for tables that compute nothing as they are written.

    Each row has all that `model` keeps, by column, but a key that the base gives.
    """
    if not rows:
        return []
    beginning, places, key, written = _insertion(model)
    connection = connections[DEFAULT_DB_ALIAS]
    with connection.cursor() as cursor:
        values = [value for row in rows for value in _values(row, written, connection)]
        cursor.execute(f"{beginning} {', '.join([places] * len(rows))} RETURNING {_named(key.column)}", values)
        given = cursor.fetchall()
    return [made(model, {**row, key.attname: value}) for row, (value,) in zip(rows, given, strict=True)]


def made(model: type[M], values: Iterable[tuple[str, Any]] | Mapping[str, Any], base: str = DEFAULT_DB_ALIAS) -> M:
    """A row that the base has, by column: as `Model.from_db` makes it, in a fraction of its time, for a model that does
    nothing as it is made. A column left out is read when it is asked.
    """
    row = model.__new__(model)
    state = row._state = ModelState()  # noqa: SLF001 - as Django leaves what it read
    state.adding, state.db = False, base
    row.__dict__.update(values)
    return row


def insert_rows(rows: Sequence[Model]) -> None:
    """Write many new rows of one table, whose keys nobody asks for: one short order, and the values of each in turn.
    Django would write one as long as the rows, which takes several times as long.
    """
    if not rows:
        return
    insert_values(type(rows[0]), [row.__dict__ for row in rows])


def insert_values(model: type[Model], rows: Sequence[Mapping[str, Any]]) -> None:
    """The same for rows that are nothing but values, by column: each names all that `model` keeps, its key left out
    where the base gives it. To make a row of Django's takes longer than to write it.
    """
    if not rows:
        return
    beginning, places, _, written = _insertion(model)
    _write(f"{beginning} {places}", rows, written)


class _Column(NamedTuple):
    """A field to be written, and the type of the values that the base is told as they stand."""

    name: str
    plain: type | None
    in_json: bool
    field: Any


def _column(field: Any) -> _Column:
    """SQLite takes integers as they are, and JSON as text; PostgreSQL is told of which size, or kind, they are."""
    on_sqlite = connections[DEFAULT_DB_ALIAS].vendor == "sqlite"
    kept = field.target_field if isinstance(field, ForeignKey) else field
    plain = next((PLAIN[kind] for kind in type(kept).__mro__ if kind in PLAIN), None)
    if on_sqlite and isinstance(kept, IntegerField):
        plain = int
    as_django_has_it = type(kept).__module__.startswith("django.db.models.")
    in_json = on_sqlite and type(kept) is JSONField and kept.encoder is None
    return _Column(field.attname, plain if as_django_has_it else None, in_json, field)


@cache
def _insertion(model: type[Model]) -> tuple[str, str, Any, list[_Column]]:
    """How the order begins, the places of one row, the key, and the fields that the places take: all but a key that
    the base gives.
    """
    table = model._meta  # noqa: SLF001 - the name that Django documents
    written = [field for field in table.local_concrete_fields if field is not table.auto_field]
    columns = ", ".join(map(_quoted, written))
    beginning = f"INSERT INTO {_named(table.db_table)} ({columns}) VALUES"
    return beginning, f"({', '.join(['%s'] * len(written))})", table.pk, [_column(field) for field in written]


def update_rows(rows: Sequence[Model], names: Iterable[str]) -> None:
    """Write these fields of many rows of one table, as they stand, in the same way."""
    if not rows:
        return
    order, written = _update(type(rows[0]), tuple(names))
    _write(order, [row.__dict__ for row in rows], written)


@cache
def _update(model: type[Model], names: tuple[str, ...]) -> tuple[str, list[_Column]]:
    """The order that writes these fields of a row, and the fields that its places take: these, and the key."""
    table = model._meta  # noqa: SLF001 - the name that Django documents
    written: list[Field[Any, Any]] = [table.get_field(name) for name in names]  # type: ignore[misc]
    key = table.pk
    values = ", ".join(f"{_quoted(field)} = %s" for field in written)
    order = f"UPDATE {_named(table.db_table)} SET {values} WHERE {_quoted(key)} = %s"  # noqa: S608
    return order, [_column(field) for field in (*written, key)]


def _write(order: str, rows: Sequence[Mapping[str, Any]], columns: Sequence[_Column]) -> None:
    connection = connections[DEFAULT_DB_ALIAS]
    with connection.cursor() as cursor:
        cursor.executemany(order, [_values(row, columns, connection) for row in rows])


def _values(row: Mapping[str, Any], columns: Sequence[_Column], connection: Any) -> list[Any]:
    """What the base is told of a row."""
    told = []
    for name, plain, in_json, field in columns:
        value = row[name]
        if value is not None and value.__class__ is not plain:
            value = (
                JSON.encode(value)
                if in_json and value.__class__ in {dict, list}
                else field.get_db_prep_save(value, connection=connection)
            )
        told.append(value)
    return told


def _quoted(field: Any) -> str:
    return _named(field.column)


def _named(name: str) -> str:
    """As both databases quote it."""
    return f'"{name}"'
