"""Which of several offers an order means, when it does not say it: deduced where one alone fits, never guessed.

See docs/decisions/0041-what-an-offer-is.md.
"""

from collections.abc import Collection, Sequence

from tripartite.pricing.gathering import nearest
from tripartite.pricing.grid import Grid
from tripartite.pricing.order import Kind, Order, OrderError


def asked_grid(grids: Sequence[Grid], order: Order) -> Grid:
    """The grid, among those in force of several offers, that an order means: the only one; else the only one that has
    all its services; else, among these, the only one open to its body. `grids` holds one at least.

    Raises OrderError: ambiguous-offer, naming the offers among which to choose; unknown-service.
    """
    services = {item.service for item in (*order.lines, *order.in_service, *order.ended)}
    if len(grids) == 1 or not services:  # an order for nothing is refused alike by any grid
        return grids[0]
    found = offers_with(grids, services, kind=order.beneficiary.kind, department=order.beneficiary.department)
    if len(found) == 1:
        return found[0]
    if found:
        raise OrderError("ambiguous-offer", f"Plusieurs offres ont ces services : {named(found)}. {CHOOSE}")
    having = [grid for grid in grids if not services.isdisjoint(grid.services)]
    if len(having) > 1:
        raise OrderError("ambiguous-offer", f"Ces services sont de plusieurs offres : {named(having)}. {ONE_EACH}")
    raise _unknown(grids, order)


CHOOSE = "Dites laquelle (« offer »)."
ONE_EACH = "Faites une demande par offre."


def offers_with(
    grids: Sequence[Grid], services: Collection[str], *, kind: Kind | None, department: str | None
) -> list[Grid]:
    """The grids that a choice of services may mean: those that have them all (or, where none has, the only one that
    has some of them); among several, those open to the body, where some are.
    """
    wanted = set(services)
    having = [grid for grid in grids if wanted <= grid.services.keys()]
    if not having:
        some = [grid for grid in grids if not wanted.isdisjoint(grid.services)]
        having = some if len(some) == 1 else []
    if len(having) > 1:
        return [grid for grid in having if is_open_to(grid, kind=kind, department=department)] or having
    return having


def is_open_to(grid: Grid, *, kind: Kind | None, department: str | None) -> bool:
    """Whether the grid lets a body take its services, by its department and its kind; what is not known bars nothing,
    and a kind to be confirmed may.
    """
    rule = grid.eligibility
    if rule.departments and department is not None and department not in rule.departments:
        return False
    return not rule.kinds or kind is None or kind in (*rule.kinds, *rule.to_confirm)


def named(grids: Sequence[Grid]) -> str:
    """« signature (Certificat de signature électronique), cdg (…) »."""
    return ", ".join(f"{grid.offer} ({grid.title})" for grid in grids)


def _unknown(grids: Sequence[Grid], order: Order) -> OrderError:
    """No offer has the first of these services that none has."""
    known = {code for grid in grids for code in grid.services}
    items = [(item, False, False) for item in order.lines]
    items += [(item, True, False) for item in order.in_service]
    items += [(item, True, True) for item in order.ended]
    item, held, ended = next(each for each in items if each[0].service not in known)
    near = nearest(item.service, sorted(known))
    advice = f" Vouliez-vous dire : {', '.join(near)} ?" if near else ""
    message = f"Aucune offre n'a le service « {item.service[:80]} ».{advice}"
    return OrderError("unknown-service", message, line=item.line, held=held, ended=ended, suggestions=near)
