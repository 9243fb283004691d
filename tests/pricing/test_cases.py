"""The worked cases of the act of 26 March 2024, to the cent."""

import json
from datetime import date
from pathlib import Path

import pytest

from tripartite.pricing.contract import parse_order
from tripartite.pricing.estimate import Estimate
from tripartite.pricing.grid_reading import read_grid
from tripartite.pricing.order import OrderError
from tripartite.pricing.pricer import price_order

ROOT = Path(__file__).parents[2]
GRID = read_grid((ROOT / "grids/cdg62/2024-03-26.toml").read_text(encoding="utf-8"))
CASES = json.loads((ROOT / "tests/pricing/cases.json").read_text(encoding="utf-8"))


def price(order: dict) -> Estimate:
    """The estimate of an order under the grid in force on its day, as every door picks it."""
    parsed = parse_order(order)
    on = parsed.on or date(2026, 11, 23)
    if not GRID.applies_on(on):
        raise OrderError("no-grid", "Aucun tarif ce jour-là.")
    return price_order(GRID, parsed.order(on=on))


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: case["name"])
def test_totals_hold_to_the_cent(case: dict) -> None:
    totals = {issuer: total.as_json() for issuer, total in price(case["order"]).totals.items()}

    assert {issuer: {key: totals[issuer][key] for key in due} for issuer, due in case["totals"].items()} == case[
        "totals"
    ]


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: case["name"])
def test_what_is_on_request_is_said(case: dict) -> None:
    asked = [{"service": line.service, "issuer": line.issuer} for line in price(case["order"]).on_request]

    assert sorted(asked, key=str) == sorted(case["on_request"], key=str)


@pytest.mark.parametrize("case", CASES["errors"], ids=lambda case: case["name"])
def test_errors_have_their_code_and_a_sentence(case: dict) -> None:
    with pytest.raises(OrderError) as refused:
        price(case["order"])

    assert refused.value.code == case["error"]
    assert refused.value.message[0].isupper()
    assert refused.value.message.endswith((".", "?"))
