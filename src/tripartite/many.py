"""Reading what a whole directory has: many keys told to the base as one value, many days read once each."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from django.db.models import BooleanField, Expression, F, Func, TextField, Value
from django.db.models.functions import Cast
from django.utils import timezone

DISTINCT = 10_000
"""Days, or instants, kept read: those of a directory are few, each said by many rows."""


def keys_told(keys: Iterable[int]) -> str:
    """Keys as one value."""
    return ",".join(map(str, keys))


class Among(Func):
    """That a column holds one of these keys, for `filter`: what `__in` says, in one value. With a place for each of a
    thousand keys, Django and the driver take as long to write the query as to read what it finds. In a question
    (`questions.py`), the keys are a place of `KEYS`.
    """

    output_field = BooleanField()

    def __init__(self, column: str | F, keys: Iterable[int] | Expression) -> None:
        told = keys if isinstance(keys, Expression) else Value(keys_told(keys))
        super().__init__(F(column) if isinstance(column, str) else column, told)

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        """The keys as an array."""
        joined, template = " = ANY(string_to_array(", "%(expressions)s, ',')::bigint[])"
        return super().as_sql(compiler, connection, template=template, arg_joiner=joined)

    def as_sqlite(self, compiler: Any, connection: Any, **_: Any) -> Any:
        """The keys as a list in JSON."""
        joined, template = " IN (SELECT value FROM json_each('[' || ", "%(expressions)s || ']'))"
        return super().as_sql(compiler, connection, template=template, arg_joiner=joined)


def as_text(column: str) -> Cast:
    """A column as the base writes it, for `annotate`: a day for `read_day`, JSON for `json.loads`, each then read once
    however many rows say it.
    """
    return Cast(column, TextField())


class InstantText(Func):
    """An instant as the base writes it, in UTC, for `annotate`: `read_day_of` says its day."""

    output_field = TextField()

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        """As SQLite keeps it."""
        return super().as_sql(compiler, connection, template="(%(expressions)s AT TIME ZONE 'UTC')::text")

    def as_sqlite(self, compiler: Any, connection: Any, **_: Any) -> Any:
        """As it is kept."""
        return super().as_sql(compiler, connection, template="CAST(%(expressions)s AS text)")


@lru_cache(maxsize=DISTINCT)
def read_day(text: str) -> date:
    """A day that the base wrote."""
    return date.fromisoformat(text)


@lru_cache(maxsize=DISTINCT)
def read_day_of(text: str) -> date:
    """The day, here, of an instant that the base wrote in UTC."""
    return day_of(datetime.fromisoformat(text).replace(tzinfo=UTC))


def day_of(at: datetime) -> date:
    """The day, here, of an instant: `localdate`, without first asking, at each, in which zone one is."""
    return timezone.localdate(at, timezone.get_default_timezone())
