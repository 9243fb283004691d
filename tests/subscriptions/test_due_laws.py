"""The laws of what falls due, on lives made up by Hypothesis, and against a second computation of time written here."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories import tariffs
from tests.factories.lives import FACTS, added, body, reading, removed, subscription
from tripartite.pricing.contract import parse_order
from tripartite.pricing.grid_reading import read_grid
from tripartite.pricing.pricer import price_order
from tripartite.subscriptions.queries.due import recurring_due
from tripartite.subscriptions.queries.due_days import items_on

DAY = date(2026, 1, 5)
HORIZON = date(2031, 12, 31)
TEXT = tariffs.grid_text()
GRID = read_grid(TEXT)
SERVICES = (
    "messagerie-5go",
    "page-internet",
    "messagerie-illimitee",
    "stockage-supplementaire",
    "demarches-simplifiees",
)


def _later(**table: str) -> Any:
    """A tariff of 2028, its differences asked or not."""
    rules = "\n".join(f'{key} = "{word}"' for key, word in table.items())
    changed = TEXT.replace('code = "cdg62/2024-03-26"', 'code = "cdg62/2028-01-01"', 1)
    changed = changed.replace("applies_from = 2024-03-26", "applies_from = 2028-01-01", 1)
    changed = changed.replace("lfn = { per_unit = 20 }", "lfn = { per_unit = 22 }", 1)
    return read_grid(changed.replace("[act]", f"[due]\n{rules}\n\n[act]", 1))


LATER = (_later(), _later(late_tariff="difference", late_figures="difference"))


class Lot(NamedTuple):
    """So much of a service from so many days after the first, or before it, recorded so many days later; `less` takes
    away.
    """

    after: int
    quantity: int
    late: int = 0
    less: bool = False


class Life(NamedTuple):
    """What runs of a service: its lots, and its end (days after the first, recorded later), if any."""

    service: str
    first: int
    lots: Sequence[Lot]
    end: tuple[int, int] | None = None


lots = st.builds(Lot, st.integers(-20, 1200), st.integers(1, 7), st.sampled_from([0, 0, 0, 3, 90, 500]), st.booleans())
lives = st.builds(
    Life,
    st.sampled_from(SERVICES),
    st.integers(0, 700),
    st.lists(lots, max_size=3),
    st.none() | st.tuples(st.integers(200, 1500), st.sampled_from([0, 0, 20, 400])),
)
punctual = st.builds(
    Life,
    st.sampled_from(SERVICES[:3]),
    st.integers(0, 700),
    st.lists(st.builds(Lot, st.integers(1, 1200), st.integers(1, 7), st.just(0), st.booleans()), max_size=3),
    st.none() | st.tuples(st.integers(200, 1500), st.just(0)),
)
populations = st.lists(
    st.tuples(st.integers(0, 1500), st.sampled_from([900, 1994, 4000, 40_000]), st.sampled_from([0, 20, 200])),
    max_size=3,
)


def _subscription(key: int, life: Life) -> Any:
    """What a life makes run: five of its service first, taken away only while some is left."""
    start = DAY + timedelta(days=life.first)
    once = GRID.services[life.service].held_once
    changes, left = [added(GRID, start, life.service, 1 if once else 5)], 5
    end = start + timedelta(days=life.end[0]) if life.end else date.max
    for lot in sorted(life.lots, key=lambda one: one.after):
        on = start + timedelta(days=lot.after)
        if once or on > end or (lot.less and (lot.quantity >= left or on < start)):
            continue
        learnt = on + timedelta(days=lot.late)
        make: Any = removed(GRID, on, lot.quantity, learnt=learnt) if lot.less else None
        changes.append(make or added(GRID, on, life.service, lot.quantity, learnt=learnt))
        left += -lot.quantity if lot.less else lot.quantity
    ends = [(end, end + timedelta(days=life.end[1]))] if life.end else []
    return subscription(key, changes, ends=ends)


def _reading(found: Sequence[Life], figures: Sequence[tuple[int, int, int]], rule: int, adopted: int) -> Any:
    known = [(date(2020, 1, 1), 1994, date(2020, 1, 1))]
    for after, value, late in figures:
        on = DAY + timedelta(days=after)
        known.append((on, value, on + timedelta(days=late)))
    later = LATER[rule]
    learnt = {later.code: later.applies_from + timedelta(days=adopted)}
    subscriptions = [_subscription(key, life) for key, life in enumerate(found, start=1)]
    return reading(subscriptions, GRID, later, learnt=learnt, of=body(known))


any_reading = st.builds(
    _reading,
    st.lists(lives, min_size=1, max_size=3),
    populations,
    st.integers(0, 1),
    st.sampled_from([-30, 0, 45, 400]),
)


@settings(max_examples=40)
@given(any_reading, st.lists(st.integers(0, 2100), max_size=4))
def test_windows_that_follow_one_another_give_each_item_once(found: Any, cuts: list[int]) -> None:
    whole = recurring_due(found, since=DAY, until=HORIZON)
    asked, since = [], DAY
    for cut in sorted({DAY + timedelta(days=days) for days in cuts} | {HORIZON}):
        asked += recurring_due(found, since=since, until=cut)
        since = cut + timedelta(days=1)
    assert asked == whole
    named = Counter(item.key for item in whole if item.amount_cents is not None)
    assert max(named.values(), default=1) == 1


@settings(max_examples=40)
@given(any_reading)
def test_all_that_was_asked_is_what_is_due_by_what_is_known(found: Any) -> None:
    """Whenever each fact was learnt, the items of a charge, lots and first day add up to what is due for them: where
    that is known, for what became on request waits for the price of an agent, and keeps meanwhile what was asked.
    """
    asked: Counter[str] = Counter()
    for item in recurring_due(found, since=DAY, until=HORIZON):
        asked[item.key.split("@")[0]] += item.amount_cents or 0
    known = found.as_known(HORIZON)
    days = [DAY + timedelta(days=count) for count in range((HORIZON - DAY).days + 1)]
    wanted: Counter[str] = Counter()
    waiting: set[str] = set()
    for day in {item.since for item in recurring_due(found, since=DAY, until=HORIZON)} & set(days):
        for key, item in items_on(known, day).items():
            wanted[key] += item.amount_cents or 0
            waiting |= {key} if item.amount_cents is None else set()
    priced = {key: amount for key, amount in asked.items() if amount and key not in waiting}
    assert priced == {key: amount for key, amount in wanted.items() if amount}


@settings(max_examples=60)
@given(st.lists(punctual, min_size=1, max_size=3))
def test_a_second_computation_agrees_to_the_cent_and_the_day(found: list[Life]) -> None:
    subscriptions = [_subscription(key, life) for key, life in enumerate(found, start=1)]
    told: dict[tuple[date, str], int] = defaultdict(int)
    for item in recurring_due(reading(subscriptions, GRID), since=DAY, until=HORIZON):
        assert item.amount_cents is not None
        assert item.amount_cents > 0
        told[item.on, item.issuer] += item.amount_cents
    expected = _second(subscriptions)
    assert dict(told) == {key: amount for key, amount in expected.items() if amount}


@settings(max_examples=40)
@given(st.lists(punctual, min_size=1, max_size=3))
def test_each_lot_is_first_due_what_its_quotes_said(found: list[Life]) -> None:
    """An order on top of what is held costs what falls due the day it goes live, where nothing else does."""
    subscriptions = [_subscription(key, life) for key, life in enumerate(found, start=1)]
    first = min(one.starts_on for one in subscriptions)
    opened = [one for one in subscriptions if one.starts_on == first]
    lines = [one.changes.all()[0].line for one in opened]
    items = recurring_due(reading(subscriptions, GRID), since=first, until=first)
    told = Counter(dict.fromkeys(GRID.issuers, 0))
    for item in items:
        told[item.issuer] += item.amount_cents or 0
    assert dict(told) == _price(lines)


def _price(lines: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """What a holding costs a year, by issuer: the price of the tariff, which knows no time."""
    if not lines:
        return dict.fromkeys(GRID.issuers, 0)
    order = parse_order({"beneficiary": FACTS, "lines": [dict(line) for line in lines]}).order(on=DAY)
    return {code: totals.yearly_cents for code, totals in price_order(GRID, order).totals.items()}


def _second(subscriptions: Sequence[Any]) -> dict[tuple[date, str], int]:
    """Day after day, what is due: each lot that came that day, or whose anniversary it is, after those before it."""
    found: dict[tuple[date, str], int] = defaultdict(int)
    day = DAY
    while day <= HORIZON:
        lots: list[tuple[date, int, bool, dict[str, Any]]] = []
        for one in subscriptions:
            if not one.starts_on <= day <= (one.ends_on or date.max):
                continue
            birthday = (day.month, day.day) == (one.anchor_on.month, one.anchor_on.day) or (
                (one.anchor_on.month, one.anchor_on.day) == (2, 29)
                and (day.month, day.day) == (3, 1)
                and day.year % 4 != 0
            )
            for came, quantity in _left(one, day):
                line = {"service": one.service, "quantity": quantity}
                lots.append((came, one.pk, birthday or came == day, line))
        if any(due for _, _, due, _ in lots):
            lots.sort(key=lambda lot: lot[:2])
            before: list[dict[str, Any]] = []
            for _, _, due, line in lots:
                if due:
                    less, more = _price(before), _price([*before, line])
                    for issuer, amount in more.items():
                        found[day, issuer] += amount - less[issuer]
                before.append(line)
        day += timedelta(days=1)
    return found


def _left(one: Any, day: date) -> list[tuple[date, int]]:
    """What was added by a day and is not taken away: the last added goes first."""
    stack: list[tuple[date, int]] = []
    for change in one.changes.all():
        if change.on > day:
            continue
        if change.line:
            stack.append((change.on, change.line["quantity"]))
            continue
        less = int(change.removed)
        while less:
            came, quantity = stack.pop()
            if quantity > less:
                stack.append((came, quantity - less))
            less = max(less - quantity, 0)
    return stack
