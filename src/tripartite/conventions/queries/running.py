"""Conventions that ran or are over, as their deadlines read them: plain values, for a whole directory at once."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from tripartite.conventions.models import Convention
from tripartite.conventions.states import GIVEN_UP, ConventionState
from tripartite.many import as_text, read_day
from tripartite.questions import DAY, Place, Question


class RanConvention(NamedTuple):
    """A convention that is or was in force, by its days: `number` is that of its paper, `beneficiary_id` the body
    that signed it."""

    pk: int
    beneficiary_id: int
    number: str
    years: int
    tacit_renewals: int
    notice_months: int
    in_force_on: date | None
    ended_on: date | None
    end_reason: str


def conventions_that_ran(*, since: date, body_id: int | None = None) -> list[RanConvention]:
    """Conventions, amendments apart, in force or ended on a day or later, of one body (and of those that it took in)
    or of all: one query.
    """
    if body_id is None:
        return _read(RAN.ask(since))
    of_body = Q(beneficiary_id=body_id) | Q(beneficiary__merged_into_id=body_id)
    return _read(_columns(_ran(since).filter(of_body)))


def conventions_over(*, before: date, body_id: int | None = None) -> list[RanConvention]:
    """The conventions that reached their term before a day, and that no later one of the same beneficiary, or of the
    one that took it in, follows: of a body (and of those that it took in) or of all. One query.
    """
    return _read(OVER.ask(before) if body_id is None else _columns(_over(before).filter(heir=body_id)))


def _ran(since: date | Place) -> QuerySet[Convention]:
    ran = Q(state=ConventionState.IN_FORCE) | Q(state=ConventionState.ENDED, ended_on__gte=since)
    return Convention.objects.filter(ran, parent__isnull=True, in_force_on__isnull=False)


def _over(before: date | Place) -> Any:
    heir = Coalesce("beneficiary__merged_into", "beneficiary")
    found = Convention.objects.filter(state=ConventionState.ENDED, ended_on__lt=before, parent__isnull=True)
    of_whom = Q(beneficiary=OuterRef("beneficiary")) | Q(beneficiary=OuterRef("heir"))
    later = Convention.objects.filter(of_whom, parent__isnull=True, pk__gt=OuterRef("pk")).exclude(state__in=GIVEN_UP)
    return found.annotate(heir=heir).filter(~Exists(later), end_reason="terme", in_force_on__isnull=False)


def _columns(found: QuerySet[Convention]) -> Any:
    """The columns of `RanConvention`, its days as the base writes them: those of a directory are few."""
    days = {"begins": as_text("in_force_on"), "stops": as_text("ended_on")}
    own = ("pk", "beneficiary_id", "number", "years", "tacit_renewals", "notice_months")
    return found.order_by("pk").annotate(**days).values_list(*own, "begins", "stops", "end_reason")


RAN = Question[tuple[Any, ...]](lambda since: _columns(_ran(since)), DAY)
OVER = Question[tuple[Any, ...]](lambda before: _columns(_over(before)), DAY)


def _read(rows: Iterable[tuple[Any, ...]]) -> list[RanConvention]:
    return [
        RanConvention._make((*own, begins and read_day(begins), stops and read_day(stops), reason))
        for *own, begins, stops, reason in rows
    ]
