"""An agent's estimate starts from what the body holds already; the public one never tells it."""

from collections.abc import Iterable
from datetime import date

from django.urls import reverse

from tripartite.pricing.grid import Grid
from tripartite.pricing.holding import ContractLine, Holding
from tripartite.tariffs.queries import grid_in_force
from tripartite.web.estimator.selection import AGENTS, order_query


def held_address(siren: str, held: Iterable[ContractLine], *, on: date) -> str:
    """The agents' estimator for that body, with what it holds said to be in service."""
    grid = grid_in_force(on)
    query = held_query(siren, held, grid) if grid else None
    return f"{reverse(AGENTS)}?{query or f'siren={siren}'}"


def held_query(siren: str, held: Iterable[ContractLine], grid: Grid) -> str | None:
    """The query of an address that says what a body holds, of what the grid knows.

    None when it holds nothing, or what an address cannot say.
    """
    known = Holding.read(held).where(grid.services.__contains__)
    return order_query({"lines": [], "in_service": known.as_lines()}, siren) if known else None
