"""Due dates of a subscription: the anniversaries of its anchor. Pure, days inclusive, right over leap years."""

from datetime import date, timedelta

from tripartite.conventions.queries.terms import anniversary


def due_days(anchor_on: date, *, since: date, until: date) -> list[date]:
    """The due dates from `since` to `until`, both included; the anchor itself is the first."""
    found: list[date] = []
    years = max(0, since.year - anchor_on.year - 1)
    while (day := anniversary(anchor_on, years)) <= until:
        if day >= since:
            found.append(day)
        years += 1
    return found


def last_due_on(anchor_on: date, on: date) -> date:
    """The due date that rules a day: the last one not after it; the anchor when none has come yet."""
    years = max(0, on.year - anchor_on.year)
    day = anniversary(anchor_on, years)
    return day if day <= on or years == 0 else anniversary(anchor_on, years - 1)


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
