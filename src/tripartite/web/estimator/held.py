"""An agent's estimate starts from what the body holds already; the public one never tells it."""

from collections.abc import Iterable
from datetime import date

from django.urls import reverse

from tripartite.pricing.grid import Grid
from tripartite.pricing.holding import ContractLine, Holding
from tripartite.subscriptions.queries.costs import Reading
from tripartite.subscriptions.queries.portrait import lines_of
from tripartite.tariffs.queries import grids_in_force
from tripartite.web.estimator.selection import AGENTS, order_query


def held_address(siren: str, reading: Reading, *, on: date) -> str:
    """The agents' estimator for that body, with what it holds said to be in service; where several offers are in force,
    the estimator says it once it knows which is asked.
    """
    grids = grids_in_force(on)
    grid = grids[0] if len(grids) == 1 else None
    query = held_query("", siren, lines_of(reading, offer=grid.offer, on=on), grid) if grid else None
    return f"{reverse(AGENTS)}?{query or f'siren={siren}'}"


def held_query(offer: str, siren: str, held: Iterable[ContractLine], grid: Grid) -> str | None:
    """The query of an address that says what a body holds, of what the grid knows; it names the offer where there is
    one to name.

    None when it holds nothing, or what an address cannot say.
    """
    known = Holding.read(held).where(grid.services.__contains__)
    return order_query({"lines": [], "in_service": known.as_lines()}, siren, offer=offer) if known else None
