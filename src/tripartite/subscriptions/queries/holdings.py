"""How much of a service runs on a day, lot by lot: pure, from dated changes (decision 70)."""

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple, Protocol, TypeVar

from tripartite.pricing.cases import Number
from tripartite.pricing.holding import HeldLine
from tripartite.pricing.quantities import plain


class Change(Protocol):
    """A dated change: `held` is added, or `removed` (exact decimal text) taken away, from `on` (inclusive).

    `learnt_on` is the day on which it was recorded, `corrects_id` the key of the change in whose place it stands.
    """

    @property
    def pk(self) -> Any: ...
    @property
    def corrects_id(self) -> int | None: ...
    @property
    def on(self) -> date: ...
    @property
    def first_on(self) -> date: ...
    @property
    def held(self) -> HeldLine | None: ...
    @property
    def removed(self) -> str: ...
    @property
    def grid(self) -> str: ...
    @property
    def facts(self) -> Mapping[str, Any]: ...
    @property
    def learnt_on(self) -> date: ...
    @property
    def convention_id(self) -> int | None: ...


C = TypeVar("C", bound=Change)


class Lot(NamedTuple):
    """So much of a service added on a day, with the grid and the facts that price it until the next due date.

    `first_on` is the day on which it first ran, for whomever; `learnt_on` the one on which that was recorded,
    `convention_id` the paper that adds it.
    """

    on: date
    first_on: date
    line: HeldLine
    grid: str
    facts: Mapping[str, Any]
    learnt_on: date
    convention_id: int | None = None


def lots_on(changes: Iterable[Change], on: date) -> tuple[Lot, ...]:
    """The lots that run on a day, in the order in which they were added.

    `changes` are in their order (day, then rank), those that were corrected among them. What is taken away comes off
    the last lots first.
    """
    lots: list[Lot] = []
    for change, first in standing(changes):
        if change.on > on:
            break
        if (held := change.held) is not None:
            days = (change.on, change.first_on)
            lots.append(Lot(*days, held, change.grid, change.facts, first.learnt_on, change.convention_id))
        elif change.removed:
            _take_away(lots, Fraction(change.removed))
    return tuple(lots)


def standing(changes: Iterable[C]) -> list[tuple[C, C]]:
    """The changes that count, in their order, each with the one recorded first of those that it stands for: a
    correction takes the place of what it corrects, and is known since the same day.
    """
    rows = list(changes)
    corrected = {one.corrects_id: one for one in rows if one.corrects_id is not None}
    if not corrected:
        return [(one, one) for one in rows]
    known = {one.pk for one in rows}
    found: list[tuple[C, C]] = []
    for first in rows:
        if first.corrects_id in known:
            continue
        last = first
        while last.pk in corrected:
            last = corrected[last.pk]
        found.append((last, first))
    return sorted(found, key=lambda each: (each[0].on, each[1].pk))


def _take_away(lots: list[Lot], removed: Number) -> None:
    while removed > 0 and lots:
        last = lots.pop()
        left = last.line.total - removed
        if left > 0:
            lots.append(last._replace(line=last.line.with_amount(left)))
        removed = max(-left, 0)


def total_of(lots: Iterable[Lot]) -> Number:
    """How much runs in all."""
    return plain(sum((lot.line.total for lot in lots), start=0))
