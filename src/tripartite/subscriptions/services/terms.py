"""What is prepaid runs as a paper says, a certificate for instance, once it says it."""

from datetime import date, datetime
from typing import Any

from tripartite.conventions.services.records import journal
from tripartite.journal.services import Actor
from tripartite.pricing.french import day_text
from tripartite.pricing.quantities import quantity_text
from tripartite.subscriptions.models import QuantityChange, Subscription
from tripartite.subscriptions.queries.holdings import lots_on, standing


def run_term(*, subscription: Subscription, first: date, last: date, source: str, actor: Actor, at: datetime) -> None:
    """Make a locked term run from its first day to its last one, inclusive, as `source` (« le certificat ») says, and
    tell the file; in the caller's transaction. What ended by an act keeps its days.
    """
    if (subscription.starts_on, subscription.ends_on) == (first, last) or subscription.end_reason:
        return
    _count_from(subscription, first, f"{source} dit le premier jour", actor, at)
    subscription.anchor_on, subscription.starts_on, subscription.ends_on = first, first, last
    subscription.save(update_fields=["anchor_on", "starts_on", "ends_on"])
    text = f"{subscription.name} : du {day_text(first)} au {day_text(last)} compris, comme le dit {source}."
    journal(subscription.convention, actor, at, "subscriptions.term", text, subscription=subscription.pk)


def _count_from(subscription: Subscription, first: date, reason: str, actor: Actor, at: datetime) -> None:
    """Count from an earlier day what was counted later: added then, taken away where it was counted. Nothing is
    overwritten, and the quantity of every later day stays what it was.
    """
    changes = list(subscription.changes.all())
    counted_on = min((change.on for change, _ in standing(changes)), default=first)
    if first >= counted_on:
        return
    for lot in lots_on(changes, counted_on):
        common: dict[str, Any] = {
            "subscription": subscription,
            "grid": lot.grid,
            "facts": lot.facts,
            "reason": reason,
            "recorded_by": actor.label,
            "recorded_at": at,
        }
        line, removed = lot.line.as_json(), quantity_text(lot.line.total)
        QuantityChange.objects.create(on=first, first_on=first, line=line, **common)
        QuantityChange.objects.create(on=counted_on, first_on=counted_on, removed=removed, **common)
