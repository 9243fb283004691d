"""What a day ends of what runs. Each unit is found by the database, done once, harmless twice."""

from collections.abc import Iterator
from datetime import date, datetime

from tripartite.jobs.kinds import JobError, Unit
from tripartite.journal.services import Actor
from tripartite.subscriptions.queries.pending import subscriptions_to_end
from tripartite.subscriptions.services.ending import end_with_convention


def units(on: date) -> Iterator[Unit]:
    """What there is to end on a day: `end:12`."""
    for key, words in subscriptions_to_end(on=on):
        yield Unit(f"end:{key}", f"Fin avec sa convention : {words}")


def run(key: str, on: date, actor: Actor, at: datetime) -> bool:  # noqa: ARG001 - the signature of a step
    """Do one of them; whether something changed. Twice a day changes nothing more. Raises JobError for another key."""
    match key.split(":"):
        case ["end", one]:
            return end_with_convention(subscription_id=int(one), actor=actor, at=at)
    raise JobError(f"Rien de quotidien ne s'appelle « {key} ».")
