"""How long a convention lasts at most: one rule, of a row at hand and for the database. Days are inclusive."""

from datetime import date
from functools import lru_cache
from typing import NamedTuple, Protocol

from django.db.models import F, Q
from django.db.models.functions import ExtractYear
from django.db.models.lookups import Exact, GreaterThan

from tripartite.pricing.calendar import terms_of

LAST_YEAR = 9000
"""No date is computed beyond it."""


class Lasting(Protocol):
    """What a convention says of how long it lasts."""

    @property
    def years(self) -> int: ...
    @property
    def tacit_renewals(self) -> int: ...
    @property
    def in_force_on(self) -> date | None: ...
    @property
    def ended_on(self) -> date | None: ...


class Lasts(NamedTuple):
    """The same, as plain values; with no `ended_on`, as long as no end of it is known."""

    years: int
    tacit_renewals: int
    in_force_on: date | None
    ended_on: date | None = None


def last_reachable_day(convention: Lasting) -> date | None:
    """The last day that a convention can reach, all its tacit renewals counted: the day of its end once one is on
    record. None when it is not in force.
    """
    if convention.ended_on is not None:
        return convention.ended_on
    if convention.in_force_on is None or convention.in_force_on.year > LAST_YEAR:
        return None
    return _last_day(convention.in_force_on, convention.years, convention.tacit_renewals)


@lru_cache(maxsize=4096)
def _last_day(in_force_on: date, years: int, renewals: int) -> date:
    """Asked of each subscription, several times a page: conventions share their days."""
    return terms_of(in_force_on, years, renewals)[-1].ends_on


def reaches(on: date, *, under: str) -> Q:
    """The same, asked of rows whose convention is named `under`: that it reaches a day.

    With no end on record, the anniversary that ends its last term comes after the day: its year is compared, then the
    month and the day of the first day (1 March for 29 February in a common year, which compares alike). A renewal may
    begin on 1 March what began on 29 February: it then reaches the 29 February of a leap year.
    """
    years = F(f"{under}__years") * (F(f"{under}__tacit_renewals") + 1)
    year = ExtractYear(f"{under}__in_force_on") + years
    later = Q(**{f"{under}__in_force_on__month__gt": on.month}) | Q(
        **{f"{under}__in_force_on__month": on.month, f"{under}__in_force_on__day__gt": on.day}
    )
    if (on.month, on.day) == (2, 29):
        moved = Q(**{f"{under}__in_force_on__month": 2, f"{under}__in_force_on__day": 29})
        later |= moved & Q(**{f"{under}__tacit_renewals__gte": 1}) & Q(GreaterThan(F(f"{under}__years") % 4, 0))
    open_ended = Q(**{f"{under}__ended_on__isnull": True}) & (
        Q(**{f"{under}__in_force_on__isnull": True}) | Q(GreaterThan(year, on.year)) | (Q(Exact(year, on.year)) & later)
    )
    return Q(**{f"{under}__ended_on__gte": on}) | open_ended
