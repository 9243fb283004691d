"""What runs, as its deadlines read it: its days and what names it, as plain values, for a whole directory at once."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet

from tripartite.conventions.queries.lasting import Lasts, last_reachable_day
from tripartite.pricing.calendar import due_days
from tripartite.subscriptions.models import QuantityChange, ReadChange, Subscription
from tripartite.subscriptions.queries.changes import changes_by_subscription

ONE_YEAR = 365
"""Days after the first one of a window from which every anniversary falls in it."""


class RunningDays(NamedTuple):
    """A subscription by its days, both ends included: `last_on` is the last one that it can run, its convention and
    all its tacit renewals counted; None where nothing bounds it. `end_reason` is « » for what ends by itself.
    """

    pk: int
    body_id: int
    convention_id: int
    service: str
    name: str
    anchor_on: date
    starts_on: date
    ends_on: date | None
    end_reason: str
    term_years: int | None
    offer: str
    last_on: date | None


ENDS_ON = RunningDays._fields.index("ends_on")
OWN = len(RunningDays._fields) - 1
"""Columns of its own in what is read for it: all but the last day, which those of its convention give."""


def running_with_days(
    *, since: date, until: date, body_id: int | None = None, services: Collection[str] | None = None
) -> list[RunningDays]:
    """What may have a due date, or the end of a prepaid term, between two days, both included, for a body or for all;
    with `services`, the due dates of these alone. Two queries: the anchors of a whole directory are few, and those
    that have an anniversary in a window shorter than a year narrow the rest.
    """
    runs = Q(term_years__isnull=True, starts_on__lt=until) & (Q(ends_on__isnull=True) | Q(ends_on__gte=since))
    if services is not None:
        runs &= Q(service__in=services)
    found = Subscription.objects.all() if body_id is None else Subscription.objects.filter(body_id=body_id)
    if (until - since).days < ONE_YEAR:
        anchors = found.filter(runs).order_by().values_list("anchor_on", flat=True).distinct()
        runs &= Q(anchor_on__in=[day for day in anchors if due_days(day, since=since, until=until)])
    ends = Q(term_years__isnull=False, ends_on__gte=since, ends_on__lte=until)
    return _read(found.filter(runs if services is not None else ends | runs))


def terms_over(*, before: date, body_id: int | None = None) -> list[RunningDays]:
    """The prepaid terms that ended by themselves before a day and that no later one of the same service, of the same
    body, follows: of a body or of all. One query.
    """
    later = Subscription.objects.filter(
        body=OuterRef("body"), service=OuterRef("service"), starts_on__gt=OuterRef("starts_on")
    )
    found = Subscription.objects.filter(term_years__isnull=False, ends_on__lt=before, end_reason="")
    found = found.filter(~Exists(later), continued_by__isnull=True)
    return _read(found if body_id is None else found.filter(body_id=body_id))


def changes_of_many(subscription_ids: Collection[int]) -> dict[int, list[ReadChange]]:
    """The changes of several subscriptions in their order, by their keys: one query."""
    return changes_by_subscription(
        QuantityChange.objects.filter(subscription_id__in=subscription_ids), subscription_ids
    )


def _read(rows: QuerySet[Subscription]) -> list[RunningDays]:
    """The rows in the order in which they were made; a convention is computed once for all that runs under it."""
    last_days: dict[int, date | None] = {}
    found: list[RunningDays] = []
    columns: Iterable[tuple[Any, ...]] = rows.order_by("pk").values_list(
        "pk",
        "body_id",
        "convention_id",
        "service",
        "name",
        "anchor_on",
        "starts_on",
        "ends_on",
        "end_reason",
        "term_years",
        "convention__request__offer",
        "convention__in_force_on",
        "convention__years",
        "convention__tacit_renewals",
        "convention__ended_on",
    )
    for row in columns:
        one = RunningDays._make((*row[:OWN], row[ENDS_ON]))
        if one.term_years is None:
            if one.convention_id not in last_days:
                in_force_on, years, renewals, ended_on = row[OWN:]
                last_days[one.convention_id] = last_reachable_day(Lasts(years, renewals, in_force_on, ended_on))
            ends = (one.ends_on, last_days[one.convention_id])
            one = one._replace(last_on=min((day for day in ends if day is not None), default=None))
        found.append(one)
    return found
