"""What runs, as its deadlines read it: its days and what names it, as plain values, for a whole directory at once."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet

from tripartite.conventions.queries.lasting import Lasts, last_reachable_day
from tripartite.many import Among, as_text, keys_told, read_day
from tripartite.pricing.calendar import due_days
from tripartite.questions import DAY, KEYS, Place, Question
from tripartite.subscriptions.models import QuantityChange, ReadChange, Subscription
from tripartite.subscriptions.queries.changes import change_columns, changes_by_subscription
from tripartite.subscriptions.queries.own_columns import OWN_COLUMNS, with_own_days

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
    end_reason: str
    term_years: int | None
    anchor_on: date
    starts_on: date
    ends_on: date | None
    offer: str
    last_on: date | None


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
    return _read(_columns(found.filter(runs if services is not None else ends | runs)))


def terms_over(*, before: date, body_id: int | None = None) -> list[RunningDays]:
    """The prepaid terms that ended by themselves before a day and that no later one of the same service, of the same
    body, follows: of a body or of all. One query.
    """
    return _read(TERMS_OVER.ask(before) if body_id is None else _columns(_over(before).filter(body_id=body_id)))


def _over(before: date | Place) -> QuerySet[Subscription]:
    later = Subscription.objects.filter(
        body=OuterRef("body"), service=OuterRef("service"), starts_on__gt=OuterRef("starts_on")
    )
    found = Subscription.objects.filter(term_years__isnull=False, ends_on__lt=before, end_reason="")
    return found.filter(~Exists(later), continued_by__isnull=True)


TERMS_OVER = Question[tuple[Any, ...]](lambda before: _columns(_over(before)), DAY)


CHANGES = Question[tuple[Any, ...]](
    lambda keys: change_columns(QuantityChange.objects.filter(Among("subscription", keys))), KEYS
)


def changes_of_many(subscription_ids: Collection[int]) -> dict[int, list[ReadChange]]:
    """The changes of several subscriptions in their order, by their keys: one query."""
    return changes_by_subscription(CHANGES.ask(keys_told(subscription_ids)), subscription_ids)


def _columns(rows: QuerySet[Subscription]) -> Any:
    """The columns of its own of what runs, then those of its convention, in the order in which they were made."""
    days = {"begins": as_text("convention__in_force_on"), "stops": as_text("convention__ended_on")}
    of_convention = ("convention__years", "convention__tacit_renewals", "begins", "stops")
    read = with_own_days(rows.order_by("pk")).annotate(**days)
    return read.values_list(*OWN_COLUMNS, "convention__request__offer", *of_convention)


def _read(rows: Iterable[tuple[Any, ...]]) -> list[RunningDays]:
    """The rows, a convention being computed once for all that runs under it."""
    reachable: dict[int, date | None] = {}
    found: list[RunningDays] = []
    for *named, term_years, anchor_on, starts_on, ends_on, offer, years, renewals, begins, stops in rows:
        convention_id, own_end = named[2], ends_on and read_day(ends_on)
        last = own_end
        if term_years is None:
            if convention_id not in reachable:
                lasts = Lasts(years, renewals, begins and read_day(begins), stops and read_day(stops))
                reachable[convention_id] = last_reachable_day(lasts)
            last = min((day for day in (own_end, reachable[convention_id]) if day is not None), default=None)
        days = read_day(anchor_on), read_day(starts_on), own_end
        found.append(RunningDays._make((*named, term_years, *days, offer, last)))
    return found
