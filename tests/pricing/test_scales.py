"""Scales: which category a body is in, by which figure, and what is said where there is none."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.pricing.small_grids import SIZES, estimate, grid_text, line, one_line, service

from tripartite.pricing.classing import category_bounds
from tripartite.pricing.contract import parse_order
from tripartite.pricing.estimate import Status
from tripartite.pricing.grid_reading import read_grid
from tripartite.pricing.order import OrderError
from tripartite.pricing.pricer import price_order

ACT = read_grid((Path(__file__).parents[2] / "grids/cdg62/2024-03-26.toml").read_text(encoding="utf-8"))
TABLE = '{ by = "taille", flat = { P = 30, G = 90 } }'
BOTH = SIZES.replace('by = "population"', 'by = ["population", "staff"]')
VOTED = [999, 1000, 1001, 2000, 2001, 5000, 5001, 10_000, 10_001, 20_000, 20_001, 30_000, 30_001, 50_000, 50_001]


def category(**body) -> str | None:
    order = {
        "beneficiary": {"department": "62", **body},
        "lines": [{"service": "demarches-simplifiees", "quantity": 1}],
    }
    return price_order(ACT, parse_order(order).order(on=date(2026, 9, 1))).beneficiary["category"]


def test_each_bound_of_the_act_is_in_its_own_category() -> None:
    found = "".join(category(kind="commune", population=inhabitants) or "?" for inhabitants in VOTED)

    assert found == "AABBCCDDEEFFGGH"
    assert [category(kind="commune", population=inhabitants) for inhabitants in (0, 100_000, 100_001)] == [
        "A",
        "H",
        "I",
    ]


@pytest.mark.parametrize(
    ("staff", "expected"), [(0, "A"), (4, "A"), (5, "B"), (10, "B"), (11, "C"), (1000, "H"), (1001, "I")]
)
def test_an_establishment_is_classed_by_its_staff(staff: int, expected: str) -> None:
    assert category(kind="ccas", staff=staff) == expected


@pytest.mark.parametrize(("kind", "figure"), [("commune", "population"), ("region", "population"), ("epci", "staff")])
def test_the_figure_that_the_rule_needs_is_asked_for_never_guessed(kind: str, figure: str) -> None:
    other = {"population": "staff", "staff": "population"}[figure]

    with pytest.raises(OrderError) as refused:
        category(kind=kind, **{other: 10})

    assert refused.value.code == f"missing-{figure}"


def test_one_is_classed_apart_on_either_side_of_each_bound_and_of_a_hole() -> None:
    holed = SIZES.replace("population = { from = 1001 }", "population = { from = 1501 }")
    grid = read_grid(grid_text(service(TABLE), holed))

    assert category_bounds(grid) == {"population": {1000, 1500}, "staff": {10}}


def test_a_kind_that_the_rule_puts_on_request_has_no_category() -> None:
    assert category(kind="autre", population=100, staff=3) is None


def test_a_kind_that_no_rule_names_is_on_request() -> None:
    only_communes = SIZES.replace(', "departement", "region", "autre"', "")

    shown = one_line(TABLE, extra=only_communes, kind="autre", population=10)

    assert shown.reason == "Le tarif ne classe pas ce type de structure : un devis sera établi."


def test_both_figures_known_and_in_disagreement_are_pointed_out() -> None:
    answer = estimate(grid_text(service(TABLE), SIZES), line(quantity=1), population=500, staff=40)

    assert answer.totals["op"].yearly_cents == 3000
    (notice,) = answer.warnings
    assert (notice.code, notice.message) == (
        "figures-disagree",
        "Commune : catégorie P (jusqu'à 1\u202f000 habitants : 500) ; l'autre chiffre connu donnerait la catégorie G.",
    )


def test_figures_that_agree_are_not_pointed_out() -> None:
    answer = estimate(grid_text(service(TABLE), SIZES), line(quantity=1), population=500, staff=4)

    assert answer.warnings == ()


@pytest.mark.parametrize(
    ("population", "staff", "expected"), [(500, 4, 3000), (500, 40, 9000), (5000, 4, 9000), (5000, 40, 9000)]
)
def test_where_both_figures_count_the_highest_category_wins(population: int, staff: int, expected: int) -> None:
    shown = one_line(TABLE, extra=BOTH, population=population, staff=staff)

    assert shown.amount_cents == expected


def test_where_both_figures_count_both_are_needed() -> None:
    with pytest.raises(OrderError) as refused:
        one_line(TABLE, extra=BOTH, population=500)

    assert refused.value.code == "missing-staff"


def test_a_hole_that_nothing_settles_is_on_request() -> None:
    hole = SIZES.replace("population = { from = 1001 }", "population = { from = 1500 }")

    shown = one_line(TABLE, extra=hole, population=1200)

    assert (shown.status, shown.reason) == (
        Status.ON_REQUEST,
        "Aucune catégorie ne contient 1\u202f200 habitants : un devis sera établi.",
    )


def test_the_interpretations_that_decided_are_shown() -> None:
    order = {
        "beneficiary": {"kind": "commune", "department": "62", "population": 1000},
        "lines": [{"service": "demarches-simplifiees", "quantity": 1}],
    }
    lines = price_order(ACT, parse_order(order).order(on=date(2026, 9, 1))).lines

    assert [(each.charge, each.interpretations) for each in lines if each.issuer == "lfn"] == [
        ("mise-en-service", ("I6", "I8", "I7")),
        ("abonnement", ("I8", "I7")),
    ]


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_more_inhabitants_are_never_in_a_lower_category(one: int, two: int) -> None:
    low, high = sorted((one, two))

    assert (category(kind="commune", population=low) or "") <= (category(kind="commune", population=high) or "")
