"""What a day brings to what goes live and to what runs, step after step, as `settings.DAILY` orders it."""

from collections.abc import Iterator
from datetime import date, datetime

from tripartite.going_live.services import daily as opening
from tripartite.going_live.services import taking_over
from tripartite.jobs.kinds import Unit
from tripartite.journal.services import Actor
from tripartite.subscriptions.services import announcing
from tripartite.subscriptions.services import daily as ending

STEPS = {"open": opening, "end": ending, "take-over": taking_over, "tariff": announcing, "figures": announcing}


def units(on: date) -> Iterator[Unit]:
    """What there is to do, each unit under the key that its step gives it."""
    for step in dict.fromkeys(STEPS.values()):
        yield from step.units(on)


def run(key: str, on: date, actor: Actor, at: datetime) -> bool:
    """Do one of them; whether something changed."""
    return STEPS[key.partition(":")[0]].run(key, on, actor, at)
