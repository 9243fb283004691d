"""Laws that hold for every order, under the act of 26 March 2024 and under grids made up for the purpose."""

from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.pricing.generated_grids import COMMUNE, FREQUENCIES, SERVICES, any_bands, grids, takes
from tests.pricing.small_grids import estimate, grid_text, service
from tests.pricing.small_grids import line as asked

from tripartite.pricing.checking import check_grid
from tripartite.pricing.contract import parse_order
from tripartite.pricing.estimate import Estimate, Frequency, Line, Status
from tripartite.pricing.grid import Grid
from tripartite.pricing.grid_reading import read_grid
from tripartite.pricing.pricer import price_order

ACT = read_grid((Path(__file__).parents[2] / "grids/cdg62/2024-03-26.toml").read_text(encoding="utf-8"))
UNLIMITED = tuple(code for code, service in ACT.services.items() if not service.held_once)
TIMES = {Frequency.MONTHLY: 12}
made_up = settings(max_examples=60)
Lines = list[dict[str, Any]]

bodies = st.one_of(
    st.builds(lambda people: {"kind": "commune", "department": "62", "population": people}, st.integers(0, 150_000)),
    st.builds(lambda staff: {"kind": "epci", "department": "62", "staff": staff}, st.integers(0, 1500)),
)
act_lines = takes(UNLIMITED, 130)
with_forms = st.tuples(act_lines, st.booleans()).map(
    lambda given: [*given[0], {"service": "demarches-simplifiees", "quantity": 1}] if given[1] else given[0]
)


def price(grid: Grid, lines: Lines, *, held: Lines | None = None, body: dict[str, Any] | None = None) -> Estimate:
    order: dict[str, Any] = {"beneficiary": body or COMMUNE, "lines": lines}
    if held is not None:
        order["in_service"] = held
    return price_order(grid, parse_order(order).order(on=date(2026, 11, 23)))


def complete(*estimates: Estimate) -> bool:
    return all(total.complete for estimate in estimates for total in estimate.totals.values())


def shown(estimate: Estimate) -> list[tuple[Any, ...]]:
    """All that lines say, but the words that explain them."""
    return [tuple(line._replace(how=None)) for line in estimate.lines]  # type: ignore[arg-type]


def yearly(estimate: Estimate) -> dict[str, int]:
    return {issuer: total.voted.yearly_cents for issuer, total in estimate.totals.items()}


def check_totals_are_sums(estimate: Estimate) -> None:
    for issuer, total in estimate.totals.items():
        counted = [line for line in estimate.lines if line.issuer == issuer and line.status is Status.PRICED]

        def due(*frequencies: Frequency, lines: list[Line] = counted) -> int:
            return sum(
                (line.voted_cents or 0) * TIMES.get(line.frequency, 1)
                for line in lines
                if line.frequency in frequencies
            )

        once, yearly, term, first_year = total.voted
        assert once == due(Frequency.ONCE, Frequency.PER_ACT)
        assert yearly == due(Frequency.YEARLY, Frequency.MONTHLY)
        assert term == due(Frequency.TERM)
        assert first_year == once + yearly + term
        assert total.first_year_cents == total.once_cents + total.yearly_cents + total.term_cents
        assert total.complete == all(
            line.status is not Status.ON_REQUEST for line in estimate.lines if line.issuer == issuer
        )


def one_more(lines: Lines, place: int) -> Lines:
    return [{**line, "quantity": line["quantity"] + (at == place % len(lines))} for at, line in enumerate(lines)]


def check_nothing_falls(before: Estimate, after: Estimate) -> None:
    for issuer, total in before.totals.items():
        assert after.totals[issuer].voted.once_cents >= total.voted.once_cents
        assert after.totals[issuer].voted.yearly_cents >= total.voted.yearly_cents
        assert after.totals[issuer].voted.term_cents >= total.voted.term_cents


def check_held_and_ordered_add_up(grid: Grid, held: Lines, ordered: Lines, body: dict[str, Any]) -> None:
    alone, then = price(grid, held, body=body), price(grid, ordered, held=held, body=body)
    together = price(grid, held + ordered, body=body)
    assume(complete(alone, then, together))

    assert {issuer: due + yearly(then)[issuer] for issuer, due in yearly(alone).items()} == yearly(together)


# Under the act


@given(with_forms, bodies)
def test_totals_are_the_sum_of_their_lines(lines: Lines, body: dict[str, Any]) -> None:
    check_totals_are_sums(price(ACT, lines, body=body))


@given(with_forms, st.integers(0, 4), bodies)
def test_one_unit_more_never_lowers_a_total(lines: Lines, place: int, body: dict[str, Any]) -> None:
    more = one_more(lines, place)
    assume(all(line["quantity"] == 1 for line in more if line["service"] == "demarches-simplifiees"))
    before, after = price(ACT, lines, body=body), price(ACT, more, body=body)
    assume(complete(before, after))

    check_nothing_falls(before, after)


@given(with_forms, bodies)
def test_to_hold_nothing_is_the_same_as_not_saying_it(lines: Lines, body: dict[str, Any]) -> None:
    assert price(ACT, lines, held=[], body=body).as_json() == price(ACT, lines, body=body).as_json()


@given(act_lines, act_lines, bodies)
def test_what_is_held_and_what_is_ordered_add_up(held: Lines, ordered: Lines, body: dict[str, Any]) -> None:
    check_held_and_ordered_add_up(ACT, held, ordered, body)


@given(with_forms.flatmap(lambda lines: st.tuples(st.just(lines), st.permutations(lines))), bodies)
def test_the_order_of_lines_does_not_matter(both: tuple[Lines, Lines], body: dict[str, Any]) -> None:
    assert shown(price(ACT, both[0], body=body)) == shown(price(ACT, both[1], body=body))


@given(act_lines, st.integers(1, 200), bodies)
def test_splitting_a_line_in_two_changes_nothing(lines: Lines, part: int, body: dict[str, Any]) -> None:
    first, rest = lines[0], lines[1:]
    whole = [{**first, "quantity": first["quantity"] + part}, *rest]

    assert shown(price(ACT, [*lines, {**first, "quantity": part}], body=body)) == shown(price(ACT, whole, body=body))


@given(with_forms, bodies)
def test_every_line_explains_itself(lines: Lines, body: dict[str, Any]) -> None:
    for line in price(ACT, lines, body=body).lines:
        assert line.explanation


# Under grids made up


@made_up
@given(grids(), takes())
def test_totals_are_the_sum_of_their_lines_whatever_the_grid(grid: Grid, lines: Lines) -> None:
    check_totals_are_sums(price(grid, lines))


@made_up
@given(grids(), takes(), st.integers(0, 4))
def test_one_unit_more_never_lowers_a_total_where_prices_do_not_fall(grid: Grid, lines: Lines, place: int) -> None:
    check_nothing_falls(price(grid, lines), price(grid, one_more(lines, place)))


@made_up
@given(any_bands())
def test_where_one_unit_more_lowers_a_price_the_check_says_so_and_nowhere_else(bands: str) -> None:
    text = grid_text(service(bands))
    amounts = [estimate(text, asked(quantity=quantity)).totals["op"].yearly_cents for quantity in range(1, 50)]

    falls = [place + 2 for place, (now, more) in enumerate(pairwise(amounts)) if more < now]
    said = [int(finding.message.split(" compte")[0]) for finding in check_grid(text) if "moins que" in finding.message]
    assert said == falls


@made_up
@given(grids(), takes(), takes())
def test_what_is_held_and_what_is_ordered_add_up_whatever_the_grid(grid: Grid, held: Lines, ordered: Lines) -> None:
    check_held_and_ordered_add_up(grid, held, ordered, COMMUNE)


@made_up
@given(grids(), takes(), st.randoms(use_true_random=False), st.integers(1, 50))
def test_neither_order_nor_splitting_matters_whatever_the_grid(grid: Grid, lines: Lines, random, part: int) -> None:
    whole = [{**lines[0], "quantity": lines[0]["quantity"] + part}, *lines[1:]]
    split = [*lines, {**lines[0], "quantity": part}]
    random.shuffle(split)

    assert shown(price(grid, split)) == shown(price(grid, whole))


@made_up
@given(grids(frequencies=FREQUENCIES[:1]), takes(), takes())
def test_what_is_held_never_changes_what_is_due_once(grid: Grid, held: Lines, ordered: Lines) -> None:
    assert shown(price(grid, ordered, held=held)) == shown(price(grid, ordered))


@made_up
@given(grids(), takes(SERVICES[:1]))
def test_a_line_is_never_further_than_half_a_cent_from_its_exact_price(grid: Grid, lines: Lines) -> None:
    for line in price(grid, lines).lines:
        if line.voted_unit is not None and line.voted_cents is not None:
            assert abs(line.voted_cents * 10_000 - line.voted_unit * line.quantity) <= 5_000
