"""Conventions that ran or are over, as their deadlines read them: plain values, for a whole directory at once."""

from datetime import date
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from tripartite.conventions.models import Convention
from tripartite.conventions.states import GIVEN_UP, ConventionState


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
    ran = Q(state=ConventionState.IN_FORCE) | Q(state=ConventionState.ENDED, ended_on__gte=since)
    found = Convention.objects.filter(ran, parent__isnull=True, in_force_on__isnull=False)
    if body_id is not None:
        found = found.filter(Q(beneficiary_id=body_id) | Q(beneficiary__merged_into_id=body_id))
    return _read(found)


def conventions_over(*, before: date, body_id: int | None = None) -> list[RanConvention]:
    """The conventions that reached their term before a day, and that no later one of the same beneficiary, or of the
    one that took it in, follows: of a body (and of those that it took in) or of all. One query.
    """
    heir = Coalesce("beneficiary__merged_into", "beneficiary")
    found = Convention.objects.filter(state=ConventionState.ENDED, ended_on__lt=before, parent__isnull=True)
    of_whom = Q(beneficiary=OuterRef("beneficiary")) | Q(beneficiary=OuterRef("heir"))
    later = Convention.objects.filter(of_whom, parent__isnull=True, pk__gt=OuterRef("pk")).exclude(state__in=GIVEN_UP)
    found = found.annotate(heir=heir).filter(~Exists(later), end_reason="terme", in_force_on__isnull=False)
    return _read(found if body_id is None else found.filter(heir=body_id))


def _read(found: QuerySet[Convention]) -> list[RanConvention]:
    return [RanConvention(*row) for row in found.order_by("pk").values_list(*RanConvention._fields)]
