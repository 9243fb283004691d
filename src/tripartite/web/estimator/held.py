"""An agent's estimate starts from what the body holds already; the public one never tells it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse

from tripartite.going_live.queries.coming import lines_to_come
from tripartite.pricing.grid import Grid
from tripartite.pricing.holding import ContractLine, Holding
from tripartite.pricing.offers import is_open_to
from tripartite.pricing.order import Kind
from tripartite.subscriptions.queries.costs import Reading
from tripartite.subscriptions.queries.portrait import lines_of
from tripartite.web.estimator.selection import AGENTS, OFFER, order_query

if TYPE_CHECKING:
    from tripartite.going_live.models import Activation
    from tripartite.parties.models import PublicBody


@dataclass(frozen=True, slots=True)
class OfferOfBody:
    """An offer in force, whether its grid opens it to a body, and where a request of it begins for that body."""

    title: str
    is_open: bool
    address: str


def offers_of_body(body: PublicBody, grids: Sequence[Grid]) -> list[OfferOfBody]:
    """The offers in force as a body may take them; none to tell apart where there is one alone."""
    kind, department = Kind(body.kind), body.department or None
    return [
        OfferOfBody(
            grid.title,
            is_open_to(grid, kind=kind, department=department),
            f"{reverse(AGENTS)}?{urlencode({OFFER: grid.offer, 'siren': body.siren})}",
        )
        for grid in (grids if len(grids) > 1 else ())
    ]


def held_address(siren: str, reading: Reading, grids: Sequence[Grid], *, coming: Iterable[Activation], on: date) -> str:
    """The agents' estimator for that body, with what it holds said to be in service, and what is `coming`: signed, and
    to be set going. Where several offers are in force, the estimator says it once it knows which is asked.
    """
    grid = grids[0] if len(grids) == 1 else None
    query = None
    if grid:
        held = [*lines_of(reading, offer=grid.offer, on=on), *lines_to_come(coming, offer=grid.offer)]
        query = held_query("", siren, held, grid)
    return f"{reverse(AGENTS)}?{query or f'siren={siren}'}"


def held_query(offer: str, siren: str, held: Iterable[ContractLine], grid: Grid) -> str | None:
    """The query of an address that says what a body holds, of what the grid knows; it names the offer where there is
    one to name.

    None when it holds nothing, or what an address cannot say.
    """
    known = Holding.read(held).where(grid.services.__contains__)
    return order_query({"lines": [], "in_service": known.as_lines()}, siren, offer=offer) if known else None
