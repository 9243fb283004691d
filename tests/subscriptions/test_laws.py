"""The laws of what runs, on quantities and orders made up by Hypothesis: no database."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories import tariffs
from tripartite.conventions.models import Convention
from tripartite.pricing.contract import parse_order
from tripartite.pricing.grid_reading import read_grid
from tripartite.pricing.holding import HeldLine
from tripartite.pricing.pricer import price_order
from tripartite.quotes.queries.agreed import AgreedPrices
from tripartite.subscriptions.models import QuantityChange, Subscription
from tripartite.subscriptions.queries.costs import Reading
from tripartite.subscriptions.queries.holdings import lots_on, total_of
from tripartite.tariffs.queries import RunningTariffs

GRID = read_grid(tariffs.grid_text())
DAY = date(2026, 11, 23)
FACTS = {"kind": "commune", "department": "62", "population_kind": "municipale"}
YEARLY = (
    "messagerie-5go",
    "messagerie-illimitee",
    "nom-de-domaine",
    "page-internet",
    "sauvegarde",
    "stockage-supplementaire",
    "antivirus",
    "demarches-simplifiees",
)
days = st.dates(date(2024, 1, 1), date(2060, 12, 31))
populations = st.integers(0, 150_000)
orders = st.dictionaries(st.sampled_from(YEARLY), st.integers(1, 60), min_size=1, max_size=8)


@dataclass
class Change:
    """A dated change, as `lots_on` reads it."""

    on: date
    line: dict[str, Any] | None = None
    removed: str = ""
    grid: str = GRID.code
    facts: dict[str, Any] = field(default_factory=dict)
    convention_id: int | None = None
    pk: int | None = None
    corrects_id: int | None = None

    @property
    def held(self) -> HeldLine | None:
        return None if self.line is None else HeldLine.read(self.line)

    @property
    def first_on(self) -> date:
        return self.on

    @property
    def learnt_on(self) -> date:
        return self.on


def _line(service: str, quantity: int) -> dict[str, Any]:
    most = GRID.services[service].quantities["quantity"].maximum
    return {"service": service, "quantity": 1 if most == 1 else quantity}


def _running(key: int, lots: Sequence[tuple[date, dict[str, Any]]], facts: dict[str, Any]) -> Subscription:
    """A subscription in memory, its lots and ends already read."""
    first = lots[0][0]
    one = Subscription(pk=key, service=lots[0][1]["service"], name="x", anchor_on=first, starts_on=first)
    one.convention = Convention(years=3)
    at = datetime(2024, 1, 1, 12, 0, tzinfo=UTC)
    changes = [
        QuantityChange(on=on, first_on=on, line=line, grid=GRID.code, facts=facts, recorded_at=at) for on, line in lots
    ]
    one._prefetched_objects_cache = {"changes": changes, "end_notes": []}
    return one


def _reading(subscriptions: Sequence[Subscription]) -> Reading:
    return Reading(None, subscriptions, RunningTariffs((GRID,)), AgreedPrices())


def _quoted(lines: Sequence[dict[str, Any]], facts: dict[str, Any]) -> dict[str, int]:
    order = parse_order({"beneficiary": facts, "lines": list(lines)}).order(on=DAY)
    return {code: totals.yearly_cents for code, totals in price_order(GRID, order).totals.items()}


@settings(max_examples=60)
@given(orders, populations)
def test_the_day_of_going_live_costs_what_the_quotes_say_a_year(order: dict[str, int], population: int) -> None:
    facts = FACTS | {"population": population}
    lines = [_line(service, quantity) for service, quantity in order.items()]
    reading = _reading([_running(key, [(DAY, line)], facts) for key, line in enumerate(lines)])
    assert reading.cost(DAY).totals == _quoted(lines, facts)
    assert reading.cost(DAY - timedelta(days=1)).totals == {}


@settings(max_examples=60, deadline=None)
@given(orders, populations, st.integers(0, 364))
def test_the_totals_of_any_day_are_those_of_its_lines(order: dict[str, int], population: int, later: int) -> None:
    facts = FACTS | {"population": population}
    held = [
        _running(key, [(DAY + timedelta(days=30 * key), _line(*each))], facts) for key, each in enumerate(order.items())
    ]
    cost = _reading(held).cost(DAY + timedelta(days=later))
    known = [line for line in cost.lines if line.yearly_cents is not None]
    found = dict.fromkeys(cost.totals, 0)
    for line in known:
        found[line.issuer] += line.yearly_cents or 0
    assert cost.totals == found
    assert cost.complete == (len(known) == len(cost.lines))


@settings(max_examples=60)
@given(st.sampled_from(YEARLY), st.integers(1, 40), st.integers(1, 40))
def test_two_parts_gone_live_the_same_day_cost_what_the_whole_costs(service: str, one: int, other: int) -> None:
    facts = FACTS | {"population": 1994}
    if GRID.services[service].held_once:
        return
    parts = [(DAY, _line(service, one)), (DAY, _line(service, other))]
    whole = [(DAY, _line(service, one + other))]
    assert (
        _reading([_running(1, parts, facts)]).cost(DAY).totals == _reading([_running(1, whole, facts)]).cost(DAY).totals
    )


@settings(max_examples=60)
@given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 360))
def test_what_is_added_later_under_one_tariff_brings_to_the_price_of_the_whole(one: int, more: int, later: int) -> None:
    facts = FACTS | {"population": 1994}
    then = DAY + timedelta(days=later)
    running = _running(1, [(DAY, _line("messagerie-5go", one)), (then, _line("messagerie-5go", more))], facts)
    assert _reading([running]).cost(then).totals == _quoted([_line("messagerie-5go", one + more)], facts)
    assert _reading([running]).cost(then - timedelta(days=1)).totals == _quoted([_line("messagerie-5go", one)], facts)


amounts = st.lists(st.tuples(days, st.integers(1, 20)), min_size=1, max_size=8)


@given(amounts, days)
def test_what_runs_is_the_sum_of_what_was_added_until_then(added: list[tuple[date, int]], on: date) -> None:
    changes = sorted((Change(day, {"service": "x", "quantity": count}) for day, count in added), key=lambda one: one.on)
    assert total_of(lots_on(changes, on)) == sum(count for day, count in added if day <= on)


@given(amounts, st.integers(0, 100), days)
def test_what_is_taken_away_comes_off_the_total_and_off_the_last_first(
    added: list[tuple[date, int]], taken: int, on: date
) -> None:
    changes = sorted((Change(day, {"service": "x", "quantity": count}) for day, count in added), key=lambda one: one.on)
    last = max(day for day, _ in added)
    taken = min(taken, sum(count for _, count in added) - 1)
    if taken > 0:
        changes.append(Change(last, removed=str(taken)))
    lots = lots_on(changes, max(on, last))
    assert total_of(lots) == sum(count for _, count in added) - taken
    whole = [Fraction(change.line["quantity"]) for change in changes if change.line]
    assert [total_of([lot]) for lot in lots[:-1]] == whole[: len(lots) - 1]


def test_rows_written_before_are_read_exactly() -> None:
    """A half taken away was written « 1/2 », and lines had the numbers that JSON gives back as floats."""
    line = {"service": "x", "quantity": 0.3}
    rows = [Change(DAY, line), Change(DAY, line), Change(DAY, removed="1/2"), Change(DAY, removed="0.05")]
    assert total_of(lots_on(rows[:3], DAY)) == Fraction(1, 10)
    assert [lot.line.as_json() for lot in lots_on(rows, DAY)] == [{"service": "x", "quantity": 0.05}]
