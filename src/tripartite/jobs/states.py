"""The lives of a job and of its units: codes in English, labels in French, one table of transitions each."""

from enum import StrEnum


class JobState(StrEnum):
    """QUEUED: no worker has it yet. RUNNING: its units are being done. DONE: all are.

    DONE_WITH_FAILURES: all were tried, some failed and can be tried again. ABANDONED: somebody stopped it.
    """

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    DONE_WITH_FAILURES = "done-with-failures"
    ABANDONED = "abandoned"


JOB_LABELS = {
    JobState.QUEUED: "en attente",
    JobState.RUNNING: "en cours",
    JobState.DONE: "terminé",
    JobState.DONE_WITH_FAILURES: "terminé avec des échecs",
    JobState.ABANDONED: "arrêté",
}

JOB_TRANSITIONS: dict[JobState, frozenset[JobState]] = {
    JobState.QUEUED: frozenset({JobState.RUNNING, JobState.ABANDONED}),
    JobState.RUNNING: frozenset({JobState.DONE, JobState.DONE_WITH_FAILURES, JobState.ABANDONED}),
    JobState.DONE: frozenset(),
    JobState.DONE_WITH_FAILURES: frozenset({JobState.QUEUED}),
    JobState.ABANDONED: frozenset(),
}

UNFINISHED = frozenset({JobState.QUEUED, JobState.RUNNING})
"""States in which a worker has, or will have, something to do."""


class UnitState(StrEnum):
    """TODO: to be done, or being done. DONE: its act is in the database. FAILED: nothing of it is, and it says why."""

    TODO = "todo"
    DONE = "done"
    FAILED = "failed"


UNIT_LABELS = {
    UnitState.TODO: "à faire",
    UnitState.DONE: "fait",
    UnitState.FAILED: "échec",
}

UNIT_TRANSITIONS: dict[UnitState, frozenset[UnitState]] = {
    UnitState.TODO: frozenset({UnitState.DONE, UnitState.FAILED}),
    UnitState.DONE: frozenset(),
    UnitState.FAILED: frozenset({UnitState.TODO}),
}
