"""Laws of the paper, whatever the grid and its basis: columns that add up, and the cents of the estimate."""

from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.pricing.generated_grids import COMMUNE, grid_texts, takes
from tripartite.pricing.contract import parse_order
from tripartite.pricing.estimate import Frequency
from tripartite.pricing.grid_reading import read_grid
from tripartite.pricing.pricer import price_order
from tripartite.quotes.printout.building import quote_paper
from tripartite.quotes.printout.parts import IssuerIdentity, Recipient, Vat

DAY = date(2026, 9, 1)
BOTH = st.sampled_from(["TTC", "HT"])


@settings(max_examples=60)
@given(BOTH.flatmap(lambda basis: grid_texts(basis=basis, more=True)), takes(), st.sampled_from(["op", "cdg"]))
def test_the_paper_adds_up_and_says_what_the_estimate_says(text: str, lines: list[dict[str, Any]], issuer: str) -> None:
    grid = read_grid(text)
    estimate = price_order(grid, parse_order({"beneficiary": COMMUNE, "lines": lines}).order(on=DAY))
    setting = grid.issuers[issuer].vat_on(DAY)
    assert setting is not None
    paper = quote_paper(
        grid=grid,
        lines=estimate.lines,
        agent_prices={},
        issuer=IssuerIdentity(issuer, 1, issuer, issuer),
        recipient=Recipient("Commune"),
        contact=None,
        number=None,
        issued_on=DAY,
        valid_until=DAY,
        vat=Vat(setting.rate, setting.mention),
    )
    totals, expected = paper.totals, estimate.totals[issuer]

    for split in (*(line.due for line in paper.lines), totals.once, totals.term, totals.yearly, totals.first_year):
        assert split.net + split.vat == split.gross
    assert tuple(sum(line.due[place] for line in paper.lines) for place in range(3)) == totals.first_year
    parts = (totals.once, totals.term, totals.first_yearly)
    assert tuple(sum(part[place] for part in parts) for place in range(3)) == totals.first_year
    shown = (totals.once, totals.yearly, totals.term, totals.first_year)
    assert tuple(split.gross for split in shown) == tuple(expected[:4])
    voted = 0 if grid.basis == "HT" else 2
    assert tuple(split[voted] for split in shown) == tuple(expected.voted)
    for line in paper.lines:
        times = 12 if line.frequency is Frequency.MONTHLY else 1
        first = line.amount_cents if line.first_year_amount_cents is None else line.first_year_amount_cents
        assert line.due[voted] == (first or 0) * times
