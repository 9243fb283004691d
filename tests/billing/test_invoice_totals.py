"""What was voted is never off by a cent, under the standard's own rule for VAT."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.billing.orders import HT, TTC, invoice_of, orders
from tests.billing.papers import invoice, line
from tripartite.billing.printout.totals import InvoiceTotals, total_lines, unit_price
from tripartite.pricing.estimate import Estimate
from tripartite.pricing.money import divide

RATES = st.sampled_from([2000, 1000, 550, 210, None])
CENTS = st.integers(-1_000_000, 50_000_000)


def assert_standard(totals: InvoiceTotals, rate: int | None) -> None:
    """BR-CO-10, BR-CO-17, BR-CO-15, BR-CO-16."""
    assert totals.net == sum(split.net for split in totals.lines)
    assert totals.vat == divide(totals.net * (rate or 0), 10_000)
    assert totals.gross == totals.net + totals.vat
    assert totals.due == totals.gross + totals.rounding
    assert abs(totals.rounding) <= 1


@given(st.lists(CENTS, min_size=1, max_size=12), RATES)
def test_what_is_voted_ttc_is_what_is_due(voted: list[int], rate: int | None) -> None:
    totals = total_lines([line(cents) for cents in voted], rate)

    assert totals.due == sum(voted)
    assert [split.gross for split in totals.lines] == voted
    assert_standard(totals, rate)


@given(st.lists(CENTS, min_size=1, max_size=12), RATES)
def test_what_is_voted_ht_stays_and_bears_its_vat_once(voted: list[int], rate: int | None) -> None:
    totals = total_lines([line(cents, basis="HT") for cents in voted], rate)

    assert [split.net for split in totals.lines] == voted
    assert totals.rounding == 0
    assert_standard(totals, rate)


@given(st.lists(st.tuples(CENTS, st.sampled_from(["TTC", "HT"])), min_size=1, max_size=12), RATES)
def test_both_on_one_invoice(voted: list[tuple[int, str]], rate: int | None) -> None:
    totals = total_lines([line(cents, basis=basis) for cents, basis in voted], rate)
    untaxed = sum(cents for cents, basis in voted if basis == "HT")

    due = sum(cents for cents, basis in voted if basis == "TTC") + untaxed + divide(untaxed * (rate or 0), 10_000)
    assert totals.due == due
    assert_standard(totals, rate)


@given(st.integers(0, 10**7))
def test_at_twenty_percent_a_cent_is_rounded_for_totals_of_three_modulo_six_alone(cents: int) -> None:
    totals = total_lines([line(cents)], 2000)

    assert totals.rounding == (-1 if cents % 6 == 3 else 0)


@settings(max_examples=40)
@given(orders(TTC), st.sampled_from(sorted(TTC.issuers)))
def test_every_order_of_the_grid_is_due_as_voted(estimate: Estimate, issuer: str) -> None:
    paper = invoice_of(TTC, estimate, issuer)

    assert paper.totals.due == estimate.totals[issuer].first_year_cents
    assert_standard(paper.totals, paper.vat.rate)


@settings(max_examples=40)
@given(orders(HT), st.sampled_from(sorted(HT.issuers)))
def test_every_order_of_the_grid_voted_ht_is_due_as_estimated(estimate: Estimate, issuer: str) -> None:
    paper = invoice_of(HT, estimate, issuer)

    assert paper.totals.due == estimate.totals[issuer].first_year_cents
    assert paper.totals.rounding == 0
    assert_standard(paper.totals, paper.vat.rate)


QUANTITIES = st.one_of(
    st.integers(1, 10**6).map(Fraction),
    st.integers(1, 10**9).map(lambda number: Fraction(number, 10_000)),
    st.fractions(0, 100),
)


@given(st.integers(-(10**9), 10**9), QUANTITIES)
def test_a_unit_price_gives_the_line_again(net: int, quantity: Fraction) -> None:
    priced = unit_price(net, quantity)

    cents = priced.quantity * priced.price / priced.base * 100
    assert divide(cents.numerator, cents.denominator) == net
    assert priced.price >= 0
    assert (priced.price * 10**6).denominator == 1
    assert (priced.quantity * 10**4).denominator == (priced.base * 10**4).denominator == 1


@pytest.mark.parametrize(
    ("net", "quantity", "expected"),
    [
        (76_800, 12, (12, 64, 1)),
        (10_000, 3, (3, Fraction("33.333"), 1)),
        (-417, 1, (-1, Fraction("4.17"), 1)),
        (0, 5, (5, 0, 1)),
        (500, 0, (1, 5, 1)),
        (100, Fraction("2.5"), (Fraction("2.5"), Fraction("0.4"), 1)),
        (10_000_001, 3_000_000, (3_000_000, Fraction("100000.01"), 3_000_000)),
    ],
)
def test_a_unit_price_has_as_few_decimals_as_do(net: int, quantity: int | Fraction, expected: tuple[Fraction]) -> None:
    assert unit_price(net, Fraction(quantity)) == expected


def test_the_cent_is_in_the_vat_where_no_rounding_can_be_said() -> None:
    totals = invoice(line(9)).totals
    settled = totals.settled_in_vat()

    assert (totals.net, totals.vat, totals.gross, totals.rounding, totals.due) == (8, 2, 10, -1, 9)
    assert (settled.net, settled.vat, settled.gross, settled.rounding, settled.due) == (8, 1, 9, 0, 9)
