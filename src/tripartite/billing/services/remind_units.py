"""The kind of job that reminds: a body a unit, each in its own transaction (jobs/kinds.py)."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from tripartite.billing.queries.reminding import late_bodies
from tripartite.billing.services.reminding import AlreadyRemindedError, remind_body, reminder_days
from tripartite.jobs.kinds import Unit
from tripartite.journal.services import Actor


def list_units(*, on: date, parameters: dict[str, Any]) -> Iterable[Unit]:
    """A unit for each body that may be reminded that day, or for those of them that somebody chose."""
    issuer, chosen = parameters["issuer"], set(parameters["bodies"])
    late = late_bodies(issuer, on=on, days=reminder_days(issuer, on))
    return [Unit(str(one.body.pk), one.body.name) for one in late if one.due and one.body.pk in chosen]


def run_unit(*, key: str, on: date, parameters: dict[str, Any], actor: Actor, at: datetime) -> str:
    """Remind a body as things stand now; that it was, not long ago, is said."""
    try:
        made = remind_body(issuer=parameters["issuer"], body_id=int(key), on=on, actor=actor, at=at)
    except AlreadyRemindedError as told:
        return str(told)
    return made.words
