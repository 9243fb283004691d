"""Lots on a day with what prices them, and those that one grid prices together."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, NamedTuple

from tripartite.pricing.estimate import Line
from tripartite.pricing.grid import Grid
from tripartite.pricing.holding import HeldLine
from tripartite.pricing.order import OrderError
from tripartite.subscriptions.models import SubscriptionRow
from tripartite.subscriptions.queries.holdings import Lot
from tripartite.subscriptions.queries.situations import Facts, Situations, said


class Ruled(NamedTuple):
    """A lot on a day: the grid and the facts that price it, since when, whether it is in its first year, and the day
    whose anniversaries are its due dates.
    """

    subscription: SubscriptionRow
    lot: Lot
    grid: Grid
    facts: Mapping[str, Any]
    priced_on: date
    first_year: bool
    anchor_on: date


@dataclass(slots=True)
class Group:
    """Lots priced together: one grid, one set of facts."""

    grid: Grid
    facts: Mapping[str, Any]
    first_year: bool
    lots: list[Ruled]
    _of_each: dict[str, list[Ruled]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def counted(self, services: Sequence[str]) -> list[Ruled]:
        """The lots of the services that a line counts; all of them where none is of these."""
        if len(services) == 1:
            return self._apart().get(services[0], self.lots)
        return [ruled for ruled in self.lots if ruled.subscription.service in services] or self.lots

    def _apart(self) -> dict[str, list[Ruled]]:
        """The lots of each service: most lines count one, and there are many."""
        if not self._of_each:
            for ruled in self.lots:
                self._of_each.setdefault(ruled.subscription.service, []).append(ruled)
        return self._of_each

    @property
    def lines(self) -> list[HeldLine]:
        return [ruled.lot.line for ruled in self.lots]

    @property
    def priced_on(self) -> date:
        return self.lots[0].priced_on


def arrival(one: Ruled) -> tuple[date, int]:
    """When a lot came: before or after another, whichever subscription they belong to."""
    return one.lot.first_on, one.subscription.pk


def in_order_of_arrival(lots: Iterable[Ruled]) -> list[Ruled]:
    """Lots as they came, whichever subscription they belong to."""
    return sorted(lots, key=arrival)


def groups_of(ruled: Iterable[Ruled], situations: Situations) -> list[Group]:
    """The lots by grid, facts and first year, in the order of grids; groups whose separation changes no amount are
    put together, so that a price is told in one sentence.
    """
    apart: dict[Any, Group] = {}
    same: dict[int, Facts] = {}
    for one in sorted(ruled, key=lambda one: (one.grid.applies_from, one.grid.code, one.priced_on)):
        if id(one.facts) not in same:
            same[id(one.facts)] = said(one.facts)
        key = (one.grid.code, same[id(one.facts)], one.first_year)
        if key not in apart:
            apart[key] = Group(one.grid, one.facts, one.first_year, [])
        apart[key].lots.append(one)
    groups: list[Group] = []
    for group in apart.values():
        last = groups[-1] if groups else None
        if last is not None and _alike(last, group, situations):
            groups[-1] = replace(group, lots=[*last.lots, *group.lots])
        else:
            groups.append(group)
    return groups


def _alike(before: Group, after: Group, situations: Situations) -> bool:
    """Whether two groups of one grid cost together, line by line, what they cost under each other's facts."""
    if before.grid.code != after.grid.code:
        return False
    lines = [*before.lines, *after.lines]
    try:
        under_before = situations.priced(before.grid, before.facts, lines, (), on=before.priced_on).lines
        under_after = situations.priced(after.grid, after.facts, lines, (), on=after.priced_on).lines
    except OrderError:
        return False
    firsts = before.first_year != after.first_year and any(
        line.voted_first_year_cents is not None for line in under_after
    )
    return not firsts and [_amounts(line) for line in under_before] == [_amounts(line) for line in under_after]


def _amounts(line: Line) -> tuple[object, ...]:
    return (line.service, line.charge, line.issuer, line.voted_cents, line.voted_first_year_cents, line.status)
