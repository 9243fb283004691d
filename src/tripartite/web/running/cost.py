"""The cost of what runs as the screens show it: a row a charge, a column an issuer, the whole way to each amount.

Nothing is computed here: amounts, explanations and days are those of the subscriptions' queries.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from tripartite.parties.queries.bodies import issuers
from tripartite.pricing.estimate import Status
from tripartite.pricing.lacking import NOTHING_LACKS, Lacks, Sum, together
from tripartite.subscriptions.queries.cost_lines import RunningCost, RunningLine
from tripartite.subscriptions.queries.costs import Reading
from tripartite.subscriptions.queries.effects import changes_ahead

if TYPE_CHECKING:
    from tripartite.parties.models import Issuer

LACKING = "ce que les totaux laissent de côté"
"""The column of a file that says it."""


@dataclass(frozen=True, slots=True)
class CostColumn:
    """An issuer and its yearly total (integer cents, TTC), with what it leaves out, and its HT where all its lines are
    voted HT.
    """

    code: str
    name: str
    slot: int
    total: int
    lacks: Lacks = NOTHING_LACKS
    net: int | None = None


@dataclass(frozen=True, slots=True)
class CostCell:
    """What one issuer asks a year for a charge."""

    column: CostColumn
    line: RunningLine

    @property
    def included(self) -> bool:
        return self.line.priced.status is Status.INCLUDED


@dataclass(frozen=True, slots=True)
class CostRow:
    """A charge, with a cell an issuer (None where it asks nothing). `anchor` is its name in the page."""

    anchor: str
    service: str
    charge: str
    cells: tuple[CostCell | None, ...]

    @property
    def said(self) -> list[CostCell]:
        return [cell for cell in self.cells if cell is not None]

    @property
    def first(self) -> RunningLine:
        return self.said[0].line


@dataclass(frozen=True, slots=True)
class CostTable:
    """The cost on a day: columns with their totals, rows, what to know."""

    cost: RunningCost
    columns: tuple[CostColumn, ...]
    rows: tuple[CostRow, ...]

    @property
    def total(self) -> int:
        return sum(column.total for column in self.columns)

    @property
    def lacks(self) -> Lacks:
        return together(column.lacks for column in self.columns)


def cost_table(cost: RunningCost) -> CostTable:
    """The cost as rows and columns. One query."""
    columns = tuple(
        replace(column, net=cost.net_totals.get(column.code)) for column in columns_of(_sums(cost), issuers())
    )
    grouped: dict[tuple[Any, ...], dict[str, RunningLine]] = {}
    for line in cost.lines:
        apart = (line.grid, line.priced_on, line.priced.service, line.charge_name, str(line.priced.options))
        place = 0
        while line.issuer in grouped.get((*apart, place), {}):
            place += 1
        grouped.setdefault((*apart, place), {})[line.issuer] = line
    rows = tuple(_row(number, lines, columns) for number, lines in enumerate(grouped.values(), start=1))
    return CostTable(cost, columns, rows)


def _sums(cost: RunningCost) -> dict[str, Sum]:
    return {code: cost.sum_of(code) for code in cost.totals}


def columns_of(totals: Mapping[str, Sum], known: Sequence[Issuer]) -> tuple[CostColumn, ...]:
    """The issuers of the offers of which something is held, each in its place with its total, zero for one that asks
    nothing; every issuer known where nothing is said to be held."""
    shown = [one for one in known if not totals or one.code in totals]
    others = [code for code in totals if code not in {issuer.code for issuer in known}]
    return (
        *(CostColumn(one.code, one.short_name, one.slot, *totals.get(one.code, Sum())) for one in shown),
        *(CostColumn(code, code, len(known) + place, *totals[code]) for place, code in enumerate(others, start=1)),
    )


def now_and_ahead(reading: Reading, *, on: date) -> dict[str, Any]:
    """What a body pays a year on a day, by issuer, then from each later day on which tariffs or figures change it."""
    known = issuers()
    return {
        "yearly": columns_of(_sums(reading.cost(on)), known),
        "ahead": [(change.on, columns_of(_sums(change.after), known)) for change in changes_ahead(reading, on=on)],
    }


def compared(before: RunningCost, after: RunningCost, known: Sequence[Issuer]) -> list[dict[str, Any]]:
    """Issuer by issuer: the yearly total before, after, and the difference."""
    return [
        {
            "column": column,
            "before": before.sum_of(column.code),
            "after": after.sum_of(column.code),
            "difference": difference(before.sum_of(column.code), after.sum_of(column.code)),
        }
        for column in columns_of(_sums(before) | _sums(after), known)
    ]


def difference(before: Sum, after: Sum) -> Sum:
    """What is more, or less; it leaves out what either side does."""
    return Sum(after.cents - before.cents, before.lacks.plus(after.lacks))


def _row(number: int, lines: Mapping[str, RunningLine], columns: tuple[CostColumn, ...]) -> CostRow:
    first = next(iter(lines.values()))
    cells = tuple(CostCell(column, lines[column.code]) if column.code in lines else None for column in columns)
    return CostRow(f"ligne-{number}", first.service_name, first.charge_name, cells)
