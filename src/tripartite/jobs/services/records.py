"""What every service of jobs does: hold a job's row, move it along the table of transitions, tell the journal."""

from datetime import datetime

from tripartite.jobs.kinds import JobError
from tripartite.jobs.models import Job
from tripartite.jobs.states import JOB_TRANSITIONS, JobState
from tripartite.journal.services import Actor, record


def locked(job_id: int) -> Job:
    """The job, its row held until the end of the transaction. Raises JobError when there is none."""
    job = Job.objects.select_for_update().filter(pk=job_id).first()
    if job is None:
        raise JobError("Ce travail n'existe pas.")
    return job


def move(job: Job, state: JobState) -> None:
    """Change the state, if the table of transitions has it; the caller holds the row and saves it."""
    if state not in JOB_TRANSITIONS[JobState(job.state)]:
        raise JobError(f"Ce travail est « {job.state_label} » : cela ne se peut plus.")
    job.state = state


def actor_of(job: Job) -> Actor:
    """Whoever started the job: what its units do is done in that name."""
    return Actor(job.created_by, job.created_by_id)


def journal(job: Job, actor: Actor, at: datetime, action: str, text: str) -> None:
    """Tell the journal of the job."""
    record(actor=actor, at=at, action=action, subject_kind="job", subject_id=job.pk, text=text)
