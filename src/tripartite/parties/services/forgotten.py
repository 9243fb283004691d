"""What a day brings to the updates of the directory: one that nobody settles is given up, and lets its files go."""

from collections.abc import Iterator
from datetime import date, datetime

from django.utils import timezone

from tripartite.jobs.kinds import Unit
from tripartite.journal.services import Actor
from tripartite.parties.queries.updates import forgotten_updates
from tripartite.parties.services.updating import KEPT_FOR, give_up_update


def units(on: date) -> Iterator[Unit]:
    """The updates deposited more than `KEPT_FOR` before that day, incomplete or prepared still, by their key."""
    for one in forgotten_updates(before=_limit(on)):
        deposited = timezone.localdate(one.prepared_at)
        yield Unit(str(one.pk), f"Mise à jour de l'annuaire oubliée, à abandonner : {deposited:%d/%m/%Y}")


def run(key: str, on: date, actor: Actor, at: datetime) -> bool:
    """Give one of them up; whether it was to be."""
    if not forgotten_updates(before=_limit(on)).filter(pk=int(key)).exists():
        return False
    give_up_update(update_id=int(key), actor=actor, at=at)
    return True


def _limit(on: date) -> datetime:
    midnight = datetime.combine(on - KEPT_FOR, datetime.min.time())
    return timezone.make_aware(midnight)
