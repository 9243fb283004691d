"""Work done in the background: a job and its units, each done once, in a transaction of its own."""

from django.db import models
from django.db.models import Q

from tripartite.jobs.states import JOB_LABELS, UNFINISHED, UNIT_LABELS, JobState, UnitState

_UNFINISHED = sorted(state.value for state in UNFINISHED)


class Job(models.Model):
    """Something that takes long, cut into units. `kind` names, in the settings, who lists and runs them.

    `on` is the day for which it works, `parameters` what the kind was asked. `once` is unique where it is given: it
    keeps what must be started a single time, like the job of a day, from being started by two.
    """

    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=300)
    parameters = models.JSONField(default=dict)
    on = models.DateField()
    once = models.CharField(max_length=80, null=True, unique=True)
    state = models.CharField(max_length=20, choices=list(JOB_LABELS.items()), default=JobState.QUEUED)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=200)
    created_by_id = models.BigIntegerField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-created_at", "-id")
        indexes = (models.Index(fields=("state",), name="job_state"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=_UNFINISHED, finished_at__isnull=True)
                | (~Q(state__in=_UNFINISHED) & Q(finished_at__isnull=False)),
                name="finished_job_has_its_time",
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def state_label(self) -> str:
        return JOB_LABELS[JobState(self.state)]


class JobUnit(models.Model):
    """One act of a job. `key` tells its runner what to do, `words` tells people; `outcome` says what came of it."""

    job = models.ForeignKey(Job, on_delete=models.PROTECT, related_name="units")
    position = models.PositiveIntegerField()
    key = models.CharField(max_length=200)
    words = models.CharField(max_length=300)
    state = models.CharField(max_length=10, choices=list(UNIT_LABELS.items()), default=UnitState.TODO)
    outcome = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("job", "position")
        indexes = (models.Index(fields=("job", "state", "position"), name="job_unit_next"),)
        constraints = (
            models.UniqueConstraint(fields=("job", "key"), name="job_unit_once"),
            models.CheckConstraint(
                condition=Q(state="todo", done_at__isnull=True) | (~Q(state="todo") & Q(done_at__isnull=False)),
                name="tried_unit_has_its_time",
            ),
        )

    def __str__(self) -> str:
        return self.words

    @property
    def state_label(self) -> str:
        return UNIT_LABELS[UnitState(self.state)]
