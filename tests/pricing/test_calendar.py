"""Dates of terms, notices and due dates: month ends, leap years, inclusive days; laws tried on any day."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tripartite.pricing.calendar import (
    anniversary,
    due_days,
    end_after_formal_notice,
    end_after_notice,
    end_at_due_date,
    last_day,
    last_due_on,
    last_notice_day,
    months_after,
    next_due_after,
    notice_deadline,
    period_of,
    renewed_end,
    terms_of,
)

DAYS = st.dates(date(2020, 1, 1), date(2060, 12, 31))
YEARS = st.integers(1, 20)
ONE_DAY = timedelta(days=1)


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
        (date(2027, 5, 30), 3, date(2027, 2, 28)),  # received on 28 February, it ends on 28 May
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


@given(DAYS, YEARS, st.integers(0, 10))
def test_terms_leave_no_day_out_and_count_none_twice(starts_on: date, years: int, renewals: int) -> None:
    found = terms_of(starts_on, years, renewals)
    assert [one.number for one in found] == list(range(renewals + 1))
    assert found[0].starts_on == starts_on
    for one, after in pairwise(found):
        assert after.starts_on == one.ends_on + timedelta(days=1)
    for one in found:
        assert one.ends_on >= one.starts_on
        assert anniversary(one.starts_on, years) == one.ends_on + timedelta(days=1)


@given(DAYS, st.integers(1, 40))
def test_no_anniversary_is_skipped_and_none_comes_twice(anchor: date, years: int) -> None:
    until = anniversary(anchor, years)
    found = due_days(anchor, since=anchor, until=until)
    assert [day.year - anchor.year for day in found] == list(range(years + 1))
    assert found == sorted(set(found))
    assert all((day.month, day.day) == (anchor.month, anchor.day) or (day.month, day.day) == (3, 1) for day in found)
    for day in found[1:]:
        assert next_due_after(anchor, day - timedelta(days=1)) == day == last_due_on(anchor, day)


@given(DAYS, DAYS)
def test_a_day_is_in_one_yearly_period_and_the_next_begins_the_day_after(anchor: date, day: date) -> None:
    first, last = period_of(anchor, max(anchor, day))
    assert first <= max(anchor, day) <= last
    assert period_of(anchor, last + timedelta(days=1))[0] == last + timedelta(days=1)


@given(DAYS, DAYS)
def test_due_dates_cut_time_into_years_without_hole_or_overlap(anchor: date, on: date) -> None:
    on = max(anchor, on)
    first, last = period_of(anchor, on)
    assert first <= on <= last
    assert last_due_on(anchor, on) == first
    assert next_due_after(anchor, on) == last + timedelta(days=1)
    assert last_due_on(anchor, last + timedelta(days=1)) == last + timedelta(days=1)
    assert (last - first).days + 1 in (365, 366)
    assert due_days(anchor, since=first, until=last) == [first]


@pytest.mark.parametrize(
    ("year", "expected"), [(2025, date(2025, 3, 1)), (2028, date(2028, 2, 29)), (2100, date(2100, 3, 1))]
)
def test_the_anniversary_of_29_february_is_1_march_in_a_common_year(year: int, expected: date) -> None:
    assert anniversary(date(2024, 2, 29), year - 2024) == expected
    assert last_due_on(date(2024, 2, 29), expected) == expected
    assert next_due_after(date(2024, 2, 29), expected - ONE_DAY) == expected


@given(DAYS, DAYS, YEARS, st.integers(0, 60))
def test_a_later_day_never_gives_an_earlier_one(one: date, other: date, years: int, months: int) -> None:
    early, late = sorted((one, other))
    assert anniversary(early, years) <= anniversary(late, years)
    assert last_day(early, years) <= last_day(late, years)
    assert months_after(early, months) <= months_after(late, months)
    assert last_notice_day(early, months) <= last_notice_day(late, months)
    assert end_after_notice(early, months).day <= end_after_notice(late, months).day


@given(DAYS, YEARS, st.integers(0, 24))
def test_more_time_never_ends_earlier(day: date, years: int, months: int) -> None:
    assert anniversary(day, years) < anniversary(day, years + 1)
    assert months_after(day, months) < months_after(day, months + 1)
    assert last_notice_day(day, months + 1) < last_notice_day(day, months)


@given(DAYS, st.integers(0, 24))
def test_a_notice_takes_effect_by_the_term_up_to_its_last_day_and_no_day_later(ends_on: date, months: int) -> None:
    last = last_notice_day(ends_on, months)
    assert notice_deadline(ends_on, months).day == last
    assert end_after_notice(last, months).day <= ends_on
    assert end_after_notice(last + ONE_DAY, months).day > ends_on


@pytest.mark.parametrize("months", [1, 2, 3, 6, 12])
def test_the_last_day_of_a_notice_and_the_day_it_takes_effect_agree_on_every_day_of_twenty_years(months: int) -> None:
    first = date(2024, 1, 1)
    for ends_on in (first + timedelta(days=count) for count in range(7305)):
        last = last_notice_day(ends_on, months)
        assert end_after_notice(last, months).day <= ends_on < end_after_notice(last + ONE_DAY, months).day


@given(DAYS, DAYS, st.integers(0, 11))
def test_what_ends_at_its_due_date_ends_at_the_first_one_told_in_time(anchor: date, told: date, months: int) -> None:
    told = max(anchor, told)
    ends = end_at_due_date(anchor, told, months).day
    due = ends + ONE_DAY
    assert due == last_due_on(anchor, due) > anchor
    assert last_notice_day(ends, months) >= told
    before = last_due_on(anchor, ends) - ONE_DAY
    assert before < anchor or last_notice_day(before, months) < told


@pytest.mark.parametrize(
    ("received_on", "expected"),
    [
        (date(2027, 10, 14), date(2028, 1, 14)),  # the last day on which it is in time
        (date(2027, 10, 15), date(2029, 1, 14)),
        (date(2026, 12, 1), date(2028, 1, 14)),  # told before the service began: it has its first year
        (date(2027, 1, 1), date(2028, 1, 14)),
    ],
)
def test_a_notice_for_the_due_date_is_in_time_up_to_its_last_day(received_on: date, expected: date) -> None:
    assert end_at_due_date(date(2027, 1, 15), received_on, 3).day == expected


def test_what_begins_after_the_notice_was_received_has_its_first_year_all_the_same() -> None:
    assert end_at_due_date(date(2027, 6, 10), date(2027, 2, 1), 3).day == date(2028, 6, 9)


def test_before_the_first_day_the_yearly_period_is_the_first_one() -> None:
    assert period_of(date(2024, 2, 29), date(2023, 6, 1)) == (date(2024, 2, 29), date(2025, 2, 28))


def test_a_fault_ends_thirty_days_after_the_formal_notice_and_never_before_it_is_told() -> None:
    assert end_after_formal_notice(date(2027, 1, 1), date(2027, 1, 20), 30).day == date(2027, 1, 31)
    assert end_after_formal_notice(date(2027, 1, 1), date(2027, 2, 10), 30).day == date(2027, 2, 10)


def test_months_before_stay_inside_a_shorter_month() -> None:
    assert months_after(date(2026, 3, 31), -1) == date(2026, 2, 28)
    assert months_after(date(2026, 1, 15), -24) == date(2024, 1, 15)
    assert months_after(date(2024, 2, 29), -12) == date(2023, 2, 28)


def test_what_began_on_29_february_is_due_on_1_march_of_a_common_year() -> None:
    leap, first_of_march = date(2024, 2, 29), date(2027, 3, 1)
    assert due_days(leap, since=first_of_march, until=first_of_march) == [first_of_march]
    assert due_days(leap, since=date(2027, 2, 28), until=date(2027, 2, 28)) == []
