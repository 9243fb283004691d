"""« Agenda »: interventions week by week and agent by agent, one's own first; the time that they took."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from tripartite.accounts.rights import Action, may
from tripartite.following.queries.feeds import living_feed
from tripartite.following.queries.interventions import day_of, intervention_list, time_spent
from tripartite.sheets import Cell
from tripartite.web.agenda.display import shown_rows
from tripartite.web.agenda.forms import AgendaFilter, PeriodForm
from tripartite.web.agenda.interventions import agents_for
from tripartite.web.shell.access import requires
from tripartite.web.shell.exports import export, wanted_layout
from tripartite.web.shell.held_by_group import service_names

if TYPE_CHECKING:
    from tripartite.accounts.models import User
    from tripartite.following.models import Intervention

WEEK = re.compile(r"(\d{4})-W(\d{2})", re.ASCII)
COLUMNS = (
    "jour",
    "heure",
    "collectivité",
    "SIREN",
    "genre",
    "service",
    "agent",
    "émetteur",
    "état",
    "lieu",
    "minutes prévues",
    "minutes passées",
)


@requires(Action.INTERVENTION_READ)
def show_agenda(request: HttpRequest) -> HttpResponse:
    """A week of interventions, the agents in a row, whoever asks first."""
    today = timezone.localdate()
    monday = _monday(request.GET.get("semaine", ""), today)
    sunday = monday + timedelta(days=6)
    names = service_names(today)
    agents = agents_for(request)
    form = AgendaFilter(request.GET, services=names.items(), agents=agents)
    readable = form.is_valid()
    wanted = form.cleaned_data
    agent = wanted.get("agent", "")
    found = intervention_list(
        since=monday,
        until=sunday,
        agent_id=int(agent) if agent else None,
        service=wanted.get("service", ""),
        state=wanted.get("etat", ""),
        text=wanted.get("q", ""),
    )
    if readable and (layout := wanted_layout(request)):
        return export(f"agenda-{monday:%G-W%V}", COLUMNS, _rows(found, names), layout)
    context = {
        "form": form,
        "monday": monday,
        "sunday": sunday,
        "this_week": monday <= today <= sunday,
        "before": f"{monday - timedelta(days=7):%G-W%V}",
        "after": f"{monday + timedelta(days=7):%G-W%V}",
        "now": f"{today:%G-W%V}",
        "agents": list(_by_agent(found, request.user.pk)),
        "names": names,
        "feed": living_feed(request.user.pk, "agenda"),  # type: ignore[arg-type]
        "filtered": bool(set(request.GET) - {"semaine"}),
        "may_record": may(request.user, Action.INTERVENTION_RECORD),
    }
    return render(request, "web/agenda/week.html", context, status=200 if readable else 422)


def _monday(text: str, today: date) -> date:
    """The Monday of the week that the address names (2026-W48); of the present one otherwise."""
    if named := WEEK.fullmatch(text):
        try:
            return date.fromisocalendar(int(named[1]), int(named[2]), 1)
        except ValueError:
            pass
    return today - timedelta(days=today.weekday())


def _by_agent(found: Iterable[Intervention], own: int | None) -> Iterator[dict[str, Any]]:
    """Each agent with its days, each day with its interventions; one's own first."""
    apart: dict[User, list[Intervention]] = {}
    for one in found:
        apart.setdefault(one.agent, []).append(one)
    for agent in sorted(apart, key=lambda agent: (agent.pk != own, agent.name)):
        days: dict[date, list[Intervention]] = {}
        for one in sorted(apart[agent], key=day_of):
            days.setdefault(day_of(one), []).append(one)
        yield {
            "agent": agent,
            "own": agent.pk == own,
            "days": [(day, shown_rows(each)) for day, each in days.items()],
        }


def _rows(found: Iterable[Intervention], names: dict[str, str]) -> Iterator[list[Cell]]:
    for one in found:
        local = timezone.localtime(one.planned_at) if one.planned_at else None
        yield [
            day_of(one),
            f"{local:%H:%M}" if local else "",
            one.body.name,
            one.body.siren,
            one.get_kind_display(),
            names.get(one.service, one.service),
            str(one.agent),
            one.agent.issuer.short_name if one.agent.issuer else "",
            one.state_label,
            one.place,
            one.planned_minutes,
            one.minutes,
        ]


@requires(Action.INTERVENTION_READ)
def show_time(request: HttpRequest) -> HttpResponse:
    """The time spent on each service in a period: this year's, unless said otherwise."""
    today = timezone.localdate()
    usual = {"since": date(today.year, 1, 1), "until": today}
    form = PeriodForm(request.GET or None, initial=usual)
    readable = form.is_valid() if form.is_bound else True
    period = usual | ({name: day for name, day in form.cleaned_data.items() if day} if form.is_bound else {})
    per_agent = bool(form.is_bound and form.cleaned_data.get("agents"))
    found = time_spent(since=period["since"], until=period["until"], names=service_names(today), per_agent=per_agent)
    if readable and (layout := wanted_layout(request)):
        rows: list[list[Cell]] = [[one.name, one.agent, one.count, one.minutes] for one in found]
        name = f"temps-{period['since']:%Y-%m-%d}-{period['until']:%Y-%m-%d}"
        return export(name, ("service", "agent", "interventions", "minutes"), rows, layout)
    context = {
        "form": form,
        "period": period,
        "found": found,
        "per_agent": per_agent,
        "count": sum(one.count for one in found),
        "minutes": sum(one.minutes for one in found),
    }
    return render(request, "web/agenda/time.html", context, status=200 if readable else 422)


def host() -> str:
    """What makes the identifiers of events those of this site."""
    return re.sub(r"^https?://", "", settings.CONFIG.public_url).split("/")[0]
