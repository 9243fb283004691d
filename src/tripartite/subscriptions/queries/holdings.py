"""How much of a service runs on a day, lot by lot: pure, from dated changes (decision 70)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any, Protocol

from tripartite.pricing.estimate import quantity_json

Line = dict[str, Any]
"""A line in the estimate contract's shape: service, quantity or quantities, options."""


class Change(Protocol):
    """A dated change: `line` is added, or `removed` (exact decimal text) taken away, from `on` (inclusive)."""

    @property
    def on(self) -> date: ...
    @property
    def first_on(self) -> date: ...
    @property
    def line(self) -> Line | None: ...
    @property
    def removed(self) -> str: ...
    @property
    def grid(self) -> str: ...
    @property
    def facts(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Lot:
    """So much of a service added on a day, with the grid and the facts that price it until the next due date.

    `first_on` is the day on which it first ran, for whomever.
    """

    on: date
    first_on: date
    line: Line
    grid: str
    facts: Mapping[str, Any]


def lots_on(changes: Iterable[Change], on: date) -> tuple[Lot, ...]:
    """The lots that run on a day, in the order in which they were added.

    `changes` are in their order (day, then rank). What is taken away comes off the last lots first.
    """
    lots: list[Lot] = []
    for change in changes:
        if change.on > on:
            break
        if change.line is not None:
            lots.append(Lot(change.on, change.first_on, change.line, change.grid, change.facts))
        else:
            _take_away(lots, Fraction(change.removed))
    return tuple(lots)


def _take_away(lots: list[Lot], removed: Fraction) -> None:
    while removed > 0 and lots:
        last = lots.pop()
        left = quantity_of(last.line) - removed
        if left > 0:
            lots.append(replace(last, line=with_quantity(last.line, left)))
        removed = max(-left, Fraction(0))


def quantity_of(line: Line) -> Fraction:
    """How much a line takes; named quantities are multiplied."""
    if "quantities" not in line:
        return Fraction(str(line["quantity"]))
    product = Fraction(1)
    for value in line["quantities"].values():
        product *= Fraction(str(value))
    return product


def total_of(lots: Iterable[Lot]) -> Fraction:
    """How much runs in all."""
    return sum((quantity_of(lot.line) for lot in lots), start=Fraction(0))


def with_quantity(line: Line, quantity: Fraction) -> Line:
    """The same line with another quantity. Raises ValueError for a line of several quantities."""
    if "quantities" in line:
        raise ValueError(line["service"])
    return {**line, "quantity": quantity_json(quantity)}


def added_up(lines: Iterable[Line]) -> list[Line]:
    """The same lines with those of one service and the same options put together, where they have one quantity."""
    found: dict[str, Line] = {}
    rows: list[Line] = []
    for line in lines:
        key = f"{line['service']} {sorted(line.get('options', {}).items())}"
        if "quantity" in line and key in found:
            found[key]["quantity"] += line["quantity"]
            continue
        row = dict(line)
        rows.append(row)
        if "quantity" in line:
            found[key] = row
    return rows
