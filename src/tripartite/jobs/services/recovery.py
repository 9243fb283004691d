"""Jobs that a dead worker left: the queue is given a task for each job that is not over and has none waiting."""

from datetime import datetime, timedelta

from django.db import transaction
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from tripartite.jobs.models import Job
from tripartite.jobs.services.tasks import continue_job, jobs_in_queue
from tripartite.jobs.states import UNFINISHED

KEPT = timedelta(days=1)


@transaction.atomic
def pick_up_jobs(*, at: datetime) -> list[int]:
    """Put back in the queue the jobs that are not over and for which nothing waits; which.

    A worker may well be at one of them: a second one then helps, or finds nothing to do. Tasks more than a day old are
    erased, those that a killed worker left as running among them: what they did is told by the jobs.
    """
    forgotten = DBTaskResult.objects.filter(task_path=continue_job.module_path, started_at__lt=at - KEPT)
    forgotten.exclude(status=TaskResultStatus.READY).delete()
    waiting = jobs_in_queue()
    unfinished = Job.objects.filter(state__in=UNFINISHED).exclude(pk__in=waiting).order_by("pk")
    left = list(unfinished.values_list("pk", flat=True))
    for job_id in left:
        continue_job.enqueue(job_id=job_id)
    return left


def task_is_waiting() -> bool:
    """Whether a worker would find something in the queue."""
    return DBTaskResult.objects.ready().exists()
