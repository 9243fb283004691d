"""Municipal elections: the keys whose holder may change, and the quotes that renew them prepared together."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from tripartite.accounts.rights import Action, may
from tripartite.going_live.queries.key_days import is_elective
from tripartite.going_live.queries.keys import election_keys
from tripartite.going_live.services.key_campaign import KIND
from tripartite.jobs.queries import job_by_id, progress_of
from tripartite.jobs.services.starting import start_job
from tripartite.jobs.states import UNFINISHED
from tripartite.quotes.states import LED_NOWHERE
from tripartite.sheets import Cell
from tripartite.typed import day_within, whole_number
from tripartite.web.keys.display import shown
from tripartite.web.shell.access import actor_of, requires
from tripartite.web.shell.exports import export, wanted_layout

if TYPE_CHECKING:
    from tripartite.going_live.models import SignatureKey
    from tripartite.jobs.models import Job

PAGE = 50
WORK = "travail"
"""In the address: the work whose progress the page shows."""
COLUMNS = ("collectivité", "SIREN", "nature", "titulaire", "fonction", "dernier jour", "renouvellement")


@requires(Action.KEY_READ)
def show_campaign(request: HttpRequest) -> HttpResponse:
    elections, staff = _elections_on(request), "agents" in request.GET
    found = election_keys(on=elections, staff=staff)
    if layout := wanted_layout(request):
        return export(f"cles-elections-{elections:%Y-%m-%d}", COLUMNS, map(_row, found), layout)
    page, today = Paginator(found, PAGE).get_page(request.GET.get("page")), timezone.localdate()
    to_prepare = [one for one in found if not _renewed(one)]
    job = _job(request)
    context = {
        "elections_on": elections,
        "job": job,
        "progress": progress_of(job) if job else None,
        "working": job is not None and job.state in UNFINISHED,
        "may_follow": may(request.user, Action.JOB_READ),
        "usual": elections == settings.CONFIG.elections_on,
        "staff": staff,
        "page": page,
        "lines": [
            {"shown": shown(one, on=today), "renewed": _renewed(one), "elective": is_elective(one.holder_function)}
            for one in page.object_list
        ],
        "to_prepare": len(to_prepare),
        "may_prepare": may(request.user, Action.KEY_WRITE) and bool(to_prepare),
    }
    return render(request, "web/keys/campaign.html", context)


def _job(request: HttpRequest) -> Job | None:
    """The work of a campaign that the address names, with its counts."""
    named = whole_number(request.GET.get(WORK, ""), digits=18)
    found = job_by_id(named) if named is not None else None
    return found if found is not None and found.kind == KIND else None


def _elections_on(request: HttpRequest) -> date:
    """The day in the address, or the one of the settings."""
    usual: date = settings.CONFIG.elections_on
    return day_within(request.GET.get("on", "")) or usual


def _renewed(key: SignatureKey) -> bool:
    return key.renewal is not None and key.renewal.state not in LED_NOWHERE


def _row(key: SignatureKey) -> list[Cell]:
    body, renewal = key.body, key.renewal
    names: list[Cell] = [body.name, body.siren, body.kind_label, key.holder_name, key.holder_function]
    return [*names, key.valid_until, renewal.reference if renewal else None]


@require_POST
@requires(Action.KEY_WRITE)
def prepare(request: HttpRequest) -> HttpResponse:
    """Start the job that prepares the quotes of the keys chosen, or of all; twice, each key is renewed once."""
    elections, staff = _elections_on(request), "agents" in request.GET
    offered = [one.pk for one in election_keys(on=elections, staff=staff) if not _renewed(one)]
    typed = set(request.POST.getlist("key"))
    chosen = offered if "all" in request.POST else [key for key in offered if str(key) in typed]
    if not chosen:
        messages.error(request, "Choisissez au moins une clé.")
        return redirect(f"{reverse('key-campaign')}?{request.GET.urlencode()}")
    now = timezone.now()
    job = start_job(
        kind=KIND,
        title=f"Devis de renouvellement des clés, élections du {elections:%d/%m/%Y}",
        on=timezone.localdate(now),
        parameters={"keys": chosen},
        actor=actor_of(request),
        at=now,
    )
    query = request.GET.copy()
    query[WORK] = str(job.pk)
    return redirect(f"{reverse('key-campaign')}?{query.urlencode()}")
