"""Invoices of the orders of a grid: what its estimate asks the first year, line by line, of one issuer."""

from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from tests.billing.papers import CDG, LFN, invoice, line
from tripartite.billing.printout.paper import InvoicePaper
from tripartite.billing.printout.parts import InvoiceVat
from tripartite.pricing.contract import parse_order
from tripartite.pricing.estimate import Estimate, Frequency, Status
from tripartite.pricing.grid import Grid
from tripartite.pricing.grid_reading import read_grid
from tripartite.pricing.order import OrderError
from tripartite.pricing.pricer import price_order

GRIDS = Path(__file__).resolve().parents[2] / "grids"
SHIPPED = (GRIDS / "cdg62/2024-03-26.toml").read_text(encoding="utf-8")
TTC = read_grid(SHIPPED)
HT = read_grid(SHIPPED.replace('basis = "TTC"', 'basis = "HT"'))

ON = date(2026, 9, 1)
POPULATIONS = (208, 1478, 1994, 23138)


def estimate_of(grid: Grid, lines: list[dict[str, Any]], population: int) -> Estimate:
    body = {"kind": "commune", "department": "62", "population": population, "staff": 40}
    return price_order(grid, parse_order({"beneficiary": body, "lines": lines}).order(on=ON))


def orderable(grid: Grid) -> list[str]:
    """The services that can be asked for by their quantity alone."""
    found = []
    for code in grid.services:
        try:
            estimate_of(grid, [{"service": code, "quantity": 1}], 1994)
        except (OrderError, ValueError):
            continue
        found.append(code)
    return found


def orders(grid: Grid) -> st.SearchStrategy[Estimate]:
    """Any order of a grid, by any commune."""
    services = orderable(grid)
    most = {code: rule.maximum for code in services if (rule := grid.services[code].quantities.get("quantity"))}
    quantities = st.one_of(st.integers(1, 30), st.integers(1, 3000))
    several = st.dictionaries(st.sampled_from(services), quantities, min_size=1, max_size=8).map(
        lambda taken: [
            {"service": code, "quantity": min(count, int(most.get(code) or count))} for code, count in taken.items()
        ]
    )
    return st.builds(lambda lines, people: estimate_of(grid, lines, people), several, st.sampled_from(POPULATIONS))


def invoice_of(grid: Grid, estimate: Estimate, issuer: str) -> InvoicePaper:
    """What an issuer asks for the first year of an order."""
    setting = grid.issuers[issuer].vat_on(ON)
    assert setting is not None
    lines = [
        line(
            (one.voted_cents if one.voted_first_year_cents is None else one.voted_first_year_cents)
            * (12 if one.frequency is Frequency.MONTHLY else 1),
            service=one.service,
            name=grid.services[one.service].name,
            charge_name=one.charge,
            quantity=one.quantity,
            unit="",
            basis=grid.basis,
            explanation=one.explanation,
        )
        for one in estimate.lines
        if one.issuer == issuer and one.status is Status.PRICED and one.voted_cents is not None
    ]
    return invoice(
        *lines,
        lines=tuple(lines),
        seller=LFN if setting.rate is not None else CDG,
        vat=InvoiceVat(setting.rate, setting.mention),
    )
