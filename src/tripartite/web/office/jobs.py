"""The background work: which jobs there are, how far each is, what failed and why; starting, trying again, stopping."""

from collections.abc import Callable
from datetime import timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from tripartite.accounts.rights import Action, may
from tripartite.jobs.kinds import JobError
from tripartite.jobs.queries import JobProgress, job_by_id, job_list, progress_of, units_of
from tripartite.jobs.services.starting import abandon_job, retry_failed, start_daily
from tripartite.jobs.states import UNFINISHED, JobState, UnitState
from tripartite.web.shell.access import actor_of, requires
from tripartite.web.shell.acting import act_on
from tripartite.web.shell.answers import or_404

PAGE = 25
BADGES = {
    JobState.QUEUED: "quiet",
    JobState.RUNNING: "wait",
    JobState.DONE: "good",
    JobState.DONE_WITH_FAILURES: "bad",
    JobState.ABANDONED: "quiet",
}
UNIT_BADGES = {UnitState.TODO: "quiet", UnitState.DONE: "good", UnitState.FAILED: "bad"}
TABS = (
    ("echecs", "Échecs", UnitState.FAILED),
    ("faites", "Faites", UnitState.DONE),
    ("reste", "Reste", UnitState.TODO),
)
PATIENCE = timedelta(seconds=30)
"""After which a job that nobody takes is worth a word."""


@require_GET
@requires(Action.JOB_READ)
def list_jobs(request: HttpRequest) -> HttpResponse:
    page = Paginator(job_list(), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": [(job, progress_of(job), BADGES[JobState(job.state)]) for job in page.object_list],
        "may_start": may(request.user, Action.JOB_START),
    }
    return render(request, "web/office/jobs/list.html", context)


@require_GET
@requires(Action.JOB_READ)
def show_job(request: HttpRequest, job_id: int) -> HttpResponse:
    """The page of a job, or its live part alone when the page asks for it again."""
    job = or_404(job_by_id(job_id))
    progress = progress_of(job)
    wanted = request.GET.get("file", "")
    states = [state for code, _, state in TABS if code == wanted]
    page = Paginator(units_of(job_id, states), PAGE).get_page(request.GET.get("page"))
    asked_by_the_page = request.headers.get("HX-Request") == "true"
    unfinished = job.state in UNFINISHED
    context = {
        "job": job,
        "badge": BADGES[JobState(job.state)],
        "progress": progress,
        "page": page,
        "lines": [(unit, UNIT_BADGES[UnitState(unit.state)]) for unit in page.object_list],
        "tabs": [(code, label, _number(progress, state)) for code, label, state in TABS],
        "queue": wanted if states else "",
        "unfinished": unfinished,
        "waits": job.state == JobState.QUEUED and job.started_at is None and job.created_at + PATIENCE < timezone.now(),
        "can_stop": unfinished and may(request.user, Action.JOB_START),
        "can_retry": bool(progress.failed) and job.state != JobState.ABANDONED and may(request.user, Action.JOB_START),
        "live": asked_by_the_page,
    }
    return render(request, "web/office/jobs/live.html" if asked_by_the_page else "web/office/jobs/page.html", context)


def _number(progress: JobProgress, state: UnitState) -> int:
    return {UnitState.FAILED: progress.failed, UnitState.DONE: progress.done, UnitState.TODO: progress.left}[state]


@require_POST
@requires(Action.JOB_START)
def start_todays(request: HttpRequest) -> HttpResponse:
    try:
        job = start_daily(on=timezone.localdate(), actor=actor_of(request), at=timezone.now())
    except JobError as refusal:
        messages.info(request, str(refusal))
        return redirect("job-list")
    return redirect("job", job.pk)


@require_POST
@requires(Action.JOB_START)
def retry(request: HttpRequest, job_id: int) -> HttpResponse:
    return _act(request, job_id, retry_failed)


@require_POST
@requires(Action.JOB_START)
def stop(request: HttpRequest, job_id: int) -> HttpResponse:
    return _act(request, job_id, abandon_job)


def _act(request: HttpRequest, job_id: int, verb: Callable[..., object]) -> HttpResponse:
    if job_by_id(job_id) is None:
        raise Http404

    def act() -> HttpResponse:
        verb(job_id=job_id, actor=actor_of(request), at=timezone.now())
        return redirect("job", job_id)

    return act_on(request, act) or redirect("job", job_id)
