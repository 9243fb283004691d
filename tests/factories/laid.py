"""What most tests start from: built once by the services, then laid again row by row.

Adopting a grid or loading a directory takes the services a quarter of a second: three thousand tests start there. The
first that asks for it has it built; what was written is read from the database as it stands, and the next ones have
the same rows put back, numbers included. Only a database that holds nothing of ours is laid so: on any other, the
services build.
"""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
_kept: dict[object, tuple[dict[str, Any], Any]] = {}


def laid(build: Callable[P, T]) -> Callable[P, T]:
    """Have `build` write once for each of its arguments; what it answers is never changed by those who ask."""

    @wraps(build)
    def lay(*args: P.args, **kwargs: P.kwargs) -> T:
        if not _nothing_held():
            return build(*args, **kwargs)
        key = (build, args, tuple(sorted(kwargs.items())))
        if key not in _kept:
            answer = build(*args, **kwargs)
            _kept[key] = (dict(_rows()), answer)
            return answer
        rows, answer = _kept[key]
        _put_back(rows)
        return answer  # type: ignore[no-any-return]

    return lay


def _tables() -> dict[str, list[str]]:
    """The columns of each of our tables, that of its numbers first."""
    from django.apps import apps  # noqa: PLC0415 - Django is set up by then

    ours = [one._meta for one in apps.get_models(include_auto_created=True) if one.__module__.startswith("tripartite.")]
    return {
        one.db_table: [f'"{field.column}"' for field in sorted(one.local_concrete_fields, key=_not_first)]
        for one in ours
    }


def _not_first(field: Any) -> bool:
    return not field.primary_key


def _nothing_held() -> bool:
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        held = " OR ".join(f"EXISTS (SELECT 1 FROM {table})" for table in _tables())  # noqa: S608 - names of ours
        cursor.execute(f"SELECT {held}")
        return not cursor.fetchone()[0]


def _rows() -> Iterator[tuple[str, Any]]:
    """The rows of each table that holds some, as the database itself keeps them, in the order of their numbers."""
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        for table, columns in _tables().items():
            if connection.vendor == "sqlite":
                # An expression has no declared type: values come out as stored, not as Python would read them.
                cursor.execute(f"SELECT +{', +'.join(columns)} FROM {table} ORDER BY 1")  # noqa: S608 - names of ours
                rows = cursor.fetchall()
            else:
                said = f"SELECT {', '.join(columns)} FROM {table} ORDER BY 1"  # noqa: S608
                with cursor.copy(f"COPY ({said}) TO STDOUT") as copy:
                    rows = b"".join(copy)
            if rows:
                yield table, rows


def _put_back(rows: dict[str, Any]) -> None:
    from django.db import connection, transaction  # noqa: PLC0415

    columns = _tables()
    with transaction.atomic(), connection.cursor() as cursor:
        for table, held in rows.items():
            into = f"{table} ({', '.join(columns[table])})"
            if connection.vendor == "sqlite":
                places = ", ".join(["%s"] * len(columns[table]))
                cursor.executemany(f"INSERT INTO {into} VALUES ({places})", held)  # noqa: S608
            else:
                with cursor.copy(f"COPY {into} FROM STDIN") as copy:
                    copy.write(held)
