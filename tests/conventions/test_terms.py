"""Dates of terms and notices: month ends, leap years, inclusive days; laws tried on any day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tripartite.conventions.queries.terms import (
    end_after_notice,
    last_day,
    last_notice_day,
    months_after,
    renewed_end,
)

DAYS = st.dates(date(2020, 1, 1), date(2060, 12, 31))


@pytest.mark.parametrize(
    ("starts_on", "years", "expected"),
    [
        (date(2026, 11, 24), 3, date(2029, 11, 23)),
        (date(2027, 1, 1), 4, date(2030, 12, 31)),
        (date(2024, 2, 29), 1, date(2025, 2, 28)),
        (date(2024, 2, 29), 4, date(2028, 2, 28)),
        (date(2027, 3, 1), 1, date(2028, 2, 29)),
    ],
)
def test_a_term_ends_on_the_eve_of_its_anniversary(starts_on, years, expected):
    assert last_day(starts_on, years) == expected


@pytest.mark.parametrize(
    ("ends_on", "months", "expected"),
    [
        (date(2030, 12, 31), 3, date(2030, 9, 30)),
        (date(2029, 11, 22), 3, date(2029, 8, 22)),
        (date(2028, 2, 29), 1, date(2028, 1, 31)),
        (date(2027, 5, 30), 3, date(2027, 2, 27)),
        (date(2030, 12, 31), 0, date(2030, 12, 31)),
    ],
)
def test_the_last_day_of_a_notice(ends_on, months, expected):
    assert last_notice_day(ends_on, months) == expected


def test_a_notice_ends_on_the_same_day_of_a_later_month_or_its_last_one():
    assert end_after_notice(date(2027, 11, 30), 3).day == date(2028, 2, 29)
    assert end_after_notice(date(2027, 3, 15), 3).day == date(2027, 6, 15)


@given(DAYS, st.integers(1, 20))
def test_a_renewed_term_leaves_no_day_out_and_counts_none_twice(starts_on, years):
    end = last_day(starts_on, years)
    assert renewed_end(end, years) == last_day(end + timedelta(days=1), years)
    assert renewed_end(end, years) > end


@given(DAYS, st.integers(0, 24))
def test_a_notice_on_its_last_day_never_runs_past_the_term(ends_on, months):
    last = last_notice_day(ends_on, months)
    assert months_after(last, months) <= ends_on
    assert last <= ends_on


@given(DAYS, st.integers(-60, 60))
def test_months_keep_the_day_or_take_the_last_one(day, months):
    later = months_after(day, months)
    assert later.day == day.day or (later + timedelta(days=1)).day == 1
