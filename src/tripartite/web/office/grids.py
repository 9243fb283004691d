"""Voted grids, offer by offer: drafts, those adopted; what adopting a draft would rule, then its adoption."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from tripartite.accounts.rights import Action, may
from tripartite.subscriptions.queries.adopting import what_it_rules
from tripartite.tariffs.queries import grid_by_code, grid_versions, version_by_code
from tripartite.tariffs.services import adopt_grid
from tripartite.tariffs.states import GridState
from tripartite.web.shell.access import actor_of, requires
from tripartite.web.shell.acting import act_on, say_done
from tripartite.web.shell.answers import or_404
from tripartite.web.shell.own_offer import may_act

if TYPE_CHECKING:
    from tripartite.tariffs.models import GridVersion


@requires(Action.GRID_READ)
def list_grids(request: HttpRequest) -> HttpResponse:
    """Every version stored, offer by offer, the newest first."""
    versions = sorted(grid_versions(drafts=True), key=lambda one: one.offer)
    offers = [(offer, list(found)) for offer, found in groupby(versions, key=lambda one: one.offer)]
    return render(request, "web/office/grids/list.html", {"offers": offers})


@requires(Action.GRID_READ)
def show_grid(request: HttpRequest, code: str) -> HttpResponse:
    """A version, and for a draft what adopting it would rule today."""
    version = _version(code)
    grid = or_404(grid_by_code(version.code))
    draft = version.state == GridState.DRAFT
    context = {
        "version": version,
        "grid": grid,
        "rules": what_it_rules(grid, on=timezone.localdate()) if draft else None,
        "may_adopt": draft and may_act(request, Action.GRID_ADOPT, version.offer),
        "may_see_effect": may(request.user, Action.SUBSCRIPTION_READ),
    }
    return render(request, "web/office/grids/page.html", context)


@require_POST
@requires(Action.GRID_ADOPT)
def adopt(request: HttpRequest, code: str) -> HttpResponse:
    """Adopt the draft that was read: `seen` is the hash of its text."""
    version = _version(code)

    def act() -> HttpResponse:
        seen = request.POST.get("seen", "")
        adopted = adopt_grid(code=version.code, seen=seen, actor=actor_of(request), at=timezone.now())
        return say_done(request, f"Grille {adopted.code} adoptée.", "grid", adopted.code)

    return act_on(request, act) or redirect("grid", version.code)


def _version(code: str) -> GridVersion:
    return or_404(None if "\x00" in code else version_by_code(code))
