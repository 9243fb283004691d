"""What every verb shares: locking, telling the journal of the file, checking an amount.

What a locked row points to is read once it is locked: PostgreSQL would join the row that was awaited to what its
relations were before, and a convention just ended by another would seem to run.
"""

from datetime import date, datetime

from tripartite.conventions.services.records import lock_convention
from tripartite.journal.services import Actor
from tripartite.pricing.cases import Number
from tripartite.pricing.gathering import off_step
from tripartite.pricing.grid import Grid
from tripartite.subscriptions.models import EndNote, Subscription
from tripartite.subscriptions.queries.days import runs_on
from tripartite.subscriptions.services.errors import SubscriptionError


def locked_subscription(subscription_id: int) -> Subscription:
    """The subscription, locked after its convention until the end of the transaction. Raises SubscriptionError when
    there is none.
    """
    under = Subscription.objects.filter(pk=subscription_id).values_list("convention_id", flat=True).first()
    if under is not None:
        lock_convention(under)
    found = Subscription.objects.select_for_update().filter(pk=subscription_id).first()
    if found is None:
        raise SubscriptionError("Cet abonnement n'existe pas.")
    return found


def lock_running(
    *, on: date, subscription_id: int | None = None, body_id: int | None = None, service: str = ""
) -> Subscription | None:
    """What runs on a day, locked until the end of the transaction: that subscription, or the first begun of a service
    of a body; None when it does not run.
    """
    held = Subscription.objects.select_for_update(of=("self",)).filter(runs_on(on))
    of_whom = held.filter(pk=subscription_id) if subscription_id else held.filter(body_id=body_id, service=service)
    return of_whom.order_by("starts_on", "pk").first()


def note_end(subscription: Subscription, ends_on: date | None, reason: str, actor: Actor, at: datetime) -> None:
    """Write the last day of a locked subscription (inclusive; None: no end), with the day on which it is learnt. Every
    end of what recurs is written here.
    """
    subscription.ends_on, subscription.end_reason = ends_on, reason
    subscription.save(update_fields=["ends_on", "end_reason"])
    EndNote.objects.create(
        subscription=subscription, ends_on=ends_on, reason=reason, recorded_by=actor.label, recorded_at=at
    )


def check_amount(grid: Grid, service: str, amount: Number) -> None:
    """Refuse an amount of a service that the grid could not price: half a mailbox. Raises SubscriptionError."""
    measured = grid.services[service].quantities.get("quantity")
    if measured is not None and (refusal := off_step(measured, amount)):
        raise SubscriptionError(refusal)
