"""What a convention holds in service: its own services, or those that the last amendment in force leaves."""

from collections.abc import Iterable, Mapping
from typing import Any

from tripartite.conventions.models import Convention, Withdrawal
from tripartite.conventions.states import ConventionState
from tripartite.parties.queries.bodies import lineage_of
from tripartite.pricing.estimate import Frequency
from tripartite.pricing.grid import Grid
from tripartite.pricing.holding import Holding
from tripartite.tariffs.queries import grid_by_code

PASSING = frozenset({Frequency.ONCE, Frequency.PER_ACT})


def services_in_force(convention: Convention) -> Holding:
    """What a convention holds today: an amendment in force replaces the list, the last one counts; what was withdrawn
    since its quotes is taken off. An act paid once (an intervention) is not held. Three queries.
    """
    amendments = Convention.objects.filter(
        parent_id=convention.parent_id or convention.pk, state=ConventionState.IN_FORCE
    )
    last = amendments.select_related("version").order_by("in_force_on", "pk").last()
    version = last.version if last else convention.version
    held = lasting(Holding.after(version.order), grid_by_code(version.grid))
    since = Withdrawal.objects.filter(
        convention_id=convention.parent_id or convention.pk, recorded_at__gt=version.issued_at
    )
    for one in since:
        line = Holding.read([one.line])
        held = held.plus(line) if one.back else held.less(line)
    return held


def lasting(held: Holding, grid: Grid | None) -> Holding:
    """What stays held once it is taken: not a service whose charges are all paid once. Off the grid, all of it."""
    return held if grid is None else held.where(lambda service: _stays(grid, service))


def _stays(grid: Grid, service: str) -> bool:
    if service not in grid.services:
        return True
    return any(charge.frequency not in PASSING for charge in grid.charges_on(service))


def starts_from(order: Mapping[str, Any], held: Holding, beside: Holding | None = None) -> bool:
    """Whether an order says to be in service all that is held, no more and no less: its prices are then the difference
    that an amendment makes. What it says besides must be held too, by other conventions of the same body (`beside`).
    """
    said = Holding.read(order.get("in_service", ()))
    if any(said.amounts.get(what) != amount for what, amount in held.amounts.items()):
        return False
    more = {what: amount for what, amount in said.amounts.items() if what not in held.amounts}
    known = beside.amounts if beside else {}
    return all(known.get(what) == amount for what, amount in more.items())


def held_beside(convention: Convention) -> Holding:
    """What the other conventions in force of the same body, or of those it took over, hold of the same offer."""
    parent = convention.parent_id or convention.pk
    others = Convention.objects.filter(
        beneficiary__in=lineage_of(convention.beneficiary_id),
        request__offer=convention.request.offer,
        state=ConventionState.IN_FORCE,
        parent__isnull=True,
    ).exclude(pk=parent)
    return sum_of(services_in_force(one) for one in others.select_related("version"))


def sum_of(held: Iterable[Holding]) -> Holding:
    """Several together."""
    found = Holding()
    for one in held:
        found = found.plus(one)
    return found
