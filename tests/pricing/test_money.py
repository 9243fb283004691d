"""Money: exact inside, integer cents outside, one rounding."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tripartite.pricing.money import (
    divide,
    euros,
    micros,
    number_text,
    rate_text,
    read_number_text,
    share,
    to_cents,
    whole,
)

amounts = st.integers(-(10**12), 10**12)


@pytest.mark.parametrize(
    ("euros_written", "expected"), [("20", 20_000_000), ("76.80", 76_800_000), ("0.0035", 3500), ("0.000001", 1)]
)
def test_a_rate_is_a_whole_number_of_millionths_of_a_euro(euros_written: str, expected: int) -> None:
    assert micros(Decimal(euros_written)) == expected


def test_a_rate_finer_than_a_millionth_is_refused() -> None:
    with pytest.raises(ValueError, match=r"0\.0000015"):
        micros(Decimal("0.0000015"))


@pytest.mark.parametrize(
    ("amount", "expected"),
    [(0, 0), (4_999, 0), (5_000, 1), (14_999, 1), (15_000, 2), (-4_999, 0), (-5_000, -1), (Fraction(10_001, 2), 1)],
)
def test_half_a_cent_rounds_away_from_zero(amount: int | Fraction, expected: int) -> None:
    assert to_cents(amount) == expected


@given(amounts)
def test_a_rounding_is_never_off_by_more_than_half_a_cent(amount: int) -> None:
    assert abs(to_cents(amount) * 10_000 - amount) <= 5_000


@given(amounts)
def test_rounding_treats_debts_and_credits_alike(amount: int) -> None:
    assert to_cents(-amount) == -to_cents(amount)


@given(amounts, st.integers(1, 10**6))
def test_a_division_is_rounded_to_the_nearest_half_away_from_zero(numerator: int, denominator: int) -> None:
    exact = Fraction(abs(numerator), denominator)
    nearest = int(exact + Fraction(1, 2))

    assert divide(numerator, denominator) == (nearest if numerator >= 0 else -nearest)


@pytest.mark.parametrize(("numerator", "expected"), [(1, 1), (3, 2), (-1, -1), (-3, -2), (0, 0)])
def test_a_half_goes_away_from_zero_on_both_sides(numerator: int, expected: int) -> None:
    assert divide(numerator, 2) == expected


@given(st.integers(0, 10**9), st.lists(st.integers(0, 10**6), min_size=1).filter(any))
def test_what_is_shared_adds_up_and_stays_within_one_cent_of_its_due(total: int, weights: list[int]) -> None:
    parts = share(total, weights)

    assert sum(parts) == total
    assert all(
        abs(part - Fraction(total * weight, sum(weights))) < 1 for part, weight in zip(parts, weights, strict=True)
    )


def test_equal_remainders_go_to_the_first_ones() -> None:
    assert share(100, [1, 1, 1]) == [34, 33, 33]


def test_nothing_is_shared_on_nothing() -> None:
    assert share(0, [0, 0]) == [0, 0]
    with pytest.raises(ValueError, match="nothing to share on"):
        share(1, [0, 0])


def test_amounts_are_written_as_in_french() -> None:
    assert euros(103_000) == "1\u202f030,00\u00a0€"
    assert (euros(5), euros(-5)) == ("0,05\u00a0€", "−0,05\u00a0€")
    assert whole(1_234_567) == "1\u202f234\u202f567"


@pytest.mark.parametrize(
    ("rate", "expected"), [(3500, "0,0035"), (76_800_000, "76,80"), (20_000_000, "20,00"), (1, "0,000001")]
)
def test_a_rate_shows_two_decimals_and_no_more_than_it_needs(rate: int, expected: str) -> None:
    assert rate_text(rate) == f"{expected}\u00a0€"


def test_quantities_are_written_as_in_french() -> None:
    told = [number_text(number) for number in (1500, Fraction(5, 2), Fraction(4, 2), Fraction(-3001, 2))]
    assert told == ["1\u202f500", "2,5", "2", "−1\u202f500,5"]


@given(st.integers(-(10**12), 10**12), st.sampled_from([1, 2, 4, 5, 8, 10, 1000]))
def test_a_number_is_read_as_it_is_written(numerator: int, denominator: int) -> None:
    number = Fraction(numerator, denominator)
    assert read_number_text(number_text(number)) == number


def test_what_is_no_number_is_not_read() -> None:
    for text in ("", "abc", "1,2,3", "\u2212"):
        with pytest.raises(ValueError, match="Fraction"):
            read_number_text(text)
