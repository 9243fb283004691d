"""The signs of life of workers."""

from datetime import datetime, timedelta

from django.db import transaction

from tripartite.upkeep.models import WorkerSeen

FORGOTTEN = timedelta(days=1)


@transaction.atomic
def note_worker(*, name: str, at: datetime) -> None:
    """Say that the worker of that name is at work at that instant; those not seen for a day, or seen a day ahead by a
    clock that has been set right since, are forgotten.

    No act of anybody, so the journal has no line of it.
    """
    WorkerSeen.objects.update_or_create(name=name, defaults={"seen_at": at})
    WorkerSeen.objects.exclude(seen_at__gte=at - FORGOTTEN, seen_at__lte=at + FORGOTTEN).delete()


def forget_worker(*, name: str) -> None:
    """A worker that stops as it was told is no longer looked for."""
    WorkerSeen.objects.filter(name=name).delete()
