"""What a merged body had goes on with the body that took it in: same due dates, same prices until the next one."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from tripartite.conventions.services.records import journal
from tripartite.journal.services import Actor
from tripartite.pricing.french import day_text
from tripartite.pricing.grid import Grid
from tripartite.pricing.naming import complement
from tripartite.subscriptions.models import QuantityChange, Subscription
from tripartite.subscriptions.queries.days import runs_on
from tripartite.subscriptions.queries.groups import Ruled
from tripartite.subscriptions.queries.holdings import standing
from tripartite.subscriptions.queries.running import cost_reading
from tripartite.subscriptions.services.ending import end_on_the_eve
from tripartite.subscriptions.services.errors import SubscriptionError
from tripartite.subscriptions.services.records import locked_subscription, note_end


@transaction.atomic
def take_over_subscription(*, subscription_id: int, on: date, actor: Actor, at: datetime) -> Subscription | None:
    """Go on with what a merged body had, for the body that took it in, from a day on.

    Due dates stay; the price too, until the next of them, when the figures of the new body count. What a body can
    hold once is not taken twice: then it only ends, and None is answered, as when it had ended already. Changes noted
    for that day or later go on with it. Raises SubscriptionError when the body was not merged into another.
    """
    old = locked_subscription(subscription_id)
    into = old.body.merged_into
    if into is None:
        raise SubscriptionError(f"{old.body} n'a pas été réunie à une autre structure.")
    if old.ends_on is not None and old.ends_on < on:
        return None
    lots = [ruled for ruled in cost_reading([old.body_id])[old.body_id].ruled(old, on - timedelta(days=1)) if ruled]
    held = bool(lots) and _held_already(lots[-1].grid, old, into, on)
    ends_on, end_reason = old.ends_on, old.end_reason
    end_on_the_eve(old, on, f"déjà en service à {into}" if held else f"repris par {into}", actor, at)
    if held or not lots:
        return None
    new = Subscription.objects.create(
        body=into,
        convention_id=old.convention_id,
        service=old.service,
        options=old.options,
        name=old.name,
        anchor_on=old.anchor_on,
        starts_on=on,
        ends_on=ends_on,
        end_reason=end_reason,
        term_years=old.term_years,
        continues=old,
        created_at=at,
        created_by=actor.label,
    )
    if end_reason:
        note_end(new, ends_on, end_reason, actor, at)
    _carry(lots, new, f"repris {complement(str(old.body))}", actor, at)
    _carry_later(old, new, on, actor, at)
    text = f"{old.name} : {old.body} devient {into} le {day_text(on)}, le service continue."
    journal(old.convention, actor, at, "subscriptions.take-over", text, subscription=new.pk)
    return new


@transaction.atomic
def take_over_merged(*, subscription_id: int, on: date, actor: Actor, at: datetime) -> bool:
    """Take over, by a day, what a merged body still has: from the day after its last day, or after the first day of
    what went live since. Where the new body was merged in its turn, again. False when it was done already.
    """
    done, one = False, locked_subscription(subscription_id)
    while one.body.merged_into_id is not None and one.body.ended_on is not None:
        day = max(one.body.ended_on, one.starts_on) + timedelta(days=1)
        if day > on or (one.ends_on is not None and one.ends_on < day):
            break
        new = take_over_subscription(subscription_id=one.pk, on=day, actor=actor, at=at)
        done = True
        if new is None:
            break
        one = locked_subscription(new.pk)
    return done


def _held_already(grid: Grid, old: Subscription, into: Any, on: date) -> bool:
    """Whether the new body runs, that day, the same service of the same offer, of which a body holds one at most."""
    if not grid.services[old.service].held_once:
        return False
    same = Subscription.objects.filter(runs_on(on), body=into, service=old.service)
    return same.filter(convention__request__offer=grid.offer).exists()


def _carry(lots: list[Ruled], new: Subscription, reason: str, actor: Actor, at: datetime) -> None:
    """Write the lots as they are priced on the eve, each from the day that prices it."""
    QuantityChange.objects.bulk_create(
        QuantityChange(
            subscription=new,
            on=ruled.priced_on,
            first_on=ruled.lot.first_on,
            line=ruled.lot.line.as_json(),
            grid=ruled.grid.code,
            facts=ruled.facts,
            convention_id=new.convention_id,
            reason=reason,
            recorded_by=actor.label,
            recorded_at=at,
        )
        for ruled in lots
    )


def _carry_later(old: Subscription, new: Subscription, on: date, actor: Actor, at: datetime) -> None:
    """Write again, for the new body, the changes that were noted for that day or later."""
    QuantityChange.objects.bulk_create(
        QuantityChange(
            subscription=new,
            on=change.on,
            first_on=change.first_on,
            line=change.line,
            removed=change.removed,
            grid=change.grid,
            facts=change.facts,
            convention_id=change.convention_id,
            reason=change.reason or f"repris {complement(str(old.body))}",
            recorded_by=actor.label,
            recorded_at=at,
        )
        for change, _ in standing(old.changes.all())
        if change.on >= on and (change.line is not None or change.removed)
    )
