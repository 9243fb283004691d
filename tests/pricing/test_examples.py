"""The tariffs of two other public bodies, written from what is known of them."""

from datetime import date
from pathlib import Path

import pytest

from tripartite.pricing.checking import check_grid
from tripartite.pricing.contract import parse_order
from tripartite.pricing.estimate import Estimate
from tripartite.pricing.grid_reading import read_grid
from tripartite.pricing.pricer import price_order

EXAMPLES = Path(__file__).parents[2] / "grids/examples"
TARIFFS = sorted(EXAMPLES.glob("*/*.toml"))


def estimate(tariff: str, *lines: dict, in_service: tuple[dict, ...] = ()) -> Estimate:
    grid = read_grid((EXAMPLES / tariff).read_text(encoding="utf-8"))
    order = {"beneficiary": {"kind": "commune"}, "lines": list(lines), "in_service": list(in_service)}
    return price_order(grid, parse_order(order).order(on=date(2026, 11, 23)))


@pytest.mark.parametrize("path", TARIFFS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_nothing_is_left_to_look_at(path: Path) -> None:
    assert check_grid(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", TARIFFS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_grid_is_named_after_its_file(path: Path) -> None:
    assert read_grid(path.read_text(encoding="utf-8")).code == f"{path.parent.name}/{path.stem}"


def test_a_data_protection_officer_costs_200_a_year_and_250_a_day() -> None:
    totals = estimate(
        "cdg34/2024-06-27.toml",
        {"service": "delegue-protection-donnees", "quantity": 1},
        {"service": "intervention", "quantity": 3},
    ).totals["cdg34"]

    assert (totals.yearly_cents, totals.once_cents, totals.first_year_cents) == (20_000, 75_000, 95_000)


def test_more_days_of_the_officer_add_nothing_to_the_year() -> None:
    totals = estimate(
        "cdg34/2024-06-27.toml",
        {"service": "intervention", "quantity": 2},
        in_service=({"service": "delegue-protection-donnees", "quantity": 1},),
    ).totals["cdg34"]

    assert (totals.yearly_cents, totals.once_cents) == (0, 50_000)


def test_the_four_years_of_the_convention_and_what_is_unknown_are_said() -> None:
    grid = read_grid((EXAMPLES / "cdg34/2024-06-27.toml").read_text(encoding="utf-8"))

    assert grid.notes[0] == "La convention est conclue pour 4 ans."
    assert (grid.act.number, grid.issuers["cdg34"].siret) == (None, None)


def test_a_certificate_costs_100_the_first_year_and_60_each_following_one() -> None:
    priced = estimate("alpi40/2026.toml", {"service": "certificat-signature", "quantity": 2})

    assert priced.totals["alpi40"].as_json() == {
        "once_cents": 0,
        "yearly_cents": 12_000,
        "term_cents": 0,
        "first_year_cents": 20_000,
        "complete": True,
    }
    assert priced.lines[0].explanation == (
        "première année : 2 certificats × 100,00\u00a0€ ; années suivantes : 2 certificats × 60,00\u00a0€"
    )


def test_a_certificate_already_held_is_not_in_its_first_year_again() -> None:
    totals = estimate(
        "alpi40/2026.toml",
        {"service": "certificat-signature", "quantity": 1},
        in_service=({"service": "certificat-signature", "quantity": 3},),
    ).totals["alpi40"]

    assert (totals.yearly_cents, totals.first_year_cents) == (6_000, 10_000)
