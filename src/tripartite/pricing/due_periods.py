"""When what recurs falls due, and which period it then pays: from the day it runs, its frequency and the rhythm of its
issuer. Pure; days are inclusive on both ends.
"""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from tripartite.pricing.calendar import due_days, last_due_on, next_due_after, period_of
from tripartite.pricing.due_rules import Rhythm
from tripartite.pricing.estimate import Frequency
from tripartite.pricing.proration import month_start

ONE_DAY = timedelta(days=1)


class Beat(NamedTuple):
    """How what recurs falls due: `frequency` is yearly or monthly."""

    rhythm: Rhythm
    frequency: Frequency


class Period(NamedTuple):
    """A whole period, of a year or of a month."""

    starts_on: date
    ends_on: date


def period_at(beat: Beat, anchor_on: date, on: date) -> Period:
    """The period of a beat that holds a day, for what first ran on `anchor_on` (not after that day)."""
    match beat:
        case Beat(Rhythm.CIVIL_YEAR, Frequency.MONTHLY):
            return Period(on.replace(day=1), on.replace(day=monthrange(on.year, on.month)[1]))
        case Beat(Rhythm.CIVIL_YEAR, _):
            return Period(date(on.year, 1, 1), date(on.year, 12, 31))
        case Beat(_, Frequency.MONTHLY):
            starts = last_due_on(anchor_on, on)
            number = (on.year - starts.year) * 12 + on.month - starts.month
            number -= month_start(starts, number) > on
            ends = min(month_start(starts, number + 1), next_due_after(anchor_on, on))
            return Period(month_start(starts, number), ends - ONE_DAY)
    return Period(*period_of(anchor_on, on))


def falls_due(beat: Beat, anchor_on: date, on: date) -> bool:
    """Whether a period of a beat begins on a day."""
    return period_at(beat, anchor_on, on).starts_on == on


def first_days(beat: Beat, anchor_on: date, *, since: date, until: date) -> Iterator[date]:
    """The first days of the periods of a beat from `since` to `until`, both included, in order."""
    day = max(since, anchor_on)
    if day > until:
        return
    if beat == Beat(Rhythm.ANNIVERSARY, Frequency.YEARLY):
        yield from due_days(anchor_on, since=day, until=until)
        return
    period = period_at(beat, anchor_on, day)
    if period.starts_on < day:
        period = period_at(beat, anchor_on, period.ends_on + ONE_DAY)
    while period.starts_on <= until:
        yield period.starts_on
        period = period_at(beat, anchor_on, period.ends_on + ONE_DAY)
