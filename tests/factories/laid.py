"""What most tests start from: built once by the services, then laid again row by row.

Adopting a grid or loading a directory takes the services a quarter of a second, bringing a file as far as what runs a
second and more: thousands of tests start there. The first that asks for it has it built; what was written is read from
the database as it stands, and the next ones have the same rows put back, numbers included. It is laid only on what it
was built on: a database that holds the very same rows of ours, under the same settings. On any other, the services
build.
"""

import pickle
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, time, timedelta, tzinfo
from decimal import Decimal
from enum import Enum
from functools import cache, wraps
from hashlib import blake2b
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
Rows = dict[str, dict[Any, Any]]
"""The rows of each table that holds some, by their key, as the database itself keeps them."""
MOST_KEPT = 100
NOTED_BY_A_LOG_IN = ("accounts_user", '"last_login"')
"""Differs at each log-in, and counts for nothing in what is built."""
NAMES_A_STATE = "parties_directoryrevision"
"""Drawn at random whenever the directory changes: two that are the same have two of them."""
PLAIN = (str, bytes, int, float, bool, type(None), Decimal, date, time, timedelta, tzinfo, Enum)


class UnkeyedError(Exception):
    """An argument that cannot be told from another of its kind by what it says."""


@dataclass(frozen=True)
class Kept:
    """What a build changed: rows added, or changed, by table; the keys of those that went; how far numbers went."""

    added: dict[str, list[Any]]
    gone: dict[str, list[Any]]
    numbers: dict[str, int]
    answer: Callable[[], Any]


_kept: OrderedDict[object, Kept] = OrderedDict()
_building: list[Callable[..., Any]] = []
"""What is being built: what it builds on the way is not worth keeping apart."""


def laid(build: Callable[P, T]) -> Callable[P, T]:
    """Have `build` write once for each of its arguments and for each state of the database that it starts from.

    Rows that it answers are others each time; any other answer is never changed by those who ask.
    """

    @wraps(build)
    def lay(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            asked = (build, _told(args), _told(kwargs), _settings_of_the_test())
        except UnkeyedError:
            return build(*args, **kwargs)
        if _building and _full():
            return build(*args, **kwargs)
        before = _held()
        key = (*asked, _digest(before))
        if not before:
            _count_from(first_numbers())
        if key not in _kept:
            _building.append(build)
            try:
                answer = build(*args, **kwargs)
            finally:
                _building.pop()
            _keep(key, before, answer)
            return answer
        _kept.move_to_end(key)
        _put_back(_kept[key])
        return _kept[key].answer()  # type: ignore[no-any-return]

    return lay


def first_numbers() -> dict[str, int]:
    """The number from which each of our tables counts: the row of one is never found under that of another."""
    from django.apps import apps  # noqa: PLC0415 - Django is set up by then

    own = [
        model for model in apps.get_models() if model.__module__.startswith("tripartite.") and model._meta.auto_field
    ]
    return {model._meta.db_table: 1000 * (place + 1) for place, model in enumerate(own)}


def _told(value: Any) -> object:
    """What an argument says, its type with it. Raises UnkeyedError."""
    from django.db.models import Model  # noqa: PLC0415

    if isinstance(value, PLAIN):
        return type(value), value
    if isinstance(value, dict):
        return dict, tuple((_told(key), _told(one)) for key, one in value.items())
    if isinstance(value, list | tuple):
        return type(value), tuple(_told(one) for one in value)
    if isinstance(value, Model) and not value.get_deferred_fields():
        return type(value), tuple(_told(getattr(value, field.attname)) for field in value._meta.concrete_fields)
    if is_dataclass(value):
        return type(value), tuple(_told(getattr(value, field.name)) for field in fields(value))
    raise UnkeyedError


def _settings_of_the_test() -> str:
    """The settings that a test has changed."""
    from django.conf import UserSettingsHolder, settings  # noqa: PLC0415

    said, holder = list[str](), settings._wrapped
    while isinstance(holder, UserSettingsHolder):
        said += [f"{name}={value!r}" for name, value in sorted(vars(holder).items()) if name.isupper()]
        holder = holder.default_settings
    return "\n".join(said)


def _keep(key: object, before: Rows, answer: Any) -> None:
    after = _held()
    added, gone = {}, {}
    for table in sorted(before.keys() | after.keys(), key=list(_tables()).index):
        was, now = before.get(table, {}), after.get(table, {})
        added[table] = [row for number, row in now.items() if was.get(number) != row]
        gone[table] = [number for number, row in was.items() if now.get(number) != row]
    if gone.get(NOTED_BY_A_LOG_IN[0]):
        return
    _kept[key] = Kept(added, gone, _numbers(), _again(answer))
    if len(_kept) > MOST_KEPT:
        _kept.popitem(last=False)


def _again(answer: Any) -> Callable[[], Any]:
    from django.db.models import Model  # noqa: PLC0415

    held: Iterable[Any] = answer.values() if isinstance(answer, dict) else (answer,)
    if not any(isinstance(one, Model) for one in held):
        return lambda: answer
    copy = pickle.dumps(answer)
    return lambda: pickle.loads(copy)  # noqa: S301 - made here


@cache
def _tables() -> dict[str, list[str]]:
    """The columns of each of our tables, that of its key first."""
    from django.apps import apps  # noqa: PLC0415

    ours = [one._meta for one in apps.get_models(include_auto_created=True) if one.__module__.startswith("tripartite.")]
    named = {
        one.db_table: [f'"{field.column}"' for field in sorted(one.local_concrete_fields, key=_not_first)]
        for one in ours
    }
    table, column = NOTED_BY_A_LOG_IN
    named[table].remove(column)
    return named


def _not_first(field: Any) -> bool:
    return not field.primary_key


def _full() -> list[str]:
    """Our tables that hold something."""
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        some = ", ".join(f"EXISTS (SELECT 1 FROM {table})" for table in _tables())  # noqa: S608 - names of ours
        cursor.execute(f"SELECT {some}")
        return [table for table, is_full in zip(_tables(), cursor.fetchone(), strict=True) if is_full]


def _held() -> Rows:
    from django.db import connection  # noqa: PLC0415

    full = _full()
    with connection.cursor() as cursor:
        return {table: _rows(cursor, table, _tables()[table]) for table in full}


def _rows(cursor: Any, table: str, columns: list[str]) -> dict[Any, Any]:
    if cursor.db.vendor == "sqlite":
        # An expression has no declared type: values come out as stored, not as Python would read them.
        cursor.execute(f"SELECT +{', +'.join(columns)} FROM {table} ORDER BY 1")  # noqa: S608 - names of ours
        return {row[0]: row for row in cursor.fetchall()}
    with cursor.copy(f"COPY (SELECT {', '.join(columns)} FROM {table} ORDER BY 1) TO STDOUT") as copy:  # noqa: S608
        return {row.split(b"\t")[0].decode(): row for row in b"".join(copy).splitlines(keepends=True)}


def _digest(rows: Rows) -> str:
    said = {table: held for table, held in rows.items() if table != NAMES_A_STATE}
    return blake2b(repr(said).encode()).hexdigest() if rows else ""


def _put_back(kept: Kept) -> None:
    from django.db import connection, transaction  # noqa: PLC0415

    columns = _tables()
    with transaction.atomic(), connection.cursor() as cursor:
        for table, keys in kept.gone.items():
            if keys:
                places = ", ".join(["%s"] * len(keys))
                cursor.execute(f"DELETE FROM {table} WHERE {columns[table][0]} IN ({places})", keys)  # noqa: S608
        for table, rows in kept.added.items():
            if rows:
                _insert(cursor, table, columns[table], rows)
    _count_from(kept.numbers)


def _insert(cursor: Any, table: str, columns: list[str], rows: list[Any]) -> None:
    into = f"{table} ({', '.join(columns)})"
    if cursor.db.vendor == "sqlite":
        places = ", ".join(["%s"] * len(columns))
        cursor.executemany(f"INSERT INTO {into} VALUES ({places})", rows)  # noqa: S608
    else:
        with cursor.copy(f"COPY {into} FROM STDIN") as copy:
            copy.write(b"".join(rows))


def _numbers() -> dict[str, int]:
    """How far PostgreSQL has counted, which no transaction takes back; SQLite counts from the rows themselves."""
    from django.db import connection  # noqa: PLC0415

    if connection.vendor == "sqlite":
        return {}
    said = " UNION ALL ".join(
        f"SELECT '{table}', last_value FROM {_sequences()[table]}"  # noqa: S608 - names of ours
        for table in first_numbers()
    )
    with connection.cursor() as cursor:
        cursor.execute(said)
        return dict(cursor.fetchall())


def _count_from(numbers: dict[str, int]) -> None:
    from django.db import connection  # noqa: PLC0415

    if connection.vendor == "sqlite" or not numbers:
        return
    said = ", ".join(f"setval('{_sequences()[table]}', {number})" for table, number in numbers.items())
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {said}")


@cache
def _sequences() -> dict[str, str]:
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        named = ", ".join(f"pg_get_serial_sequence('{table}', 'id')" for table in first_numbers())
        cursor.execute(f"SELECT {named}")
        return dict(zip(first_numbers(), cursor.fetchone(), strict=True))
