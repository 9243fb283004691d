"""The public estimator: whom it is for, which services, and both issuers' totals as one types. No account."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from tripartite.accounts.rights import Action, holds
from tripartite.going_live.queries.activations import activations_to_set_going
from tripartite.going_live.queries.coming import lines_to_come
from tripartite.parties.queries.facts import BodyFacts
from tripartite.parties.queries.folding import fold
from tripartite.parties.queries.missing import missing_body
from tripartite.parties.queries.search import search_directory
from tripartite.pricing.grid import Grid
from tripartite.pricing.order import KIND_LABELS, Kind
from tripartite.subscriptions.queries.running import held_lines
from tripartite.tariffs.queries import grids_in_force
from tripartite.typed import clean_line
from tripartite.web.estimator.asking import Asked, address_of, named_offer, resolve
from tripartite.web.estimator.choosing import ask_which, grid_asked, others
from tripartite.web.estimator.held import held_query
from tripartite.web.estimator.selection import (
    AGENTS,
    FACT,
    HELD,
    MAX_LENGTH,
    NAMED,
    OFFER,
    PUBLIC,
    REVISED,
    STATED,
    Selection,
    read_selection,
)
from tripartite.web.shell.access import requires

if TYPE_CHECKING:
    from tripartite.parties.models import PublicBody

MATCHES = 12


@dataclass(frozen=True, slots=True)
class Match:
    """A body found: its name, what tells it apart, the address that chooses it; the former name that led to it."""

    name: str
    about: str
    address: str
    through: str


def estimator(request: HttpRequest) -> HttpResponse:
    """The public page, or the parts of it that changed when htmx asks."""
    return _estimate(request, PUBLIC)


@requires(Action.REQUEST_CREATE)
def agents_estimator(request: HttpRequest) -> HttpResponse:
    """The same choice of services, where an agent writes a request or changes one."""
    return _estimate(request, AGENTS)


def _estimate(request: HttpRequest, place: str) -> HttpResponse:
    on = timezone.localdate()
    grids = grids_in_force(on)
    too_long = len(request.META.get("QUERY_STRING", "")) > MAX_LENGTH
    query: QueryDict = QueryDict() if too_long else request.GET
    grid = grid_asked(query, grids)
    if grid is None:
        return ask_which(request, grids, place, on)
    query = named_offer(query, grid, grids)
    selection = read_selection(query, grid, place)
    live = bool(request.headers.get("HX-Request"))
    search = "" if live else search_text(query)
    matches = _matches(search, selection) if search else []
    if chosen := _chosen(matches, search):
        return HttpResponseRedirect(chosen.address)
    asked = resolve(selection, grid, on)
    if held := "" if live or search else _held_already(request, selection, asked.facts, grid, on):
        return HttpResponseRedirect(held)
    if not live and not search and not selection.errors and not selection.unknown and _untidy(query):
        return HttpResponseRedirect(address_of(selection))
    context = _context(request, asked, grid, query) | {"search": search, "matches": matches, "too_long": too_long}
    context |= {"other_offers": others(grid, grids, place, query)} | _missing(search, matches, selection)
    response = render(request, f"web/estimator/{'live' if live else 'page'}.html", context)
    if live:
        response["HX-Replace-Url"] = address_of(asked.selection)
    if too_long:
        response.status_code = 414
    patch_vary_headers(response, ["HX-Request"])
    return response


def _held_already(request: HttpRequest, selection: Selection, facts: BodyFacts | None, grid: Grid, on: date) -> str:
    """The same estimate, said to come on top of what the body holds, running or signed: for an agent, who may know it;
    else « ».
    """
    said = any(name.startswith(HELD) for name in (*selection.typed, *selection.unknown))
    if said or facts is None or REVISED in selection.typed or not holds(request.user, Action.REQUEST_CREATE):
        return ""
    held = held_lines(facts.body_id, offer=grid.offer, on=on)
    held += lines_to_come(activations_to_set_going(facts.body_id), offer=grid.offer)
    query = held_query(selection.offer, facts.siren, held, grid)
    if query is None:
        return ""
    chosen = {name: text for name, text in selection.typed.items() if name not in {"siren", OFFER}}
    return f"{reverse(selection.place)}?{query}{'&' if chosen else ''}{urlencode(chosen)}"


@requires(Action.REQUEST_CREATE)
def agents_options(request: HttpRequest) -> HttpResponse:
    return _options(request, AGENTS)


def body_options(request: HttpRequest) -> HttpResponse:
    return _options(request, PUBLIC)


def _options(request: HttpRequest, place: str) -> HttpResponse:
    """The bodies that answer what is being typed, for the list under the field; each keeps the services chosen."""
    text = search_text(request.GET)
    grid = grid_asked(request.GET, grids_in_force(timezone.localdate()))
    context: dict[str, Any] = {"text": text, "matches": []}
    if grid and len(text) >= 2 and len(request.META.get("QUERY_STRING", "")) <= MAX_LENGTH:
        selection = read_selection(request.GET, grid, place)
        context["matches"] = _matches(text, selection)
        context |= _missing(text, context["matches"], selection)
    return render(request, "web/estimator/body_options.html", context)


def search_text(query: QueryDict) -> str:
    return clean_line(query.get("q", ""))[:100]


def _matches(text: str, selection: Selection) -> list[Match]:
    return [
        Match(body.name, _about(body, through), _address_for(selection, siren=body.siren), through)
        for body, through in search_directory(text, limit=MATCHES, include_declared=selection.for_agents)
    ]


def _missing(text: str, matches: list[Match], selection: Selection) -> dict[str, Any]:
    """The establishment that a text names and that the directory lacks, when nothing answers, and the address that
    estimates for it.
    """
    missing = missing_body(text) if text and not matches else None
    if missing is None:
        return {}
    stated = {"kind": missing.kind.value, "department": missing.parent.department or "", NAMED: missing.name}
    return {"missing": missing, "missing_address": _address_for(selection, **stated)}


def _chosen(matches: list[Match], typed: str) -> Match | None:
    """The only body found, or the only one that has exactly this name: « X » and not its CCAS. One found by a name
    that it no longer bears is to be read before it is chosen.
    """
    named = [match for match in matches if fold(match.name) == fold(typed)]
    return next((found[0] for found in (matches, named) if len(found) == 1 and not found[0].through), None)


def _about(body: PublicBody, through: str) -> str:
    """« Commune · 99999 », enough to tell two of the same name apart."""
    former = f"a repris {through}" if through else ""
    parts = (KIND_LABELS[Kind(body.kind)], ", ".join(body.postal_codes.split()[:3]), former)
    return " · ".join(part for part in parts if part)


def _address_for(selection: Selection, **named: str) -> str:
    """The same services for another body, or for the same one without the empty fields of a form."""
    apart = {"siren", NAMED, *STATED}
    kept = {name: text for name, text in selection.typed.items() if name not in apart and not name.startswith(FACT)}
    query = urlencode(named | kept)
    return f"{reverse(selection.place)}{'?' + query if query else ''}"


def _untidy(query: QueryDict) -> bool:
    """True when a form without JavaScript sent its empty fields along: the address to share is the short one."""
    return any(not value for value in query.values())


def _context(request: HttpRequest, asked: Asked, grid: Grid, query: QueryDict) -> dict[str, Any]:
    selection, screen = asked.selection, asked.screen
    return {
        "asked": asked,
        "selection": selection,
        "screen": screen,
        "facts": asked.facts,
        "kind_label": KIND_LABELS[Kind(asked.facts.kind)] if asked.facts else "",
        "grid": grid,
        "kinds": [(kind.value, label) for kind, label in KIND_LABELS.items()],
        "figures": asked.figures,
        "new_figures": any(figure.name not in query for figure in asked.figures),
        "address": address_of(selection),
        "revised": selection.typed.get(REVISED, "") if selection.for_agents else "",
        "options_address": reverse("request-options" if selection.for_agents else "body-options"),
        **_onward(request, selection),
        "other_body": _address_for(selection),
        "stated": any(name in selection.typed for name in STATED) and not selection.siren,
    }


def _onward(request: HttpRequest, selection: Selection) -> dict[str, str]:
    """Where this estimate leads: the public form, or for an agent a request of its own or the one being changed."""
    revised = selection.typed.get(REVISED, "")
    if revised and holds(request.user, Action.REQUEST_REVISE) and re.fullmatch(r"D-\d{4}-\d{5,}", revised):
        address, words = reverse("request-revise", args=[revised]), f"Modifier la demande {revised}"
    elif selection.siren and holds(request.user, Action.REQUEST_CREATE):
        address, words = reverse("request-new"), "Créer la demande"
    elif selection.for_agents:
        address, words = reverse("body-create"), "Ajouter d'abord la structure à l'annuaire"
    else:
        address, words = reverse("request-quotes"), "Demander ces devis"
    return {"request_address": f"{address}?{selection.query}", "request_words": words}
