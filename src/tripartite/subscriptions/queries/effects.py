"""What will change by itself in the cost of what runs: a tariff, a category, each from its due date."""

from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from tripartite.parties.queries.facts import all_figures
from tripartite.pricing.calendar import due_days
from tripartite.pricing.classing import category_of, classed_services
from tripartite.pricing.lacking import Sum
from tripartite.subscriptions.models import SubscriptionRow
from tripartite.subscriptions.queries.cost_lines import RunningCost
from tripartite.subscriptions.queries.costs import Reading
from tripartite.subscriptions.queries.groups import Ruled
from tripartite.subscriptions.queries.situations import Facts, Situations, beneficiary_of, said
from tripartite.tariffs.queries import rules_from

ONE_DAY = timedelta(days=1)
ONE_YEAR = timedelta(days=366)


@dataclass(frozen=True)
class CostChange:
    """A day on which what runs takes another tariff or other figures, with what ruled on its eve and on that day; the
    costs of both are worked out when they are asked for.
    """

    on: date
    reading: Reading
    ruled_before: tuple[Ruled, ...]
    ruled_after: tuple[Ruled, ...]

    @cached_property
    def before(self) -> RunningCost:
        """The cost of the eve."""
        return self.reading.cost(self.on - ONE_DAY)

    @cached_property
    def after(self) -> RunningCost:
        """The cost of that day."""
        return self.reading.cost(self.on)

    @property
    def issuers(self) -> list[str]:
        """The issuers of either side, in order."""
        return list(dict.fromkeys([*self.before.totals, *self.after.totals]))


class CategoryChange(NamedTuple):
    """A running service whose category changes on a due date; None is « no category », hence on request."""

    service: str
    name: str
    before: str | None
    after: str | None
    on: date


@dataclass(frozen=True)
class FigureEffect:
    """What a figure changes for a body: the categories, each from its due date; on the last of them, the yearly cost
    without that figure and with it, under the same tariffs, worked out when it is asked for.
    """

    changes: tuple[CategoryChange, ...]
    reading: Reading
    others: Reading

    @cached_property
    def without(self) -> RunningCost:
        """The cost as if the figure were not known."""
        return self.others.cost(self.days[-1])

    @cached_property
    def cost(self) -> RunningCost:
        """The cost with it."""
        return self.reading.cost(self.days[-1])

    @property
    def days(self) -> tuple[date, ...]:
        """The due dates that bring it, in order, each once."""
        return tuple(sorted({one.on for one in self.changes}))


def changes_ahead(reading: Reading, *, on: date) -> list[CostChange]:
    """The days after `on` on which tariffs adopted and figures known that day change what runs, in order.

    Every adopted tariff and every known figure has then had its due date. Days that change nothing are left out.
    """
    return [
        CostChange(day, reading, reading.ruled_on(day - ONE_DAY, []), reading.ruled_on(day, []))
        for day, concerned in sorted(_days(reading, on).items())
        if any(_bases(reading, one, day - ONE_DAY) != _bases(reading, one, day) for one in concerned)
    ]


def _days(reading: Reading, on: date) -> dict[date, list[SubscriptionRow]]:
    """The due dates after a day, each with what meets it, and the days that a tariff imposes on all that runs."""
    tariffs = [rules_from(grid) for grid in reading.tariffs.grids]
    figures = [figure.applies_on for figure in all_figures(reading.body)]
    last = max([on, *tariffs, *figures]) + ONE_YEAR
    recurring = [one for one in reading.subscriptions if one.term_years is None]
    met: dict[tuple[date, date | None], list[SubscriptionRow]] = {}
    for one in recurring:
        span = reading.span(one)
        met.setdefault((span.anchor_on, span.last_on), []).append(one)
    found: dict[date, list[SubscriptionRow]] = {}
    for (anchor_on, ends_on), those in met.items():
        for day in due_days(anchor_on, since=on + ONE_DAY, until=min(last, ends_on or last)):
            found.setdefault(day, []).extend(those)
    imposed = {grid.running_from for grid in reading.tariffs.grids if grid.running_from and grid.running_from > on}
    return found | dict.fromkeys(imposed, recurring)


def _bases(reading: Reading, one: SubscriptionRow, on: date) -> set[tuple[str, Facts]]:
    """What prices a subscription on a day: its grids and its facts; nothing when it does not run."""
    ruled = reading.ruled(one, on) if reading.runs(one, on) else []
    return {(each.grid.code, said(each.facts)) for each in ruled if each is not None and each.grid.recurs(one.service)}


@dataclass(frozen=True, slots=True)
class TariffEffect:
    """What a tariff changes for a body: the days on which some of what runs takes it; on the last of them, the yearly
    cost without that tariff and with it, all else being the same.
    """

    days: tuple[date, ...]
    without: RunningCost
    cost: RunningCost

    def amounts(self) -> Iterator[tuple[str, Sum, Sum]]:
        """Issuer by issuer, the yearly cost without and with it."""
        for code in dict.fromkeys([*self.without.totals, *self.cost.totals]):
            yield code, self.without.sum_of(code), self.cost.sum_of(code)


def tariff_effect(reading: Reading, grid: str, *, on: date) -> TariffEffect | None:
    """What a grid changes after a day for what runs; None when nothing that runs takes it."""
    days = _days_taking(reading, grid, on)
    if not days:
        return None
    others = reading.under(reading.tariffs.without(grid))
    return TariffEffect(days, others.cost(days[-1]), reading.cost(days[-1]))


def _days_taking(reading: Reading, code: str, on: date) -> tuple[date, ...]:
    """The days after a day on which something that ran on the eve under other grids takes this one, in order."""
    grid = reading.tariffs.by_code(code)
    if grid is None:
        return ()
    days = _days(reading, max(on, rules_from(grid) - ONE_DAY))
    return tuple(day for day in sorted(days) if any(_takes(reading, one, code, day) for one in days[day]))


def _takes(reading: Reading, one: SubscriptionRow, code: str, day: date) -> bool:
    if code not in _codes(reading, one, day):
        return False
    before = _codes(reading, one, day - ONE_DAY)
    return bool(before) and code not in before


def _codes(reading: Reading, one: SubscriptionRow, on: date) -> set[str]:
    """The grids that price a subscription on a day; none when it does not run."""
    ruled = reading.ruled(one, on) if reading.runs(one, on) else []
    return {each.grid.code for each in ruled if each is not None and each.grid.recurs(one.service)}


def figure_effect(reading: Reading, figure_id: int, *, on: date) -> FigureEffect | None:
    """What a figure changes after a day in the categories of what runs, each at its first due date that brings it; None
    when it changes none. The tariffs are the same on both sides, those of each day.

    For a body that others joined, all its figures are new: what it took over keeps theirs until that due date.
    """
    others = replace(reading, body=_without_figure(reading, figure_id), situations=Situations(), met={})
    counted = _apart(reading, others, on).keys()
    found: dict[int, CategoryChange] = {}
    for day in sorted(_days(reading, on)):
        for key, (service, name, before, after) in _apart(reading, others, day).items():
            if key not in counted and key not in found:
                found[key] = CategoryChange(service, name, before, after, day)
    if not found:
        return None
    each = {(one.service, one.before, one.after): one for one in reversed(found.values())}
    return FigureEffect(tuple(reversed(each.values())), reading, others)


def _apart(reading: Reading, others: Reading, on: date) -> dict[int, tuple[str, str, str | None, str | None]]:
    """What is in another category on a day with a figure than without it: service, name, without, with."""
    without, kept = _categories(others.ruled_on(on, [])), _categories(reading.ruled_on(on, []))
    return {
        key: (service, name, without[key][2], category)
        for key, (service, name, category) in kept.items()
        if key in without and without[key][2] != category
    }


def _without_figure(reading: Reading, figure_id: int) -> Any:
    """The body as if a figure, and those of the same measure that came with it, were not known; without any of its own
    where what it has was taken over from others.
    """
    figures = all_figures(reading.body)
    new = next((one for one in figures if one.pk == figure_id), None)
    joined = any(one.continues is not None and one.continues.body_id != one.body_id for one in reading.subscriptions)
    other = copy(reading.body)
    other.read_figures = [
        one
        for one in figures
        if new is not None and not joined and (one.measure, one.applies_on) != (new.measure, new.applies_on)
    ]
    return other


def _categories(ruled: Iterable[Ruled]) -> dict[int, tuple[str, str, str | None]]:
    """The category of each subscription that has one, by its last lot."""
    return {
        one.subscription.pk: (
            one.subscription.service,
            one.subscription.name,
            category_of(scale, beneficiary_of(one.facts)),
        )
        for one in ruled
        if (scale := classed_services(one.grid).get(one.subscription.service)) is not None
    }
