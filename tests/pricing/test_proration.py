"""The price of a part of a year: days and months begun, one rounding, what is given back; laws on any period."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tripartite.pricing.calendar import last_day
from tripartite.pricing.proration import Part, Prorata, month_start, part_due, part_left

YEAR_2027 = (date(2027, 1, 1), date(2027, 12, 31))
LEAP = (date(2027, 3, 15), date(2028, 3, 14))
DAYS, MONTHS, NONE = Prorata.DAYS, Prorata.MONTHS, Prorata.NONE
ONE_DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("prorata", "period", "first_on", "last_on", "expected", "why"),
    [
        (NONE, YEAR_2027, date(2027, 12, 31), date(2027, 12, 31), 10000, "la période entière"),
        (DAYS, YEAR_2027, date(2027, 7, 1), date(2027, 12, 31), 5041, "184 jours sur 365"),
        (MONTHS, YEAR_2027, date(2027, 7, 1), date(2027, 12, 31), 5000, "6 mois entamés sur 12"),
        (MONTHS, YEAR_2027, date(2027, 6, 30), date(2027, 12, 31), 5833, "7 mois entamés sur 12"),
        (DAYS, YEAR_2027, *YEAR_2027, 10000, "la période entière"),
        (MONTHS, YEAR_2027, *YEAR_2027, 10000, "la période entière"),
        (DAYS, LEAP, date(2028, 2, 29), date(2028, 2, 29), 27, "1 jour sur 366"),
        (MONTHS, LEAP, date(2028, 2, 29), date(2028, 2, 29), 833, "1 mois entamé sur 12"),
        (MONTHS, LEAP, date(2027, 4, 14), date(2027, 4, 15), 1667, "2 mois entamés sur 12"),
        (MONTHS, LEAP, date(2027, 4, 15), date(2027, 5, 14), 833, "1 mois entamé sur 12"),
    ],
)
def test_a_part_is_counted_as_the_grid_says(  # noqa: PLR0917 - a table of examples
    prorata: Prorata, period: tuple[date, date], first_on: date, last_on: date, expected: int, why: str
) -> None:
    part = part_due(10000, prorata, period=period, first_on=first_on, last_on=last_on)

    assert (part.amount_cents, part.why) == (expected, why)


def test_half_a_cent_goes_away_from_zero_for_what_is_due_and_for_what_is_credited() -> None:
    half = (date(2027, 1, 1), date(2027, 6, 30))

    assert part_due(101, MONTHS, period=YEAR_2027, first_on=half[0], last_on=half[1]) == Part(51, 6, 12, MONTHS)
    assert part_due(-101, MONTHS, period=YEAR_2027, first_on=half[0], last_on=half[1]) == Part(-51, 6, 12, MONTHS)


def test_what_is_given_back_and_what_is_kept_are_what_was_paid() -> None:
    stops = date(2027, 6, 30)

    assert part_left(101, MONTHS, period=YEAR_2027, last_on=stops) == 50
    assert part_left(101, DAYS, period=YEAR_2027, last_on=stops) == 51
    assert part_left(101, NONE, period=YEAR_2027, last_on=stops) == 0


@pytest.mark.parametrize(
    ("starts_on", "number", "expected"),
    [
        (date(2027, 1, 31), 1, date(2027, 3, 1)),
        (date(2027, 1, 31), 2, date(2027, 3, 31)),
        (date(2024, 2, 29), 12, date(2025, 3, 1)),
        (date(2024, 2, 29), 1, date(2024, 3, 29)),
        (date(2027, 11, 30), 1, date(2027, 12, 30)),
        (date(2027, 11, 30), 3, date(2028, 3, 1)),
        (date(2027, 12, 31), 2, date(2028, 3, 1)),
    ],
)
def test_a_month_too_short_gives_the_first_day_of_the_next(starts_on: date, number: int, expected: date) -> None:
    assert month_start(starts_on, number) == expected


@pytest.mark.parametrize(
    ("first_on", "last_on"),
    [
        (date(2026, 12, 31), date(2027, 3, 1)),
        (date(2027, 3, 1), date(2028, 1, 1)),
        (date(2027, 3, 2), date(2027, 3, 1)),
    ],
)
def test_what_is_not_a_part_of_the_period_is_refused(first_on: date, last_on: date) -> None:
    with pytest.raises(ValueError, match="not a part of the period"):
        part_due(10000, DAYS, period=YEAR_2027, first_on=first_on, last_on=last_on)


@st.composite
def parts(draw: st.DrawFn) -> tuple[tuple[date, date], date, date]:
    """A period of one to three years, as an anniversary bounds it, and a part of it."""
    starts_on = draw(st.dates(date(2020, 1, 1), date(2050, 12, 31)))
    ends_on = last_day(starts_on, draw(st.integers(1, 3)))
    first_on = draw(st.dates(starts_on, ends_on))
    return (starts_on, ends_on), first_on, draw(st.dates(first_on, ends_on))


AMOUNTS = st.integers(-10_000_000, 10_000_000)


@given(parts(), AMOUNTS, st.sampled_from(Prorata))
def test_a_second_computation_day_by_day_agrees(
    drawn: tuple[tuple[date, date], date, date], amount: int, prorata: Prorata
) -> None:
    """Walk the period day by day, naming the month of each: what is counted, and the nearest cent of its share."""
    (starts_on, ends_on), first_on, last_on = drawn
    months: dict[int, list[date]] = {0: []}
    day, number = starts_on, 0
    while day <= ends_on:
        if day > starts_on and _begins_a_month(starts_on, day):
            number += 1
            months[number] = []
        months[number].append(day)
        day += ONE_DAY
    touched = [days for days in months.values() if any(first_on <= day <= last_on for day in days)]
    share = {
        NONE: Fraction(1),
        DAYS: Fraction((last_on - first_on).days + 1, sum(len(days) for days in months.values())),
        MONTHS: Fraction(len(touched), len(months)),
    }[prorata]

    part = part_due(amount, prorata, period=(starts_on, ends_on), first_on=first_on, last_on=last_on)

    assert len(months) % 12 == 0
    assert Fraction(part.counted, part.whole) == share
    assert abs(part.amount_cents - amount * share) <= Fraction(1, 2)
    assert part_due(-amount, prorata, period=(starts_on, ends_on), first_on=first_on, last_on=last_on) == part._replace(
        amount_cents=-part.amount_cents
    )


def _begins_a_month(starts_on: date, day: date) -> bool:
    eve = day - ONE_DAY
    too_short = day.day == 1 and eve.day < starts_on.day
    return too_short or day.day == starts_on.day


@given(parts(), st.integers(0, 10_000_000), st.sampled_from(Prorata))
def test_a_part_is_never_more_than_the_whole_nor_less_than_a_shorter_part(
    drawn: tuple[tuple[date, date], date, date], amount: int, prorata: Prorata
) -> None:
    period, first_on, last_on = drawn
    part = part_due(amount, prorata, period=period, first_on=first_on, last_on=last_on)
    shorter = part_due(amount, prorata, period=period, first_on=first_on, last_on=first_on)

    assert 0 <= shorter.amount_cents <= part.amount_cents <= amount
    assert part_due(amount, prorata, period=period, first_on=period[0], last_on=period[1]).amount_cents == amount
    due = part_due(amount, prorata, period=period, first_on=period[0], last_on=last_on).amount_cents
    assert due + part_left(amount, prorata, period=period, last_on=last_on) == amount
