"""Dates of a convention, from its own words: pure, days inclusive, right over month ends and leap years.

A term of years ends on the eve of its anniversary; the anniversary of 29 February is 1 March in a common year. A notice
of months runs from the day after it is received and ends on the same day of a later month, or its last day.
"""

from calendar import monthrange
from datetime import date, timedelta
from typing import NamedTuple


class Deadline(NamedTuple):
    """A computed day and why, in French."""

    day: date
    why: str


def months_after(day: date, months: int) -> date:
    """The same day so many months later (earlier when negative), or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def anniversary(day: date, years: int) -> date:
    """The same day so many years later; 1 March for 29 February in a common year."""
    if (day.month, day.day) == (2, 29) and monthrange(day.year + years, 2)[1] == 28:
        return date(day.year + years, 3, 1)
    return day.replace(year=day.year + years)


def last_day(starts_on: date, years: int) -> date:
    """The last day, inclusive, of a term of `years` that begins on `starts_on`."""
    return anniversary(starts_on, years) - timedelta(days=1)


def last_notice_day(ends_on: date, notice_months: int) -> date:
    """The last day on which a notice of so many months can be received, for the term that ends on `ends_on`."""
    return months_after(ends_on + timedelta(days=1), -notice_months) - timedelta(days=1)


def end_after_notice(received_on: date, notice_months: int) -> Deadline:
    """The last day of a convention ended by a notice received on a day, with the computation."""
    day = months_after(received_on, notice_months)
    return Deadline(
        day, f"préavis de {notice_months} mois reçu le {received_on:%d/%m/%Y} : dernier jour le {day:%d/%m/%Y} compris"
    )


def renewed_end(ends_on: date, years: int) -> date:
    """The last day after a tacit renewal of `years`."""
    return last_day(ends_on + timedelta(days=1), years)
