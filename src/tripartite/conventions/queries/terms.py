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


class Term(NamedTuple):
    """A term of a convention, both days inclusive: the first one (`number` 0) or a tacit renewal (1, 2…), and why."""

    number: int
    starts_on: date
    ends_on: date
    why: str


def terms_of(starts_on: date, years: int, renewals: int) -> list[Term]:
    """The term that begins on `starts_on` and its tacit renewals, each from the day after the last."""
    found: list[Term] = []
    begins = starts_on
    for number in range(renewals + 1):
        ends = last_day(begins, years)
        plural = "s" if years >= 2 else ""
        why = f"{years} an{plural} depuis le {begins:%d/%m/%Y} : dernier jour le {ends:%d/%m/%Y}"
        found.append(Term(number, begins, ends, why))
        begins = ends + timedelta(days=1)
    return found


def notice_deadline(ends_on: date, notice_months: int) -> Deadline:
    """The last day on which a notice can be received, for the term that ends on `ends_on`, with the computation."""
    day = last_notice_day(ends_on, notice_months)
    why = f"préavis de {notice_months} mois avant le terme du {ends_on:%d/%m/%Y} : reçu au plus tard le {day:%d/%m/%Y}"
    return Deadline(day, why)


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
