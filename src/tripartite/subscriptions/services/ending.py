"""What runs changes and ends, at a day, for a reason; and goes on with the body that takes over."""

from datetime import date, datetime, timedelta
from fractions import Fraction

from django.db import transaction

from tripartite.conventions.queries import convention_by_id
from tripartite.journal.services import Actor
from tripartite.pricing.money import number_text
from tripartite.subscriptions.models import QuantityChange, Subscription
from tripartite.subscriptions.queries.holdings import lots_on, total_of
from tripartite.subscriptions.services.errors import SubscriptionError
from tripartite.subscriptions.services.records import day_text, journal, locked_subscription


@transaction.atomic
def reduce_subscription(
    *, subscription_id: int, removed: Fraction, on: date, reason: str, actor: Actor, at: datetime
) -> QuantityChange:
    """Take so much away from a day on (its first day without): a dated change, never an overwrite.

    The last added goes first. More of a service goes through an amendment. Raises SubscriptionError when that much
    does not run that day, or would not run on a later day already noted.
    """
    subscription = locked_subscription(subscription_id)
    _check_running(subscription, on)
    if not reason.strip():
        raise SubscriptionError("Dites pourquoi la quantité baisse : l'avenant, le courrier reçu…")
    if removed <= 0:
        raise SubscriptionError("Indiquez de combien la quantité baisse : au moins un.")
    changes = list(subscription.changes.all())
    days = [on, *(change.on for change in changes if change.on > on)]
    least = min(total_of(lots_on(changes, day)) for day in days)
    if removed >= least:
        raise SubscriptionError(
            f"Il en tourne {number_text(least)} : pour tout arrêter, notez la fin du service."
            if removed == least
            else f"Il n'en tourne que {number_text(least)}."
        )
    last = lots_on(changes, on)[-1]
    if "quantities" in last.line:
        raise SubscriptionError("Ce service ne se réduit pas en partie : notez sa fin.")
    change = QuantityChange.objects.create(
        subscription=subscription,
        on=on,
        first_on=on,
        removed=str(removed),
        grid=last.grid,
        facts=last.facts,
        reason=reason.strip()[:1000],
        recorded_by=actor.label,
        recorded_at=at,
    )
    text = f"{subscription.name} : {number_text(removed)} de moins à partir du {day_text(on)} ({reason.strip()})."
    journal(subscription.convention, actor, at, "subscriptions.reduce", text, subscription=subscription.pk)
    return change


@transaction.atomic
def end_subscription(*, subscription_id: int, last_day: date, reason: str, actor: Actor, at: datetime) -> Subscription:
    """End a service on a day, its last one. Raises SubscriptionError when it has ended by then, or without a reason."""
    subscription = locked_subscription(subscription_id)
    if not reason.strip():
        raise SubscriptionError("Dites pourquoi ce service s'arrête.")
    _check_running(subscription, last_day)
    _end(subscription, last_day, reason.strip()[:1000], actor, at)
    return subscription


@transaction.atomic
def end_with_convention(*, subscription_id: int, actor: Actor, at: datetime) -> bool:
    """End what a convention set going on the convention's own last day; what is prepaid goes to the end of its term.

    False when there is nothing to end: the convention goes on, or it was done already.
    """
    subscription = locked_subscription(subscription_id)
    convention = convention_by_id(subscription.convention_id)
    if convention is None or convention.ended_on is None or subscription.term_years is not None:
        return False
    if subscription.ends_on is not None and subscription.ends_on <= convention.ended_on:
        return False
    last = max(convention.ended_on, subscription.starts_on)
    _end(subscription, last, f"fin de la convention {convention} : {convention.end_reason}"[:1000], actor, at)
    return True


def end_on_the_eve(subscription: Subscription, day: date, reason: str, actor: Actor, at: datetime) -> None:
    """End a locked subscription on the eve of a day, when another takes over. It began before that day."""
    eve = day - timedelta(days=1)
    if eve < subscription.starts_on:
        raise SubscriptionError(
            f"{subscription.name} est en service depuis le {day_text(subscription.starts_on)} :"
            " ce qui le continue commence au plus tôt le lendemain."
        )
    _end(subscription, eve, reason, actor, at)


def _end(subscription: Subscription, last_day: date, reason: str, actor: Actor, at: datetime) -> None:
    subscription.ends_on, subscription.end_reason = last_day, reason
    subscription.save(update_fields=["ends_on", "end_reason"])
    text = f"{subscription.name} : dernier jour le {day_text(last_day)} ({reason})."
    journal(subscription.convention, actor, at, "subscriptions.end", text, subscription=subscription.pk)


def _check_running(subscription: Subscription, on: date) -> None:
    if on < subscription.starts_on:
        raise SubscriptionError(f"Ce service n'est en service que depuis le {day_text(subscription.starts_on)}.")
    if subscription.ends_on is not None and on > subscription.ends_on:
        raise SubscriptionError(f"Ce service s'arrête le {day_text(subscription.ends_on)}.")
