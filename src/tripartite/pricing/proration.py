"""The price of a part of a year: what a grid's `prorata` makes of an amount that falls due for less than its period.

Pure. Amounts are integer cents on the basis that was voted (TTC or HT), as days are inclusive on both ends. One
rounding, at the end: to the nearest cent, half away from zero. See decision 0014.
"""

from calendar import monthrange
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from tripartite.pricing.french import counted
from tripartite.pricing.money import divide


class Prorata(StrEnum):
    """What is due for a part of a year: all of it, its share of the days, or its months begun."""

    NONE = "none"
    DAYS = "days"
    MONTHS = "months"


class Part(NamedTuple):
    """What is due for a part of a period: `counted` of its `whole` days or months; 1 of 1 where all of it is due."""

    amount_cents: int
    counted: int
    whole: int
    prorata: Prorata

    @property
    def is_whole(self) -> bool:
        return self.counted == self.whole

    @property
    def why(self) -> str:
        """« 184 jours sur 365 », « 7 mois entamés sur 12 »; « la période entière » where nothing is taken off."""
        if self.is_whole:
            return "la période entière"
        if self.prorata is Prorata.DAYS:
            return f"{counted(self.counted, 'jour')} sur {self.whole}"
        return f"{counted(self.counted, 'mois entamé')} sur {self.whole}"


def part_due(amount_cents: int, prorata: Prorata, *, period: tuple[date, date], first_on: date, last_on: date) -> Part:
    """What is due of `amount_cents`, the price of a whole `period`, for the days from `first_on` to `last_on`.

    Days are inclusive. With NONE the whole amount is due, however short the part. With DAYS, the share of the period's
    days, 29 February counted where the period holds one. With MONTHS, the share of the months begun: those of the
    period, from its first day to the eve of the same day of the next month, not those of the calendar. A credit, or the
    difference that an amendment makes, is an amount below zero: it is shared and rounded alike.
    Raises ValueError when the part is empty or goes beyond the period.
    """
    starts_on, ends_on = period
    if not starts_on <= first_on <= last_on <= ends_on:
        raise ValueError(f"not a part of the period from {starts_on} to {ends_on}: {first_on} to {last_on}")
    match prorata:
        case Prorata.NONE:
            counted = whole = 1
        case Prorata.DAYS:
            counted, whole = (last_on - first_on).days + 1, (ends_on - starts_on).days + 1
        case Prorata.MONTHS:
            counted = _month_of(starts_on, last_on) - _month_of(starts_on, first_on) + 1
            whole = _month_of(starts_on, ends_on) + 1
    return Part(divide(amount_cents * counted, whole), counted, whole, prorata)


def part_left(amount_cents: int, prorata: Prorata, *, period: tuple[date, date], last_on: date) -> int:
    """What is given back (cents) of `amount_cents`, paid for a whole `period`, when it stops after `last_on`.

    It is what was paid less what is due until then, so that both always add up to what was paid: nothing with NONE.
    Raises ValueError when `last_on` is outside the period.
    """
    due = part_due(amount_cents, prorata, period=period, first_on=period[0], last_on=last_on)
    return amount_cents - due.amount_cents


def month_start(starts_on: date, number: int) -> date:
    """The first day of the month `number` (0 for the first) of a period that begins on `starts_on`: the same day of a
    later month, or the first day of the next one where that month is too short, as the anniversary of 29 February."""
    year, month = divmod(starts_on.year * 12 + starts_on.month - 1 + number, 12)
    length = monthrange(year, month + 1)[1]
    if starts_on.day > length:
        return date(year, month + 1, length) + timedelta(days=1)
    return date(year, month + 1, starts_on.day)


def _month_of(starts_on: date, day: date) -> int:
    """Which month (0 for the first) of a period that begins on `starts_on` holds a day of it."""
    number = (day.year - starts_on.year) * 12 + day.month - starts_on.month
    return number if month_start(starts_on, number) <= day else number - 1
