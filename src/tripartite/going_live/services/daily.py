"""What a day sets going. Each unit is found by the database, done once, harmless twice."""

from collections.abc import Iterator
from datetime import date, datetime

from tripartite.conventions.queries.conventions import convention_by_id
from tripartite.conventions.states import ConventionState
from tripartite.going_live.queries.pending import conventions_to_open
from tripartite.going_live.services.activations import open_activations
from tripartite.jobs.kinds import JobError, Unit
from tripartite.journal.services import Actor


def units(on: date) -> Iterator[Unit]:
    """What there is to open on a day: `open:3`."""
    for key, words in conventions_to_open(on=on):
        yield Unit(f"open:{key}", f"Mise en service à ouvrir : {words}")


def run(key: str, on: date, actor: Actor, at: datetime) -> bool:  # noqa: ARG001 - the signature of a step
    """Do one of them; whether something changed. Twice a day changes nothing more. Raises JobError for another key."""
    match key.split(":"):
        case ["open", one]:
            return _open(int(one), actor, at)
    raise JobError(f"Rien de quotidien ne s'appelle « {key} ».")


def _open(convention_id: int, actor: Actor, at: datetime) -> bool:
    """Open what a convention sets going, unless the same day ended it meanwhile."""
    convention = convention_by_id(convention_id)
    if convention is None or convention.state != ConventionState.IN_FORCE:
        return False
    opened = open_activations(convention_id=convention_id, actor=actor, at=at)
    return bool(opened or convention.version.order.get("ended"))
