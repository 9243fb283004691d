"""Doing the units of a job, however many workers are at it.

A worker holds the row of the unit while it does it, and commits the act with the mark. Killed in the middle, it leaves
neither, and the row is free again: another worker does the unit. What another holds is passed over on PostgreSQL; on
SQLite one transaction waits for the other, and finds the unit done. What takes long and writes nothing is done before,
without holding anything (`Ahead`).
"""

import logging
from collections.abc import Iterable
from datetime import datetime
from enum import Enum
from typing import Any, NamedTuple

from django.db import connection, transaction

from tripartite.busy import is_busy, unable_to_write
from tripartite.jobs.kinds import Unit, ahead_of, kind_named, next_units_of
from tripartite.jobs.models import Job, JobUnit
from tripartite.jobs.services.records import actor_of, journal, locked, move
from tripartite.jobs.states import UNFINISHED, JobState, UnitState
from tripartite.pricing.french import counted

logger = logging.getLogger(__name__)
LONGEST_REASON = 2000


@transaction.atomic
def begin_job(job_id: int, at: datetime) -> bool:
    """Note that a worker is at it; False when the job is over."""
    job = locked(job_id)
    if job.state == JobState.QUEUED:
        move(job, JobState.RUNNING)
        job.started_at = job.started_at or at
        job.save()
    return job.state in UNFINISHED


def run_next_unit(job_id: int, at: datetime) -> bool:
    """Do the first unit that is to do and that nobody holds; False when there is none.

    One that raises is undone, and marked failed with the reason in a transaction of its own: the next ones go on.
    Raises DatabaseError when it is the database that failed, gone away, busy or unable to write: the unit, at which
    nothing is wrong, stays to do.
    """
    unit: JobUnit | None = None
    spoken_to: Any = None
    try:
        unit, prepared = _prepared_ahead(job_id)
        with transaction.atomic(durable=True):
            unit, spoken_to = _claim(job_id, unit), connection.connection
            if unit is None:
                return prepared is not None  # another worker has done it meanwhile: on to the next one
            _mark(unit, UnitState.DONE, _run(unit, prepared, at), at)
    except Exception as error:
        if unit is None or _was_lost(spoken_to) or is_busy(error) or unable_to_write(error):
            raise
        logger.warning("Travail %s, %s : échec", unit.job_id, unit.key, exc_info=True)
        _mark_failed(unit, error, at)
    return True


class _Prepared(NamedTuple):
    """What a unit needs, found before its transaction; or why it could not be."""

    found: Any = None
    failure: Exception | None = None


def _prepared_ahead(job_id: int) -> tuple[JobUnit | None, _Prepared | None]:
    """The first unit to do and what it needs, of a kind that finds it before; of the others, nothing."""
    code = Job.objects.values_list("kind", flat=True).get(pk=job_id)
    ahead = ahead_of(code)
    if ahead is None:
        return None, None
    with transaction.atomic():
        unit, spoken_to = _claim(job_id), connection.connection
    if unit is None:
        return None, None
    try:
        return unit, _Prepared(ahead.prepare_unit(key=unit.key, on=unit.job.on, parameters=unit.job.parameters))
    except Exception as error:
        if _was_lost(spoken_to):
            raise
        return unit, _Prepared(failure=error)  # told as that of the act, where the unit is held


def _run(unit: JobUnit, prepared: _Prepared | None, at: datetime) -> str:
    job = unit.job
    asked: dict[str, Any] = {"key": unit.key, "on": job.on, "parameters": job.parameters, "actor": actor_of(job)}
    ahead = ahead_of(job.kind) if prepared is not None else None
    if prepared is None or ahead is None:
        return kind_named(job.kind).run_unit(**asked, at=at)
    if prepared.failure is not None:
        raise prepared.failure
    return ahead.run_prepared(**asked, prepared=prepared.found, at=at)


def _was_lost(spoken_to: Any) -> bool:
    """Whether the connection of the transaction went away, by the driver's own word: Django has opened another since,
    which is no sign that the first was well. SQLite's never goes away.
    """
    return bool(getattr(spoken_to, "closed", False))


def _claim(job_id: int, prepared: JobUnit | None = None) -> JobUnit | None:
    """The first unit that nobody holds, or the one that was prepared if it is still to do."""
    waiting = JobUnit.objects.filter(job=job_id, job__state=JobState.RUNNING, state=UnitState.TODO)
    if prepared is not None:
        waiting = waiting.filter(pk=prepared.pk)
    held = waiting.select_for_update(skip_locked=True, of=("self",)).select_related("job")
    return held.order_by("position").first()


def _mark(unit: JobUnit, state: UnitState, outcome: str, at: datetime) -> None:
    unit.state, unit.outcome, unit.done_at = state, outcome, at
    unit.save(update_fields=["state", "outcome", "done_at"])


@transaction.atomic(durable=True)
def _mark_failed(tried: JobUnit, error: Exception, at: datetime) -> None:
    """Note the reason, unless another worker has done the unit since."""
    unit = JobUnit.objects.select_for_update().filter(pk=tried.pk, state=UnitState.TODO).first()
    if unit is not None:
        reason = str(error).replace("\x00", "").strip() or type(error).__name__
        _mark(unit, UnitState.FAILED, reason[:LONGEST_REASON], at)


def units_are_left(job_id: int) -> bool:
    """Whether a unit is still to do, held by a worker or not."""
    return JobUnit.objects.filter(job=job_id, state=UnitState.TODO).exists()


class Conclusion(Enum):
    """What becomes of a job whose units one worker has seen to the end."""

    ENDED = "ended"
    EXTENDED = "extended"
    NOT_YET = "not-yet"


@transaction.atomic
def conclude_job(job_id: int, at: datetime) -> Conclusion:
    """End a running job of which no unit is left, once, whoever sees it first; what its units brought meanwhile is
    added to it instead. NOT_YET while another worker holds a unit, or when the job is over.
    """
    job = locked(job_id)
    if job.state != JobState.RUNNING or units_are_left(job_id):
        return Conclusion.NOT_YET
    if _add_units(job):
        return Conclusion.EXTENDED
    done = JobUnit.objects.filter(job=job_id, state=UnitState.DONE).count()
    failed = JobUnit.objects.filter(job=job_id, state=UnitState.FAILED).count()
    move(job, JobState.DONE_WITH_FAILURES if failed else JobState.DONE)
    job.finished_at = at
    job.save()
    text = f"{job.title} : {counted(done, 'fait')}, {counted(failed, 'échec')}."
    journal(job, actor_of(job), at, "jobs.finish", text)
    return Conclusion.ENDED


def _add_units(job: Job) -> bool:
    """Add to a locked job what its kind says is to be done next; whether there is any."""
    ask = next_units_of(job.kind)
    if ask is None:
        return False
    tried = list(JobUnit.objects.filter(job=job).order_by("position").values_list("key", "outcome"))
    return add_units(job, ask(on=job.on, parameters=job.parameters, done=tried), after=len(tried)) > 0


def add_units(job: Job, units: Iterable[Unit], *, after: int = 0) -> int:
    """Write units of a job, after so many that it has; how many."""
    rows = [
        JobUnit(job=job, position=position, key=key, words=words[:300])
        for position, (key, words) in enumerate(units, start=after + 1)
    ]
    return len(JobUnit.objects.bulk_create(rows))
