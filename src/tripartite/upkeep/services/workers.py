"""The signs of life of workers."""

from datetime import datetime, timedelta

from django.db import transaction

from tripartite.upkeep.models import WorkerSeen

FORGOTTEN = timedelta(days=1)


@transaction.atomic
def note_worker(*, name: str, at: datetime) -> None:
    """Say that the worker of that name is at work at that instant; those not seen for a day are forgotten.

    No act of anybody, so the journal has no line of it.
    """
    WorkerSeen.objects.update_or_create(name=name, defaults={"seen_at": at})
    WorkerSeen.objects.filter(seen_at__lt=at - FORGOTTEN).delete()


def forget_worker(*, name: str) -> None:
    """A worker that stops as it was told is no longer looked for."""
    WorkerSeen.objects.filter(name=name).delete()
