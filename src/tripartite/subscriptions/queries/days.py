"""Whether a subscription runs on a day: both ends are included. Said to the database, and of a row already read.

What recurs never runs beyond the last day that its convention can reach: after it, only « if it is renewed ». What is
prepaid runs to the end of its term.
"""

from datetime import date

from django.db.models import Q

from tripartite.conventions.queries.lasting import Lasts, last_reachable_day, reaches
from tripartite.subscriptions.models import SubscriptionRow


def runs_on(on: date) -> Q:
    """The condition on subscriptions that run on a day."""
    held = Q(term_years__isnull=False) | reaches(on, under="convention")
    return Q(starts_on__lte=on) & (Q(ends_on__isnull=True) | Q(ends_on__gte=on)) & held


def does_run(one: SubscriptionRow, *, on: date) -> bool:
    """The same, of a subscription at hand, with its convention."""
    last = last_day_of(one)
    return one.starts_on <= on and (last is None or on <= last)


def last_day_of(one: SubscriptionRow) -> date | None:
    """The last day that a subscription can run, with its convention; None where nothing bounds it."""
    ends_on = one.ends_on
    if one.term_years is not None:
        return ends_on
    reachable = last_reachable_day(one.convention)
    if ends_on is None or reachable is None:
        return reachable if ends_on is None else ends_on
    return min(ends_on, reachable)


def last_day_known(one: SubscriptionRow, day: date) -> date | None:
    """The same as it was known at the end of a day (`date.max`: all), by the ends noted until then (`with_changes`)."""
    if day == date.max:
        return last_day_of(one)
    noted = list(one.dated_ends)
    known = [note for note in noted if note.learnt_on <= day]
    if one.term_years is not None or len(known) == len(noted):
        return last_day_of(one)
    convention = one.convention
    reachable = None
    if convention.in_force_on is not None:
        reachable = last_reachable_day(Lasts(convention.years, convention.tacit_renewals, convention.in_force_on))
    ends = [last for last in (known[-1].ends_on if known else None, reachable) if last is not None]
    return min(ends, default=None)


def would_run_if_renewed(one: SubscriptionRow, *, on: date) -> bool:
    """Whether only the last day of its convention keeps it from running on a day, and a renewal would let it."""
    if one.term_years is not None or one.convention.ended_on is not None or does_run(one, on=on):
        return False
    return one.starts_on <= on and (one.ends_on is None or on <= one.ends_on)
