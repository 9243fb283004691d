"""What an amendment gives up stops, or shrinks, on the day when it comes into force: nobody has to remember it."""

from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from tripartite.journal.services import Actor
from tripartite.parties.queries import bearer_of
from tripartite.subscriptions.models import Notice, Subscription
from tripartite.subscriptions.queries.holdings import Line, lots_on, quantity_of, total_of
from tripartite.subscriptions.queries.pending import given_up_name
from tripartite.subscriptions.queries.running import runs_on
from tripartite.subscriptions.services.ending import end_subscription, reduce_subscription
from tripartite.subscriptions.services.records import journal

Given = tuple[str, tuple[tuple[str, str], ...]]
"""A service and its options."""


def give_up(*, convention: Any, ended: list[Line], actor: Actor, at: datetime) -> bool:
    """Stop or reduce what an amendment in force gives up, from its first day, in the caller's transaction.

    Once: a second time answers False. What is given up before it ever ran is said in the file's journal, for an agent
    to abandon its going live.
    """
    name = given_up_name(convention.pk)
    if not ended or Notice.objects.filter(name=name).exists():
        return False
    on = convention.in_force_on
    words = [
        _give(convention, service, dict(options), quantity, on, actor, at)
        for (service, options), quantity in _added_up(ended).items()
    ]
    Notice.objects.create(name=name, body_id=convention.beneficiary_id, on=on, text=" ".join(words), recorded_at=at)
    return True


def _added_up(ended: list[Line]) -> dict[Given, Fraction]:
    found: dict[Given, Fraction] = {}
    for line in ended:
        key = (line["service"], tuple(sorted(line.get("options", {}).items())))
        found[key] = found.get(key, Fraction(0)) + quantity_of(line)
    return found


def _give(  # noqa: PLR0917 - private, called once
    convention: Any, service: str, options: dict[str, str], quantity: Fraction, on: date, actor: Actor, at: datetime
) -> str:
    """Give up so much of a service; answers what was done, in French."""
    reason = f"avenant {convention.number}"
    running = Subscription.objects.filter(runs_on(on), body=bearer_of(convention.beneficiary, on=on), service=service)
    for one in sorted(running.prefetch_related("changes"), key=lambda each: -each.pk):
        if one.options != options or quantity <= 0:
            continue
        total = total_of(lots_on(one.changes.all(), on))
        if quantity >= total:
            last = max(on - timedelta(days=1), one.starts_on)
            end_subscription(
                subscription_id=one.pk, last_day=last, reason=reason, by_amendment=True, actor=actor, at=at
            )
        else:
            reduce_subscription(
                subscription_id=one.pk, removed=quantity, on=on, reason=reason, by_amendment=True, actor=actor, at=at
            )
        quantity -= min(quantity, total)
    if quantity <= 0:
        return f"{service} : fait."
    text = (
        f"{service} : l'{reason} l'arrête et il n'est pas en service ; abandonnez sa mise en service, s'il y en a une."
    )
    journal(convention, actor, at, "subscriptions.give-up", text)
    return text
