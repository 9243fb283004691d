"""Starting a job, trying its failures again, stopping it."""

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from tripartite.jobs.kinds import JobError, kind_named
from tripartite.jobs.models import Job, JobUnit
from tripartite.jobs.services.far import check_day, why_too_far
from tripartite.jobs.services.records import journal, locked, move
from tripartite.jobs.services.running import add_units
from tripartite.jobs.services.tasks import leave_in_queue
from tripartite.jobs.states import UNFINISHED, JobState, UnitState
from tripartite.journal.services import Actor
from tripartite.pricing.french import counted

DAILY = "daily"
CALENDAR = Actor("travail du jour")


@transaction.atomic
def start_job(
    *,
    kind: str,
    title: str,
    on: date,
    parameters: dict[str, Any] | None = None,
    once: str | None = None,
    actor: Actor,
    at: datetime,
) -> Job:
    """Make a job with the units that its kind lists on that day, and put it in the queue of the workers.

    `title` is French, for people. With `once`, a job that was started under the same text is answered instead, and
    nothing is done. The units are listed now, and done later in the name of `actor`. Raises JobError for an unknown
    kind, and what the listing raises.
    """
    asked = parameters or {}
    units = list(kind_named(kind).list_units(on=on, parameters=asked))
    try:
        with transaction.atomic():
            job = Job.objects.create(
                kind=kind,
                title=title,
                parameters=asked,
                on=on,
                once=once,
                created_at=at,
                created_by=actor.label,
                created_by_id=actor.account_id,
            )
    except IntegrityError:
        if once is None:
            raise
        return Job.objects.get(once=once)
    number = add_units(job, units)
    leave_in_queue(job.pk)
    journal(job, actor, at, "jobs.start", f"Travail lancé : {title}, {counted(number, 'unité')}.")
    return job


def start_daily(*, on: date, actor: Actor, at: datetime) -> Job:
    """Start what a day brings, because somebody asks; the job of that day that is not over yet, if there is one.

    Raises JobError when the day brings nothing that is not done already, or is too far from all that was done.
    """
    check_day(on)
    running = Job.objects.filter(kind=DAILY, on=on, state__in=UNFINISHED).first()
    if running is not None:
        return running
    if not any(True for _ in kind_named(DAILY).list_units(on=on, parameters={})):
        raise JobError("Il n'y a rien à faire aujourd'hui : tout est à jour.")
    return start_job(kind=DAILY, title=_daily_title(on), on=on, actor=actor, at=at)


def start_daily_once(*, on: date, at: datetime) -> Job | None:
    """Start what a day brings because its hour has come: once a day, whichever worker sees it first; None after, and
    for a day too far from all that was done (`health` says so)."""
    once = f"{DAILY}:{on.isoformat()}"
    if Job.objects.filter(once=once).exists() or why_too_far(on):
        return None
    return start_job(kind=DAILY, title=_daily_title(on), on=on, once=once, actor=CALENDAR, at=at)


@transaction.atomic
def retry_failed(*, job_id: int, actor: Actor, at: datetime) -> int:
    """Put the failed units of a job back to do; how many. Raises JobError when none failed, or the job was stopped."""
    job = locked(job_id)
    failed = JobUnit.objects.select_for_update().filter(job=job, state=UnitState.FAILED)
    if job.state not in UNFINISHED:
        move(job, JobState.QUEUED)
        job.finished_at = None
        job.save()
    number = failed.update(state=UnitState.TODO, outcome="", done_at=None)
    if not number:
        raise JobError("Aucun échec à réessayer.")
    leave_in_queue(job.pk)
    journal(job, actor, at, "jobs.retry", f"{job.title} : {counted(number, 'échec')} à réessayer.")
    return number


@transaction.atomic
def abandon_job(*, job_id: int, actor: Actor, at: datetime) -> Job:
    """Stop a job: what is done stays, the unit in hand is ended, the rest is not begun. Raises JobError when over."""
    job = locked(job_id)
    move(job, JobState.ABANDONED)
    job.finished_at = at
    job.save()
    left = JobUnit.objects.filter(job=job, state=UnitState.TODO).count()
    journal(job, actor, at, "jobs.abandon", f"{job.title} : arrêté, reste à faire : {left}.")
    return job


def _daily_title(on: date) -> str:
    return f"Ce que le {on:%d/%m/%Y} apporte"
