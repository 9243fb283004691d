"""Starting, doing, stopping the jobs. A unit is one transaction: its act and its mark, or neither."""

from tripartite.jobs.kinds import JobError
from tripartite.jobs.services.recovery import pick_up_jobs, task_is_waiting
from tripartite.jobs.services.starting import abandon_job, retry_failed, start_daily, start_daily_once, start_job
from tripartite.jobs.services.tasks import STOPPING, continue_job

__all__ = [
    "STOPPING",
    "JobError",
    "abandon_job",
    "continue_job",
    "pick_up_jobs",
    "retry_failed",
    "start_daily",
    "start_daily_once",
    "start_job",
    "task_is_waiting",
]
