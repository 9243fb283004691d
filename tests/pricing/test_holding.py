"""What is held, as one value: exact, added up, taken off, compared, read and written; laws tried on any holding."""

import json
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tripartite.pricing.bounds import MOST_QUANTITY
from tripartite.pricing.holding import Counted, HeldLine, Holding
from tripartite.pricing.order import OrderError
from tripartite.pricing.quantities import exact, quantity_json, quantity_text

NUMBERS = st.integers(1, MOST_QUANTITY * 1000).map(lambda thousandths: Fraction(thousandths, 1000))
OPTIONS = st.dictionaries(st.sampled_from("ab"), st.sampled_from("xy"), max_size=2)
SIMPLE = st.builds(
    lambda service, number, options: {"service": service, "quantity": quantity_json(number), "options": options},
    st.sampled_from("stu"),
    NUMBERS,
    OPTIONS,
)
NAMED = st.builds(
    lambda rooms, days: {"service": "room", "quantities": {"rooms": rooms, "days": quantity_json(days)}},
    st.integers(1, 3),
    st.sampled_from([Fraction(1, 2), Fraction(1), Fraction(3, 2)]),
)
LINES = st.lists(SIMPLE | NAMED, max_size=8)
HOLDINGS = LINES.map(Holding.read)


def of(**quantities: Any) -> Holding:
    return Holding.read({"service": service, "quantity": quantity} for service, quantity in quantities.items())


@given(HOLDINGS, HOLDINGS)
def test_adding_then_taking_off_gives_back(held: Holding, more: Holding) -> None:
    assert held.plus(more).less(more) == held
    assert held.plus(more) == more.plus(held)
    assert held.plus(more).total == held.total + more.total


@given(HOLDINGS, HOLDINGS)
def test_what_differs_leads_from_one_to_the_other_and_back(held: Holding, wanted: Holding) -> None:
    added, removed = held.to(wanted)
    assert held.plus(added).less(removed) == wanted
    assert wanted.to(held) == (removed, added)
    assert not added.amounts.keys() & removed.amounts.keys()
    assert (not added and not removed) == (held == wanted)


@given(HOLDINGS)
def test_nothing_is_lost_through_the_contract_written_as_json(held: Holding) -> None:
    assert Holding.read(held.as_lines()) == held
    assert Holding.read(json.loads(json.dumps(held.as_lines()))) == held
    assert Holding.read(json.loads(json.dumps(held.as_lines()), parse_float=Decimal)) == held
    assert list(Holding.read(held.as_lines())) == list(held)


@given(LINES, st.randoms())
def test_the_order_of_lines_changes_nothing(lines: list[dict[str, Any]], random: Any) -> None:
    shuffled = random.sample(lines, len(lines))
    assert Holding.read(shuffled) == Holding.read(lines)


@given(HOLDINGS)
def test_the_parts_by_service_add_up_to_the_whole(held: Holding) -> None:
    parts = list(held.of_each().values())
    whole = Holding()
    for part in parts:
        whole = whole.plus(part)
    assert whole == held
    assert held.services == tuple(dict.fromkeys(service for service, _ in held.of_each()))
    assert held.where(lambda service: service == "room").plus(held.where(lambda service: service != "room")) == held


@given(HOLDINGS, HOLDINGS, HOLDINGS)
def test_an_order_carried_out_is_what_was_held_with_what_it_asks_less_what_it_gives_up(
    held: Holding, more: Holding, less: Holding
) -> None:
    order = {"in_service": held.as_lines(), "lines": more.as_lines(), "ended": less.as_lines()}
    assert Holding.after(order) == held.plus(more).less(less)


@given(NUMBERS)
def test_a_quantity_comes_back_from_json_and_from_text_as_it_was(number: Fraction) -> None:
    assert exact(json.loads(json.dumps(quantity_json(number)))) == number
    assert Fraction(quantity_text(number)) == number


def test_a_tenth_taken_off_three_is_two_exactly() -> None:
    left = of(days=0.3).less(of(days=0.1))
    assert left.as_lines() == [{"service": "days", "quantity": 0.2}]
    assert left.total == Fraction(1, 5)
    assert of(days=0.1).plus(of(days=0.2)) == of(days=0.3)


def test_what_is_not_held_is_not_taken_off() -> None:
    assert of(a=2, b=1).less(of(a=3, c=1)) == of(b=1)


def test_lines_of_named_quantities_are_counted_apart() -> None:
    morning = {"service": "room", "quantities": {"rooms": 2, "days": 0.5}}
    week = {"service": "room", "quantities": {"days": 5, "rooms": 1}}
    held = Holding.read([morning, week, morning])
    assert held.total == 7
    assert held.less(Holding.read([morning])).as_lines() == [
        {"service": "room", "quantities": {"days": 0.5, "rooms": 2}},
        {"service": "room", "quantities": {"days": 5, "rooms": 1}},
    ]
    assert [line.text(("rooms", "days")) for line in held] == ["2 × 0,5", "2 × 0,5", "1 × 5"]
    with pytest.raises(ValueError, match="room"):
        HeldLine.read(morning).with_amount(1)


def test_options_tell_services_apart_in_any_order() -> None:
    one = {"service": "key", "quantity": 1, "options": {"years": "3", "delivery": "site"}}
    same = {"service": "key", "quantity": 2, "options": {"delivery": "site", "years": "3"}}
    other = {"service": "key", "quantity": 4, "options": {"delivery": "site", "years": "2"}}
    held = Holding.read([one, same, other])
    assert [line.amount for line in held] == [3, 4]
    assert held.amount("key") == 0
    assert held.services == ("key",)


def test_so_much_of_a_service_is_set_and_zero_takes_it_off() -> None:
    held = of(a=1, b=2)
    assert held.with_amount("b", 5) == of(a=1, b=5)
    assert held.with_amount("b", 0) == of(a=1)
    assert held.with_amount("c", Fraction(1, 2)) == of(a=1, b=2, c=0.5)


@pytest.mark.parametrize("quantity", [None, "4", True, float("nan"), float("inf"), [1]])
def test_what_is_no_number_is_refused(quantity: object) -> None:
    with pytest.raises(OrderError) as refusal:
        Holding.read([{"service": "a", "quantity": quantity}])
    assert (refusal.value.code, refusal.value.message) == ("bad-quantity", "a : la quantité doit être un nombre.")


def test_nothing_is_held_below_zero() -> None:
    with pytest.raises(ValueError, match="a"):
        Holding({Counted("a"): -1})
