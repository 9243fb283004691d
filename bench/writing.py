"""Rows written straight into a table, past models and services: hundreds of thousands of them for a measure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

Row = list[Any]


def write(template: Any, rows: Iterable[Mapping[str, Any]]) -> list[int]:
    """Write rows like `template`, an instance that is not saved, each with its own values (by attribute, `body_id` for
    a foreign key); answers their keys, in their order. They come after all that the table has.
    """
    from django.core.management.color import no_style  # noqa: PLC0415 - Django is set up by then
    from django.db import connection, transaction  # noqa: PLC0415
    from django.db.models import Max  # noqa: PLC0415

    model, told = type(template), template._meta  # noqa: SLF001 - Django documents it
    fields = told.concrete_fields
    places = {field.attname: place for place, field in enumerate(fields)}
    same = [field.get_db_prep_save(getattr(template, field.attname), connection) for field in fields]
    key = places[told.pk.attname]
    first = (model.objects.aggregate(last=Max("pk"))["last"] or 0) + 1
    keys: list[int] = []

    def each() -> Iterator[Row]:
        for number, own in enumerate(rows, first):
            row = same.copy()
            row[key] = number
            for name, value in own.items():
                row[places[name]] = fields[places[name]].get_db_prep_save(value, connection)
            keys.append(number)
            yield row

    with transaction.atomic(), connection.cursor() as cursor:
        _insert(cursor, told.db_table, [field.column for field in fields], each())
        for statement in connection.ops.sequence_reset_sql(no_style(), [model]):
            cursor.execute(statement)
    return keys


def _insert(cursor: Any, table: str, columns: Sequence[str], rows: Iterator[Row]) -> None:
    names = ", ".join(f'"{column}"' for column in columns)
    if cursor.db.vendor == "postgresql":
        with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
            for row in rows:
                copy.write_row(row)
        return
    values = ", ".join(["?"] * len(columns))
    cursor.connection.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({values})', rows)
