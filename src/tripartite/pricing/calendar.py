"""Calendar arithmetic: terms, notices and due dates. Pure; first and last days are inclusive; leap years count.

A term of years ends on the eve of its anniversary; the anniversary of 29 February is 1 March in a common year. A notice
of months runs from the day after it is received and ends on the same day of a later month, or its last day. The due
dates of what runs are the anniversaries of its anchor, the day on which it first ran.
"""

from calendar import monthrange
from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from tripartite.pricing.french import counted

DAYS_PER_YEAR = Fraction(1461, 4)
"""On average, leap years counted: to tell how many years a number of days is about."""


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


@lru_cache(maxsize=4096)
def terms_of(starts_on: date, years: int, renewals: int) -> tuple[Term, ...]:
    """The term that begins on `starts_on` and its tacit renewals, each from the day after the last."""
    found: list[Term] = []
    begins = starts_on
    for number in range(renewals + 1):
        ends = last_day(begins, years)
        why = f"{counted(years, 'an')} depuis le {begins:%d/%m/%Y} : dernier jour le {ends:%d/%m/%Y}"
        found.append(Term(number, begins, ends, why))
        begins = ends + timedelta(days=1)
    return tuple(found)


@lru_cache(maxsize=4096)
def notice_deadline(ends_on: date, notice_months: int) -> Deadline:
    """The last day on which a notice can be received, for the term that ends on `ends_on`, with the computation."""
    day = last_notice_day(ends_on, notice_months)
    why = f"préavis de {notice_months} mois avant le terme du {ends_on:%d/%m/%Y} : reçu au plus tard le {day:%d/%m/%Y}"
    return Deadline(day, why)


def last_notice_day(ends_on: date, notice_months: int) -> date:
    """The last day on which a notice of so many months can be received, for the term that ends on `ends_on`: the last
    one from which `end_after_notice` goes no further than that term."""
    day = months_after(ends_on, -notice_months)
    whole = _is_month_end(ends_on)
    return day.replace(day=monthrange(day.year, day.month)[1]) if whole else day


def end_after_notice(received_on: date, notice_months: int) -> Deadline:
    """The last day of a convention ended by a notice received on a day, with the computation."""
    day = months_after(received_on, notice_months)
    return Deadline(
        day, f"préavis de {notice_months} mois reçu le {received_on:%d/%m/%Y} : dernier jour le {day:%d/%m/%Y} compris"
    )


def _is_month_end(day: date) -> bool:
    return day.day == monthrange(day.year, day.month)[1]


def end_at_due_date(anchor_on: date, received_on: date, notice_months: int) -> Deadline:
    """The last day of what ends at its annual due date: the eve of the first anniversary of `anchor_on` for which the
    notice was received in time (without notice: before the due date itself)."""
    years = max(1, received_on.year - anchor_on.year)
    while last_notice_day(last_day(anchor_on, years), notice_months) < received_on:
        years += 1
    ends = last_day(anchor_on, years)
    due = anniversary(anchor_on, years)
    last = last_notice_day(ends, notice_months)
    asked = f"préavis de {notice_months} mois, reçu" if notice_months else "écrit reçu"
    return Deadline(
        ends,
        f"échéance annuelle du {due:%d/%m/%Y}, {asked} le {received_on:%d/%m/%Y}, au plus tard le {last:%d/%m/%Y} :"
        f" dernier jour le {ends:%d/%m/%Y} compris",
    )


def end_after_formal_notice(formal_on: date, received_on: date, days: int) -> Deadline:
    """The last day of what ends so many days after a formal notice left without effect; never before the decision to
    end it was received."""
    over = formal_on + timedelta(days=days)
    day = max(over, received_on)
    why = f"mise en demeure reçue le {formal_on:%d/%m/%Y}, sans effet après {days} jours, le {over:%d/%m/%Y}"
    if received_on > over:
        why += f" ; résiliation reçue le {received_on:%d/%m/%Y}"
    return Deadline(day, f"{why} : dernier jour le {day:%d/%m/%Y} compris")


def renewed_end(ends_on: date, years: int) -> date:
    """The last day after a tacit renewal of `years`."""
    return last_day(ends_on + timedelta(days=1), years)


def due_days(anchor_on: date, *, since: date, until: date) -> list[date]:
    """The due dates from `since` to `until`, both included; the anchor itself is the first."""
    found: list[date] = []
    years = max(0, since.year - anchor_on.year - 1)
    while (day := anniversary(anchor_on, years)) <= until:
        if day >= since:
            found.append(day)
        years += 1
    return found


@lru_cache(maxsize=4096)
def last_due_on(anchor_on: date, on: date) -> date:
    """The due date that rules a day: the last one not after it; the anchor when none has come yet."""
    years = max(0, on.year - anchor_on.year)
    day = anniversary(anchor_on, years)
    return day if day <= on or years == 0 else anniversary(anchor_on, years - 1)


@lru_cache(maxsize=4096)
def next_due_after(anchor_on: date, on: date) -> date:
    """The first due date after a day."""
    years = max(0, on.year - anchor_on.year)
    while (day := anniversary(anchor_on, years)) <= on:
        years += 1
    return day


def period_of(anchor_on: date, on: date) -> tuple[date, date]:
    """The yearly period that holds a day, both ends included."""
    starts = last_due_on(anchor_on, on)
    return starts, next_due_after(anchor_on, max(starts, on)) - timedelta(days=1)
