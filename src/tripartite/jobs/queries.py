"""Reading the jobs: which there are, how far each is, what failed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Q, QuerySet

from tripartite.jobs.models import Job, JobUnit
from tripartite.jobs.states import JobState, UnitState


@dataclass(frozen=True, slots=True)
class JobProgress:
    """How many units a job has, how many are done and how many failed."""

    total: int
    done: int
    failed: int

    @property
    def tried(self) -> int:
        return self.done + self.failed

    @property
    def left(self) -> int:
        return self.total - self.tried

    @property
    def percent(self) -> int:
        """Tried units in percent, rounded down: 100 only at the end. A job without a unit is at its end."""
        return self.tried * 100 // self.total if self.total else 100


def job_list() -> QuerySet[Job]:
    """Every job, newest first, with its counts: `total`, `done`, `failed`. One query."""
    counted = Job.objects.annotate(
        total=Count("units"),
        done=Count("units", filter=Q(units__state=UnitState.DONE)),
        failed=Count("units", filter=Q(units__state=UnitState.FAILED)),
    )
    return counted.order_by("-created_at", "-pk")


def job_by_id(job_id: int) -> Job | None:
    """A job with its counts. One query."""
    return job_list().filter(pk=job_id).first()


def last_job(kind: str, **parameters: Any) -> Job | None:
    """The latest job of a kind with these parameters, with its counts. One query."""
    asked = {f"parameters__{name}": value for name, value in parameters.items()}
    return job_list().filter(kind=kind, **asked).first()


def progress_of(job: Any) -> JobProgress:
    """How far a job of `job_list` or `job_by_id` is. No query."""
    return JobProgress(job.total, job.done, job.failed)


def units_of(job_id: int, states: Collection[UnitState] = ()) -> QuerySet[JobUnit]:
    """The units of a job in their order; with `states`, only those in one of them."""
    found = JobUnit.objects.filter(job=job_id).order_by("position")
    return found.filter(state__in=states) if states else found


def counts_of_jobs() -> dict[JobState, int]:
    """How many jobs are in each state."""
    counted = dict(Job.objects.order_by().values_list("state").annotate(number=Count("pk")))
    return {state: counted.get(state, 0) for state in JobState}


def last_daily() -> datetime | None:
    """When the job of a day last came to its end."""
    found: datetime | None = Job.objects.filter(kind="daily").aggregate(last=Max("finished_at"))["last"]
    return found
