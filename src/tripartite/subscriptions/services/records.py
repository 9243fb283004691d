"""What every verb shares: locking, moving a state by its table, telling the journal of the file.

What a locked row points to is read once it is locked: PostgreSQL would join the row that was awaited to what its
relations were before, and a convention just ended by another would seem to run.
"""

from datetime import date, datetime
from fractions import Fraction
from typing import Any

from tripartite.conventions.services.records import lock_convention
from tripartite.journal.services import Actor, record
from tripartite.pricing.gathering import off_step
from tripartite.pricing.grid import Grid
from tripartite.subscriptions.models import Activation, Subscription
from tripartite.subscriptions.services.errors import SubscriptionError
from tripartite.subscriptions.states import ACTIVATION_LABELS, ACTIVATION_TRANSITIONS, OPEN, ActivationState


def locked_activation(activation_id: int) -> Activation:
    """The activation, locked after its convention until the end of the transaction. Raises SubscriptionError when there
    is none.
    """
    under = Activation.objects.filter(pk=activation_id).values_list("convention_id", flat=True).first()
    if under is not None:
        lock_convention(under)
    found = Activation.objects.select_for_update().filter(pk=activation_id).first()
    if found is None:
        raise SubscriptionError("Cette mise en service n'existe pas.")
    return found


def open_activation(activation_id: int) -> Activation:
    """The activation, locked, while it may still change. Raises SubscriptionError otherwise."""
    activation = locked_activation(activation_id)
    if activation.state not in OPEN:
        raise SubscriptionError(f"Mise en service « {activation.state_label} » : elle ne change plus.")
    return activation


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


def move(activation: Activation, state: ActivationState) -> None:
    """Change the state as its table of transitions allows. The caller saves."""
    if state not in ACTIVATION_TRANSITIONS[ActivationState(activation.state)]:
        raise SubscriptionError(
            f"Mise en service « {activation.state_label} » : elle ne peut pas devenir « {ACTIVATION_LABELS[state]} »."
        )
    activation.state = state


def journal(convention: Any, actor: Actor, at: datetime, action: str, text: str, **details: Any) -> None:
    """Tell the journal of the file that the convention belongs to."""
    record(
        actor=actor,
        at=at,
        action=action,
        subject_kind="request",
        subject_id=convention.request_id,
        text=text,
        details={"convention": convention.pk} | details,
    )


def day_text(day: date) -> str:
    """26/03/2024."""
    return f"{day:%d/%m/%Y}"


def check_amount(grid: Grid, service: str, amount: Fraction) -> None:
    """Refuse an amount of a service that the grid could not price: half a mailbox. Raises SubscriptionError."""
    measured = grid.services[service].quantities.get("quantity")
    if measured is not None and (refusal := off_step(measured, amount)):
        raise SubscriptionError(refusal)
