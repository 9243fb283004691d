"""What the group of a body already holds, as the pages point it out before anything is signed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from tripartite.conventions.queries.group import held_by_group
from tripartite.tariffs.queries import grids_in_force

if TYPE_CHECKING:
    from tripartite.parties.models import PublicBody


def group_notices(body: PublicBody, order: Mapping[str, Any], *, offer: str, on: date) -> list[dict[str, Any]]:
    """One entry for each other body of the group that holds some of the services of an offer that `order` asks
    for.
    """
    found = held_by_group(body, {line["service"] for line in order["lines"]}, offer=offer, on=on)
    if not found:
        return []
    names = service_names(on)
    return [
        {
            "body": one.body,
            "services": " ; ".join(names.get(code, code) for code in one.services),
            "paper": one.paper,
            "until": one.until,
            "convention_id": one.convention_id,
        }
        for one in found
    ]


def service_names(on: date) -> dict[str, str]:
    """The name of each service of the grids in force, by its code."""
    return {code: service.name for grid in grids_in_force(on) for code, service in grid.services.items()}
