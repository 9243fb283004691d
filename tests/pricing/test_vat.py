"""VAT: the voted TTC stays; HT is derived once per rate and shared over the lines to the cent."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tripartite.pricing.vat import RateTotal, Split, add_vat, split_vat

rates = st.sampled_from([None, 0, 210, 550, 1000, 2000])
papers = st.lists(st.tuples(st.integers(-(10**7), 10**9), rates), max_size=30)


def test_a_voted_price_splits_into_what_it_holds() -> None:
    assert split_vat([(7680, 2000)]).lines == (Split(net=6400, vat=1280, gross=7680),)


def test_without_vat_the_net_is_the_gross() -> None:
    paper = split_vat([(2500, None), (1000, None)])

    assert paper.lines == (Split(2500, 0, 2500), Split(1000, 0, 1000))
    assert paper.rates == (RateTotal(None, Split(3500, 0, 3500)),)


def test_the_net_of_the_total_is_rounded_once_and_shared_by_largest_remainder() -> None:
    paper = split_vat([(100, 2000), (100, 2000), (100, 2000)])

    assert [line.net for line in paper.lines] == [84, 83, 83]
    assert paper.total == Split(net=250, vat=50, gross=300)


def test_the_cent_that_is_left_goes_to_the_line_that_lost_most() -> None:
    exact = [Fraction(101 * 5, 6), Fraction(104 * 5, 6)]  # 84,17 and 86,67 cents
    assert [line.net for line in split_vat([(101, 2000), (104, 2000)]).lines] == [84, 87] == [*map(round, exact)]
    assert [line.vat for line in add_vat([84, 87], 2000)] == [17, 17]
    assert [line.vat for line in add_vat([51, 54], 2000)] == [10, 11]


def test_rates_are_shown_apart_the_highest_first_and_no_vat_last() -> None:
    paper = split_vat([(1000, None), (1055, 550), (1200, 2000)])

    assert paper.rates == (
        RateTotal(2000, Split(1000, 200, 1200)),
        RateTotal(550, Split(1000, 55, 1055)),
        RateTotal(None, Split(1000, 0, 1000)),
    )


def test_an_empty_paper_is_worth_nothing() -> None:
    assert (split_vat([]).lines, split_vat([]).total) == ((), Split(0, 0, 0))


def test_a_negative_rate_is_refused() -> None:
    with pytest.raises(ValueError, match="a VAT rate is not negative: -1"):
        split_vat([(100, -1)])


@given(papers)
def test_the_voted_gross_is_never_changed(paper: list[tuple[int, int | None]]) -> None:
    assert [line.gross for line in split_vat(paper).lines] == [gross for gross, _ in paper]


@given(papers)
def test_every_line_adds_up_across(paper: list[tuple[int, int | None]]) -> None:
    assert all(line.net + line.vat == line.gross for line in split_vat(paper).lines)


@given(papers)
def test_every_rate_adds_up_down(paper: list[tuple[int, int | None]]) -> None:
    split = split_vat(paper)

    for rate, total in split.rates:
        lines = [line for line, (_, own) in zip(split.lines, paper, strict=True) if own == rate]
        assert total == Split(*(sum(column) for column in zip(*lines, strict=True)))


@given(papers)
def test_a_line_is_within_one_cent_of_its_own_exact_net(paper: list[tuple[int, int | None]]) -> None:
    for line, (gross, rate) in zip(split_vat(paper).lines, paper, strict=True):
        assert abs(line.net - Fraction(gross * 10_000, 10_000 + (rate or 0))) <= 1


@given(papers)
def test_the_net_of_a_rate_is_the_nearest_to_its_exact_value(paper: list[tuple[int, int | None]]) -> None:
    for rate, total in split_vat(paper).rates:
        assert abs(total.net - Fraction(total.gross * 10_000, 10_000 + (rate or 0))) <= Fraction(1, 2)


@given(papers, st.randoms(use_true_random=False))
def test_the_order_of_lines_does_not_change_the_totals(paper: list[tuple[int, int | None]], random) -> None:
    shuffled = random.sample(paper, len(paper))

    assert split_vat(shuffled).rates == split_vat(paper).rates
