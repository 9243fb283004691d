"""Questions asked all day in the same words: Django writes each once, then only its values change.

To write a question takes Django about a millisecond, several where it reads a hundred columns; the database answers it
in a tenth of that. Worth it for what every page and every act asks; elsewhere, a queryset says the same in less.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

from django.db import connections
from django.db.models import (
    BigIntegerField,
    DateField,
    Expression,
    Field,
    ForeignKey,
    ManyToOneRel,
    Model,
    OneToOneRel,
    Prefetch,
    QuerySet,
    TextField,
    prefetch_related_objects,
)
from django.db.models.query import (
    FlatValuesListIterable,
    ModelIterable,
    RelatedPopulator,
    ValuesListIterable,
    get_related_populators,
)
from django.db.models.signals import post_init, pre_init
from django.db.transaction import TransactionManagementError
from django.db.utils import DEFAULT_DB_ALIAS

from tripartite.many import Among, keys_told
from tripartite.rows import made

R = TypeVar("R")
KEY, DAY, KEYS = BigIntegerField(), DateField(), TextField()
"""Of what places mostly are: a key, a day, many keys as `keys_told` tells them, for `Among` in a `filter`."""


LARGEST = 2**63
"""From which on no database holds a whole number."""


class Place(Expression):
    """Where a value of the question comes, by its number."""

    def __init__(self, number: int, field: Any) -> None:
        super().__init__(output_field=field)
        self.number = number

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:  # noqa: ARG002 - Django's signature
        """The place itself, until the question is asked."""
        return "%s", [self]

    def has_no_row(self, value: Any) -> bool:
        """Whether nothing can be of this value: no key told."""
        return self.output_field is KEYS and value == ""

    def holding(self, values: tuple[Any, ...], connection: Any) -> Any:
        """Its value, as this database is told it. ValueError for none: nothing equals what is unknown."""
        if (value := values[self.number]) is None:
            raise ValueError(f"place {self.number} of a question takes a value")
        return self.output_field.get_db_prep_value(value, connection)


@dataclass(frozen=True, slots=True)
class _Maker:
    """Stands for a model where rows are made of what was read."""

    model: type[Model]

    def from_db(self, base: str, names: Iterable[str], values: Iterable[Any]) -> Model:
        """A row that the database has, as `made` makes it."""
        return made(self.model, zip(names, values, strict=True), base)


def _maker(model: Any) -> Any:
    """What makes the rows of a model: itself, where anything is done as one is made."""
    plain = model.__init__ is Model.__init__ and model.from_db.__func__ is Model.from_db.__func__  # type: ignore[attr-defined]
    return model if not plain or pre_init.has_listeners(model) or post_init.has_listeners(model) else _Maker(model)


class _Reader:
    """Makes what comes back of a question into what its queryset would make of it, joined and annotated."""

    def __init__(self, compiler: Any, base: str) -> None:
        read, self.base = compiler.klass_info, base
        self.start, self.end = read["select_fields"][0], read["select_fields"][-1] + 1
        self.names = [column.target.attname for column, *_ in compiler.select[self.start : self.end]]
        self.maker = _maker(read["model"])
        populators = get_related_populators(read, compiler.select, base)  # type: ignore[call-arg]  # as of Django 6
        self.beside = _quickened(populators)
        self.annotated = list((compiler.annotation_col_map or {}).items())

    def rows(self, found: Iterable[Sequence[Any]]) -> list[Any]:
        """The rows, in their order."""
        made = []
        for values in found:
            row = self.maker.from_db(self.base, self.names, values[self.start : self.end])
            for populator in self.beside:
                populator.populate(values, row)
            for name, place in self.annotated:
                setattr(row, name, values[place])
            made.append(row)
        return made


def _quickened(populators: list[RelatedPopulator]) -> list[RelatedPopulator]:
    for each in populators:
        each.model_cls = _maker(each.model_cls)
        _quickened(each.related_populators)
    return populators


class _Written(NamedTuple):
    """A question in the words of one database, and how what it answers is read."""

    words: str
    values: tuple[Any, ...]
    """Those that are always the same, and the places of the others."""

    read: Callable[[Iterable[Sequence[Any]]], list[Any]]
    locks: bool
    beside: "Callable[[list[Any]], None] | None"
    """Reads what the queryset prefetches."""


def _reading(rows: Any, compiler: Any) -> Callable[[Iterable[Sequence[Any]]], list[Any]]:
    """How the answers of a queryset are read: as rows, as tuples, or as one value each."""
    kind, columns = rows._iterable_class, [column for column, *_ in compiler.select[: compiler.col_count]]  # noqa: SLF001 - how Django tells
    if kind not in _READ or rows._known_related_objects or compiler.has_composite_fields(columns):  # noqa: SLF001
        raise TypeError("a question reads rows or lists of values")
    converters, read = compiler.get_converters(columns), _READ[kind](compiler)
    most = compiler.col_count if compiler.has_extra_select else None

    def told(found: Iterable[Sequence[Any]]) -> list[Any]:
        kept = found if most is None else [row[:most] for row in found]
        return read(compiler.apply_converters(kept, converters) if converters else kept)

    return told


_READ: dict[Any, Callable[[Any], Callable[[Iterable[Sequence[Any]]], list[Any]]]] = {
    ModelIterable: lambda compiler: _Reader(compiler, DEFAULT_DB_ALIAS).rows,
    ValuesListIterable: lambda _: lambda found: list(map(tuple, found)),
    FlatValuesListIterable: lambda _: lambda found: [value for value, *_ in found],
}


class _Unforeseen(Exception):  # noqa: N818 - never leaves here
    """Something to prefetch that Django is left to prefetch."""


class _Beside(NamedTuple):
    """One thing to prefetch beside the rows of a model: its queryset where one is given, under which name a list of it
    is kept where one is, and what is beside that."""

    queryset: Any
    kept_as: str
    further: list[Any]


def _reader_beside(model: type[Model], lookups: Sequence[Any]) -> "Callable[[list[Any]], None] | None":
    """What reads all that is prefetched beside rows of a model, each by a question; Django where something else than
    what points to the rows, or what they point to, is prefetched."""
    if not lookups:
        return None
    try:
        steps = [_step(model, name, one) for name, one in _by_name(lookups).items()]
    except _Unforeseen:
        return lambda rows: prefetch_related_objects(rows, *lookups)

    def read(rows: list[Any]) -> None:
        for step in steps:
            step(rows)

    return read


def _by_name(lookups: Sequence[Any]) -> dict[str, _Beside]:
    found: dict[str, _Beside] = {}
    for lookup in lookups:
        path, queryset, kept_as = lookup, None, ""
        if isinstance(lookup, Prefetch):
            path, queryset, kept_as = lookup.prefetch_through, lookup.queryset, lookup.to_attr or ""
        name, _, rest = path.partition("__")
        one = found.setdefault(name, _Beside(None, "", []))
        if kept_as and (rest or one.further):
            raise _Unforeseen
        if rest:
            one.further.append(Prefetch(rest, queryset) if queryset is not None else rest)
        else:
            found[name] = one._replace(queryset=one.queryset if queryset is None else queryset, kept_as=kept_as)
    return found


def _step(model: type[Model], name: str, beside: _Beside) -> Callable[[list[Any]], None]:
    for relation in model._meta.get_fields():  # noqa: SLF001 - how Django names it
        if isinstance(relation, ManyToOneRel) and relation.get_accessor_name() == name:
            return _pointing(relation, beside)
        if relation.__class__ is ForeignKey and relation.name == name:
            return _pointed(relation, beside)
    raise _Unforeseen


def _question_of(rows: Any, column: str, beside: _Beside) -> "Question[Any]":
    if rows.query.is_sliced or rows._iterable_class is not ModelIterable:  # noqa: SLF001 - how Django tells
        raise _Unforeseen
    rows = rows.prefetch_related(*beside.further)
    return Question(lambda keys: rows.filter(Among(column, keys)), KEYS)


def _pointing(relation: ManyToOneRel, beside: _Beside) -> Callable[[list[Any]], None]:
    """Reads the rows of another table that point to those in hand, and keeps each with the one it points to."""
    field, name = relation.field, relation.get_accessor_name() or ""
    if not field.target_field.primary_key:
        raise _Unforeseen
    other: Any = relation.related_model
    question = _question_of(_given(beside, other._default_manager), field.name, beside)  # noqa: SLF001 - how Django names it

    def read(rows: list[Any]) -> None:
        of_each: dict[Any, list[Any]] = {row.pk: [] for row in rows}
        whose = {row.pk: row for row in rows}
        for one in question.ask(keys_told(of_each)):
            key = getattr(one, field.attname)
            of_each[key].append(one)
            if not field.is_cached(one):
                field.set_cached_value(one, whose[key])
        for row in rows:
            if beside.kept_as:
                setattr(row, beside.kept_as, of_each[row.pk])
                continue
            if isinstance(relation, OneToOneRel):
                relation.set_cached_value(row, next(iter(of_each[row.pk]), None))
                continue
            manager = getattr(row, name)
            kept = manager.get_queryset() if beside.queryset is None else manager._apply_rel_filters(beside.queryset)  # noqa: SLF001 - as Django prefetches
            kept._result_cache, kept._prefetch_done = of_each[row.pk], True  # noqa: SLF001 - as Django prefetches
            row.__dict__.setdefault("_prefetched_objects_cache", {})[name] = kept

    return read


def _given(beside: _Beside, manager: Any) -> Any:
    return manager.get_queryset() if beside.queryset is None else beside.queryset


def _pointed(field: "ForeignKey[Any, Any]", beside: _Beside) -> Callable[[list[Any]], None]:
    """Reads the rows that those in hand point to, unless they came joined to them; then only what is beside them."""
    if beside.kept_as or not field.target_field.primary_key:
        raise _Unforeseen
    other: Any = field.related_model
    question = _question_of(_given(beside, other._base_manager), "pk", beside)  # noqa: SLF001 - how Django names it
    further = _reader_beside(other, beside.further)

    def read(rows: list[Any]) -> None:
        joined = {id(one): one for row in rows if field.is_cached(row) and (one := field.get_cached_value(row))}
        if joined and further is not None:
            further(list(joined.values()))
        left = [row for row in rows if not field.is_cached(row)]
        keys = {key for row in left if (key := getattr(row, field.attname)) is not None}
        found = {one.pk: one for one in question.ask(keys_told(keys))} if keys else {}
        for row in left:
            field.set_cached_value(row, found.get(getattr(row, field.attname)))

    return read


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
        question that locks raises TransactionManagementError outside a transaction, which would keep no lock. Among no
        key, or for a number larger than a database holds, there is no row, and no query.
        """
        if len(values) != len(self._places):
            raise TypeError(f"{len(values)} values for {len(self._places)} places")
        if any(one.has_no_row(value) for one, value in zip(self._places, values, strict=True)):
            return []
        connection = connections[DEFAULT_DB_ALIAS]
        written = self._written_for(connection)
        if written.locks and not connection.in_atomic_block:
            raise TransactionManagementError("a question that locks is asked inside a transaction")
        told = [one.holding(values, connection) if isinstance(one, Place) else one for one in written.values]
        if any(isinstance(one, int) and not -LARGEST <= one < LARGEST for one in told):
            return []  # as Django answers: no row has such a number
        with connection.cursor() as cursor:
            cursor.execute(written.words, told)
            rows = written.read(cursor.fetchall())
        if rows and written.beside is not None:
            written.beside(rows)
        return rows

    def sole(self, *values: Any) -> R | None:
        """The first row for these values; None where there is none."""
        return next(iter(self.ask(*values)), None)

    def _written_for(self, connection: Any) -> _Written:
        """Kept with the connection, which one thread has."""
        kept: dict[Any, _Written] = connection.__dict__.setdefault("questions_written", {})
        if (written := kept.get(self)) is None:
            rows: Any = self._write(*self._places)
            compiler = rows.query.get_compiler(connection=connection)
            words, values = compiler.as_sql()
            written = kept[self] = _Written(
                words,
                tuple(values),
                _reading(rows, compiler),
                rows.query.select_for_update,
                _reader_beside(rows.model, rows._prefetch_related_lookups),  # noqa: SLF001 - how Django keeps them
            )
        return written
