"""Which offer an address of the estimator is about: named, or known from what it says; else it is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse

from tripartite.parties.queries.bodies import body_by_identifier
from tripartite.pricing.grid import Grid
from tripartite.pricing.offers import is_open_to, offers_with
from tripartite.pricing.order import Kind
from tripartite.typed import clean_line
from tripartite.web.estimator.selection import AGENTS, HELD, OFFER, SIREN, SPACES

if TYPE_CHECKING:
    from tripartite.parties.models import PublicBody


@dataclass(frozen=True, slots=True)
class Offered:
    """An offer to choose: the address that chooses it; whether it is open to the body that the address names."""

    grid: Grid
    address: str
    is_open: bool = True


def grid_asked(query: QueryDict, grids: Sequence[Grid]) -> Grid | None:
    """The grid, among those in force, that an address is about; None when there is none, or when it may be several."""
    if named := clean_line(query.get(OFFER, "")):
        return next((grid for grid in grids if grid.offer == named), None)
    if len(grids) == 1:
        return grids[0]
    known = {code for grid in grids for code in grid.services}
    services = {name.removeprefix(HELD).split(".")[0] for name, text in query.items() if text} & known
    kind, department = _body_of(query)
    found = offers_with(grids, services, kind=kind, department=department)
    return found[0] if len(found) == 1 else None


def others(grid: Grid, grids: Sequence[Grid], place: str, query: QueryDict) -> list[Offered]:
    """The other offers, for the same body."""
    return [Offered(one, _address(one, place, query)) for one in grids if one.offer != grid.offer]


def ask_which(request: HttpRequest, grids: Sequence[Grid], place: str, on: date) -> HttpResponse:
    """The page that asks which offer, those that are open to the body first; or says that there is none in force."""
    if not grids:
        return render(request, "web/estimator/no_grid.html", {"on": on}, status=503)
    kind, department = _body_of(request.GET)
    offered = [
        Offered(grid, _address(grid, place, request.GET), is_open_to(grid, kind=kind, department=department))
        for grid in grids
    ]
    context = {
        "offered": sorted(offered, key=lambda one: not one.is_open),
        "unknown": clean_line(request.GET.get(OFFER, ""))[:60],
        "body": _named(request.GET),
        "for_agents": place == AGENTS,
    }
    return render(request, "web/estimator/offers.html", context)


def _address(grid: Grid, place: str, query: QueryDict) -> str:
    """The screen for that offer and the same body; what else the address says is of no offer in particular."""
    kept = {name: text for name in ("siren", "kind", "department") if (text := clean_line(query.get(name, ""))[:100])}
    return f"{reverse(place)}?{urlencode({OFFER: grid.offer} | kept)}"


def _named(query: QueryDict) -> PublicBody | None:
    siren = SPACES.sub("", query.get("siren", ""))
    return body_by_identifier("siren", siren) if SIREN.fullmatch(siren) else None


def _body_of(query: QueryDict) -> tuple[Kind | None, str | None]:
    """The kind and the department of the body that an address names or describes, as far as they are known."""
    if (body := _named(query)) is not None:
        return Kind(body.kind), body.department or None
    kind = query.get("kind", "")
    return Kind(kind) if kind in set(Kind) else None, clean_line(query.get("department", "")) or None
