"""A signature key's life starts at its making: the prepaid term that it is runs as its certificate says."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from tripartite.journal.services import Actor
from tripartite.subscriptions.models import Activation, QuantityChange, SignatureKey, Subscription
from tripartite.subscriptions.queries.holdings import lots_on, quantity_of, total_of
from tripartite.subscriptions.services.records import day_text, journal
from tripartite.subscriptions.states import IN_USE


def keys_made_for(activation: Activation, line: dict[str, Any]) -> list[SignatureKey]:
    """The keys of the register made for an activation that no term stands for yet, as many as the line takes."""
    waiting = SignatureKey.objects.select_for_update(of=("self",)).filter(activation=activation, subscription=None)
    return list(waiting.order_by("valid_from", "pk")[: int(quantity_of(line))])


def term_of(keys: Iterable[SignatureKey]) -> tuple[date, date]:
    """The first and last days, inclusive, of the term that keys stand for; those in use say the last one."""
    found = list(keys)
    running = [one for one in found if one.state in IN_USE] or found
    return min(one.valid_from for one in found), max(one.valid_until for one in running)


def attach_keys(keys: Iterable[SignatureKey], subscription: Subscription) -> None:
    """Say that a term is that of these keys."""
    for key in keys:
        key.subscription = subscription
        key.save(update_fields=["subscription"])


def follow_certificates(subscription: Subscription, actor: Actor, at: datetime) -> None:
    """Make a locked term run as the certificates of its keys say, and tell the file. What ended by an act keeps it."""
    first, last = term_of(subscription.keys.all())
    if (subscription.starts_on, subscription.ends_on) == (first, last) or subscription.end_reason:
        return
    _count_from(subscription, first, actor, at)
    subscription.anchor_on, subscription.starts_on, subscription.ends_on = first, first, last
    subscription.save(update_fields=["anchor_on", "starts_on", "ends_on"])
    text = f"{subscription.name} : du {day_text(first)} au {day_text(last)} compris, comme le dit le certificat."
    journal(subscription.convention, actor, at, "subscriptions.term", text, subscription=subscription.pk)


def _count_from(subscription: Subscription, first: date, actor: Actor, at: datetime) -> None:
    """Count from an earlier day what was counted later: added then, taken away where it was counted. Nothing is
    overwritten, and the quantity of every later day stays what it was.
    """
    changes = list(subscription.changes.all())
    counted_on = min((change.on for change in changes), default=first)
    if first >= counted_on:
        return
    for lot in lots_on(changes, counted_on):
        common: dict[str, Any] = {
            "subscription": subscription,
            "grid": lot.grid,
            "facts": lot.facts,
            "reason": "le certificat dit le premier jour",
            "recorded_by": actor.label,
            "recorded_at": at,
        }
        QuantityChange.objects.create(on=first, first_on=first, line=lot.line, **common)
        QuantityChange.objects.create(on=counted_on, first_on=counted_on, removed=str(total_of([lot])), **common)
