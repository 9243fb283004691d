"""The periods that what recurs pays follow one another: every day is in one, which begins the day it falls due."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tripartite.pricing.due_periods import Beat, falls_due, first_days, period_at
from tripartite.pricing.due_rules import Rhythm
from tripartite.pricing.estimate import Frequency

YEARLY = Beat(Rhythm.ANNIVERSARY, Frequency.YEARLY)
MONTHLY = Beat(Rhythm.ANNIVERSARY, Frequency.MONTHLY)
days = st.dates(date(2020, 1, 1), date(2040, 12, 31))
BEATS = tuple(Beat(rhythm, each) for rhythm in Rhythm for each in (Frequency.YEARLY, Frequency.MONTHLY))
beats = st.sampled_from(BEATS)


@pytest.mark.parametrize(
    ("beat", "anchor", "on", "period"),
    [
        (YEARLY, date(2024, 2, 29), date(2025, 2, 28), (date(2024, 2, 29), date(2025, 2, 28))),
        (YEARLY, date(2024, 2, 29), date(2025, 3, 1), (date(2025, 3, 1), date(2026, 2, 28))),
        (MONTHLY, date(2026, 1, 31), date(2026, 2, 28), (date(2026, 1, 31), date(2026, 2, 28))),
        (MONTHLY, date(2026, 1, 31), date(2026, 3, 1), (date(2026, 3, 1), date(2026, 3, 30))),
        (MONTHLY, date(2026, 11, 23), date(2027, 11, 22), (date(2027, 10, 23), date(2027, 11, 22))),
        (BEATS[2], date(2026, 11, 23), date(2026, 12, 1), (date(2026, 1, 1), date(2026, 12, 31))),
        (BEATS[3], date(2026, 11, 23), date(2028, 2, 1), (date(2028, 2, 1), date(2028, 2, 29))),
    ],
)
def test_a_day_is_in_its_period(beat: Beat, anchor: date, on: date, period: tuple[date, date]) -> None:
    assert period_at(beat, anchor, on) == period


@given(beats, days, st.integers(0, 4000))
def test_periods_follow_one_another(beat: Beat, anchor: date, later: int) -> None:
    on = anchor + timedelta(days=later)
    period = period_at(beat, anchor, on)
    assert period.starts_on <= on <= period.ends_on
    after = period_at(beat, anchor, period.ends_on + timedelta(days=1))
    assert after.starts_on == period.ends_on + timedelta(days=1)
    assert falls_due(beat, anchor, after.starts_on)
    assert falls_due(beat, anchor, on) == (period.starts_on == on)


@given(beats, days, st.integers(-400, 800), st.integers(0, 1200))
def test_the_first_days_of_a_window_are_those_on_which_it_falls_due(
    beat: Beat, anchor: date, from_anchor: int, length: int
) -> None:
    since = anchor + timedelta(days=from_anchor)
    until = since + timedelta(days=length)
    window = [since + timedelta(days=count) for count in range(length + 1)]
    expected = [day for day in window if day >= anchor and falls_due(beat, anchor, day)]
    assert list(first_days(beat, anchor, since=since, until=until)) == expected


@given(days)
def test_twelve_months_make_a_year(anchor: date) -> None:
    until = period_at(YEARLY, anchor, anchor).ends_on
    assert len(list(first_days(MONTHLY, anchor, since=anchor, until=until))) == 12
