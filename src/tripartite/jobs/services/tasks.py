"""The task that a worker takes from the queue. A worker comes in by it as people do by a door: it reads the clock.

Each takes a slice of a job and leaves another task in the queue first, for whichever worker is free: so several share a
job, a long job lets others pass, and the queue still holds the job when the worker that was at it is killed.
"""

from threading import Event
from time import monotonic

from django.db import connection
from django.utils import timezone
from django_tasks import task
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from tripartite.jobs.services.running import Conclusion, begin_job, conclude_job, run_next_unit, units_are_left

SLICE = 5.0
"""Seconds after which a worker lets go of a job, to look at what else there is."""
STOPPING = Event()
"""Set in a process that is told to stop: the unit in hand is its last."""
BREATH = 0.02
"""Seconds between two units on SQLite, where nobody else can write during one: about as long as SQLite sleeps before it
asks for the lock again. Without it somebody who writes waits for more than ten seconds; with it, for one unit."""


@task
def continue_job(job_id: int) -> None:
    """Do units of a job until none is left, the slice is over, or the process is told to stop."""
    if not begin_job(job_id, timezone.now()):
        return
    if units_are_left(job_id):
        leave_in_queue(job_id)
    until = monotonic() + SLICE
    while run_next_unit(job_id, timezone.now()) or _has_more(job_id):
        if STOPPING.is_set() or monotonic() > until:
            break
        if connection.vendor == "sqlite":
            STOPPING.wait(BREATH)
    else:
        return
    leave_in_queue(job_id)


def _has_more(job_id: int) -> bool:
    """End the job when nothing of it is left; whether what it did brings more."""
    return conclude_job(job_id, timezone.now()) is Conclusion.EXTENDED


def leave_in_queue(job_id: int) -> None:
    """Have a task for the job in the queue, unless one waits there already."""
    if job_id not in jobs_in_queue():
        continue_job.enqueue(job_id=job_id)


def jobs_in_queue() -> set[int]:
    """The jobs for which a task waits."""
    waiting = DBTaskResult.objects.filter(status=TaskResultStatus.READY, task_path=continue_job.module_path)
    return {arguments["kwargs"]["job_id"] for arguments in waiting.values_list("args_kwargs", flat=True)}
