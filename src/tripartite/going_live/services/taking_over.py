"""What a merged body had goes on with the body that took it in, and its signature keys with it.

A module of `DAILY` (jobs/daily.py). Each unit is found by the database, done once, harmless twice.
"""

from collections.abc import Iterator
from datetime import date, datetime

from django.db import transaction

from tripartite.going_live.models import SignatureKey
from tripartite.jobs.kinds import JobError, Unit
from tripartite.journal.services import Actor
from tripartite.subscriptions.queries.pending import subscriptions_to_take_over
from tripartite.subscriptions.queries.running import heir_of
from tripartite.subscriptions.services import taking_over


def units(on: date) -> Iterator[Unit]:
    """What there is to take over on a day: `take-over:12`."""
    for key, words in subscriptions_to_take_over(on=on):
        yield Unit(f"take-over:{key}", f"Repris par la structure qui succède : {words}")


def run(key: str, on: date, actor: Actor, at: datetime) -> bool:
    """Do one of them; whether something changed. Twice a day changes nothing more. Raises JobError for another key."""
    match key.split(":"):
        case ["take-over", one]:
            return take_over_with_keys(subscription_id=int(one), on=on, actor=actor, at=at)
    raise JobError(f"Rien de quotidien ne s'appelle « {key} ».")


@transaction.atomic
def take_over_with_keys(*, subscription_id: int, on: date, actor: Actor, at: datetime) -> bool:
    """Take over, by a day, what a merged body still has; the keys that a term is now stand for the one that goes on.

    False when it was done already.
    """
    done = taking_over.take_over_merged(subscription_id=subscription_id, on=on, actor=actor, at=at)
    if done:
        heir = heir_of(subscription_id)
        for key in SignatureKey.objects.select_for_update().filter(subscription_id=subscription_id):
            key.subscription_id = heir
            key.save(update_fields=["subscription"])
    return done
