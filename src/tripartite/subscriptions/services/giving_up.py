"""What runs of a service stops, or shrinks, because an amendment gives it up."""

from datetime import date, datetime, timedelta
from typing import Any

from tripartite.journal.services import Actor
from tripartite.pricing.cases import Number
from tripartite.subscriptions.models import Subscription
from tripartite.subscriptions.queries.days import does_run, runs_on
from tripartite.subscriptions.queries.holdings import lots_on, total_of
from tripartite.subscriptions.services.ending import end_subscription, reduce_subscription


def give_up_running(
    *,
    body: Any,
    offer: str,
    service: str,
    options: dict[str, str],
    quantity: Number,
    on: date,
    reason: str,
    actor: Actor,
    at: datetime,
) -> Number:
    """Stop or reduce, from a day on, what a body has of a service of an offer, so much in all; how much of it did not
    run.

    In the caller's transaction. What has no noted end goes first, the last written before the others.
    """
    said: dict[str, Any] = {"reason": reason, "by_amendment": True, "actor": actor, "at": at}
    running = Subscription.objects.filter(runs_on(on), body=body, service=service, convention__request__offer=offer)
    for one in sorted(
        running.select_related("convention").prefetch_related("changes"),
        key=lambda each: (each.ends_on is not None, -each.pk),
    ):
        if one.options != options or quantity <= 0:
            continue
        total, nothing_on = total_of(lots_on(one.changes.all(), on)), _nothing_on(one, quantity, on)
        if nothing_on is not None:
            last = max(nothing_on - timedelta(days=1), one.starts_on)
            end_subscription(subscription_id=one.pk, last_day=last, **said)
        if quantity < total:
            reduce_subscription(subscription_id=one.pk, removed=quantity, on=on, **said)
        quantity -= min(quantity, total)
    return quantity


def _nothing_on(one: Subscription, quantity: Number, on: date) -> date | None:
    """The first day, from that one on, on which nothing would run with so much less: less was noted for it already."""
    changes = list(one.changes.all())
    days = [on, *(change.on for change in changes if change.on > on)]
    return next((day for day in days if total_of(lots_on(changes, day)) <= quantity and does_run(one, on=day)), None)
