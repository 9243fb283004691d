"""Questions asked all day in the same words: Django writes each once, then only its values change.

To write a question takes Django about a millisecond, several where it reads a hundred columns; the database answers it
in a tenth of that. Worth it for what every page and every act asks; elsewhere, a queryset says the same in less.
"""

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar, cast

from django.db import connections
from django.db.models import BigIntegerField, DateField, Expression, Field, QuerySet
from django.db.transaction import TransactionManagementError
from django.db.utils import DEFAULT_DB_ALIAS

R = TypeVar("R")
KEY, DAY = BigIntegerField(), DateField()
"""Of what places mostly are: a key, a day."""


class Place(Expression):
    """Where a value of the question comes, by its number."""

    def __init__(self, number: int, field: Any) -> None:
        super().__init__(output_field=field)
        self.number = number

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:  # noqa: ARG002 - Django's signature
        """The place itself, until the question is asked."""
        return "%s", [self]

    def holding(self, values: tuple[Any, ...], connection: Any) -> Any:
        """Its value, as this database is told it. ValueError for none: nothing equals what is unknown."""
        if (value := values[self.number]) is None:
            raise ValueError(f"place {self.number} of a question takes a value")
        return self.output_field.get_db_prep_value(value, connection)


class _Written(NamedTuple):
    """A question in the words of one database."""

    rows: Any
    compiler: Any
    words: str
    values: tuple[Any, ...]
    """Those that are always the same, and the places of the others."""

    converters: Any


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a queryset reads by, in place of what Django would write again."""

    compiler: Any

    def get_compiler(self, using: str) -> Any:  # noqa: ARG002 - Django names the database
        return self.compiler


class Question(Generic[R]):
    """What a queryset answers, for values that change: `write` makes it of one place for each of the fields `of`.

    Its shape is fixed: a place takes one value, of its field, never a list. `write` is called once for each connection,
    and must depend on its places alone.
    """

    def __init__(self, write: Callable[..., "QuerySet[Any, R]"], *of: "Field[Any, Any]") -> None:
        self._write = write
        self._places = [Place(number, field) for number, field in enumerate(of)]

    def ask(self, *values: Any) -> list[R]:
        """The rows for these values, one for each place: one query, and those of what the queryset prefetches. A
        question that locks raises TransactionManagementError outside a transaction, which would keep no lock.
        """
        if len(values) != len(self._places):
            raise TypeError(f"{len(values)} values for {len(self._places)} places")
        connection = connections[DEFAULT_DB_ALIAS]
        written = self._written_for(connection)
        if written.compiler.query.select_for_update and not connection.in_atomic_block:
            raise TransactionManagementError("a question that locks is asked inside a transaction")
        told = tuple(one.holding(values, connection) if isinstance(one, Place) else one for one in written.values)
        compiler = copy(written.compiler)
        compiler.as_sql = lambda: (written.words, told)
        compiler.get_converters = lambda _: written.converters
        asked: Any = QuerySet(written.rows.model, cast("Any", _Asked(compiler)))
        asked._iterable_class = written.rows._iterable_class  # noqa: SLF001 - how Django copies a queryset
        asked._prefetch_related_lookups = written.rows._prefetch_related_lookups  # noqa: SLF001
        return list(asked)

    def sole(self, *values: Any) -> R | None:
        """The first row for these values; None where there is none."""
        return next(iter(self.ask(*values)), None)

    def _written_for(self, connection: Any) -> _Written:
        """Kept with the connection, which one thread has."""
        kept: dict[Any, _Written] = connection.__dict__.setdefault("questions_written", {})
        if (written := kept.get(self)) is None:
            rows = self._write(*self._places)
            compiler: Any = rows.query.get_compiler(connection=connection)
            words, values = compiler.as_sql()
            converters = compiler.get_converters([column for column, *_ in compiler.select[: compiler.col_count]])
            written = kept[self] = _Written(rows, compiler, words, tuple(values), converters)
        return written
