"""What a convention holds in service: its own services, or those that the last amendment in force leaves.

Services are lines in the shape of the estimate contract, one a service and choice of options.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from tripartite.conventions.models import Convention, Withdrawal
from tripartite.conventions.states import ConventionState
from tripartite.pricing.estimate import Frequency
from tripartite.pricing.grid import Grid
from tripartite.tariffs.queries import grid_by_code

Lines = list[dict[str, Any]]
PASSING = frozenset({Frequency.ONCE, Frequency.PER_ACT})


def services_in_force(convention: Convention) -> Lines:
    """What a convention holds today: an amendment in force replaces the list, the last one counts; what was withdrawn
    since its quotes is taken off. An act paid once (an intervention) is not held. Three queries.
    """
    amendments = Convention.objects.filter(
        parent_id=convention.parent_id or convention.pk, state=ConventionState.IN_FORCE
    )
    last = amendments.select_related("version").order_by("in_force_on", "pk").last()
    version = last.version if last else convention.version
    grid = grid_by_code(version.grid)
    held = [line for line in services_after(version.order) if grid is None or stays(grid, line["service"])]
    since = Withdrawal.objects.filter(
        convention_id=convention.parent_id or convention.pk, recorded_at__gt=version.issued_at
    )
    for one in since:
        held = services_after(
            {"in_service": held, "lines": [one.line] if one.back else [], "ended": [] if one.back else [one.line]}
        )
    return held


def services_after(order: Mapping[str, Any]) -> Lines:
    """What is in service once an order is carried out: what was held, with what it asks for, less what it gives up."""
    found: Lines = []
    for line in (*order.get("in_service", ()), *order["lines"]):
        same = _same(found, line)
        if same is None or "quantity" not in line:
            found.append(dict(line))
        else:
            same["quantity"] += line["quantity"]
    for line in order.get("ended", ()):
        same = _same(found, line)
        if same is None:
            continue
        if "quantity" in line:
            same["quantity"] -= line["quantity"]
        if "quantity" not in line or same["quantity"] <= 0:
            found.remove(same)
    return found


def stays(grid: Grid, service: str) -> bool:
    """Whether a service is held once it is taken: not when all that it asks is paid once. True off the grid."""
    if service not in grid.services:
        return True
    return any(grid.charges[place].frequency not in PASSING for place in grid.charges_of[service])


def starts_from(order: Mapping[str, Any], held: Iterable[Mapping[str, Any]]) -> bool:
    """Whether an order says to be in service all that is held, no more and no less of each: its prices are then the
    difference that an amendment makes."""
    said = services_after({"lines": order.get("in_service", ())})
    return all(line in said for line in services_after({"lines": list(held)}))


def _same(lines: Lines, wanted: Mapping[str, Any]) -> dict[str, Any] | None:
    """The line of the same service and options; for named quantities, of the same ones too."""
    names = ("service", "options", "quantities")
    return next((line for line in lines if all(line.get(name) == wanted.get(name) for name in names)), None)
