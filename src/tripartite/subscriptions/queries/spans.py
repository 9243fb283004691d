"""What was known of a subscription on a day: its changes, its first and last days; and when each fact was learnt."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

from django.utils import timezone

from tripartite.parties.queries.facts import all_figures
from tripartite.quotes.queries.agreed import AgreedPrices
from tripartite.subscriptions.models import QuantityChange, ReadChange, SubscriptionRow
from tripartite.subscriptions.queries.days import last_day_known, last_day_of
from tripartite.subscriptions.queries.holdings import standing
from tripartite.tariffs.queries import RunningTariffs


class Span(NamedTuple):
    """What was known of a subscription: its changes in their order, those that were corrected among them; the day whose
    anniversaries are its due dates, its first one, and its last one (None: nothing bounds it).
    """

    changes: Collection[QuantityChange | ReadChange]
    anchor_on: date
    starts_on: date
    last_on: date | None


def span_known(one: SubscriptionRow, day: date) -> Span:
    """What was known of a subscription at the end of a day (`date.max`: all): a part noted late, or a going-live put
    right, moves its first day and its due dates.
    """
    every = one.dated_changes
    if day == date.max:
        return Span(every, one.anchor_on, one.starts_on, last_day_of(one))
    known = [change for change in every if change.learnt_on <= day]
    anchor_on, starts_on = one.anchor_on, one.starts_on
    if anchor_on == starts_on and one.term_years is None and len(known) != len(every):
        kept = (change.on for change, _ in standing(known) if change.held is not None)
        anchor_on = starts_on = min(kept, default=starts_on)
    return Span(known, anchor_on, starts_on, last_day_known(one, day))


def beginnings_known(one: SubscriptionRow, day: date) -> set[tuple[date, date]]:
    """The day whose anniversaries are the due dates of a subscription, with its first day: as known at the end of a
    day, and as known on any day before it. What fell due by those that were put right since was asked all the same.
    """
    last = span_known(one, day)
    found = {(last.anchor_on, last.starts_on)}
    if sum(change.held is not None for change in last.changes) > 1:
        for learnt in {change.learnt_on for change in last.changes}:
            span = span_known(one, learnt)
            found.add((span.anchor_on, span.starts_on))
    return found


def days_learnt(
    body: Any, subscriptions: Iterable[SubscriptionRow], tariffs: RunningTariffs, agreed: AgreedPrices
) -> Iterator[date]:
    """The days on which what the cost of a body rests on was recorded."""
    for one in subscriptions:
        yield from (change.learnt_on for change in one.dated_changes)
        yield from (note.learnt_on for note in one.dated_ends)
        if one.part_left is not None:
            yield timezone.localdate(one.part_left.part_left_at)
    yield from tariffs.learnt.values()
    yield from (figure.learnt_on for figure in all_figures(body))
    for agreements in agreed.agreements.values():
        yield from (one.learnt_on for one in agreements)


def asked_of(subscription: Any, due: date) -> Any:
    """The body of which what fell due on a day was asked, where it was not known yet that another had taken it in; None
    where it was asked of the body that has it now."""
    found, former = None, subscription.continues
    while former is not None and former.body_id != subscription.body_id:
        learnt = former.body.end_learnt_on
        if learnt is None or learnt <= due:
            break
        found, former = former.body, former.continues
    return found
