"""What one body may hold of what several held: no more of a service than the tariff lets one body take. Pure."""

from collections import defaultdict
from collections.abc import Sequence
from fractions import Fraction

from tripartite.pricing.cases import Number
from tripartite.pricing.grid import Grid
from tripartite.pricing.holding import HeldLine


def within_maximum(grid: Grid, lines: Sequence[HeldLine], held: Sequence[HeldLine]) -> list[HeldLine]:
    """Of `lines`, what the maximum of each service leaves on top of what is held. Nobody orders more than it; bodies
    that were put together may run more, each having taken what it might: the rest costs nothing more, and leaves its
    price to all that runs beside it.
    """
    counted = amounts_within(grid, lines, held)
    return [
        line if amount == line.amount else line.with_amount(amount)
        for line, amount in zip(lines, counted, strict=True)
        if amount > 0 or amount == line.amount
    ]


def amounts_within(grid: Grid, lines: Sequence[HeldLine], held: Sequence[HeldLine]) -> list[Number]:
    """How much of each of `lines` counts, in their order, on top of what is held; all of it for services that multiply
    named quantities, or that the grid does not know.
    """
    taken: dict[str, Fraction] = defaultdict(Fraction)
    for one in held:
        taken[one.what.service] += one.amount
    found: list[Number] = []
    for line in lines:
        service = grid.services.get(line.what.service)
        measured = service.quantities.get("quantity") if service else None
        if measured is None or measured.maximum is None or not line.is_simple:
            found.append(line.amount)
            continue
        room = measured.maximum - taken[line.what.service]
        taken[line.what.service] += line.amount
        found.append(min(line.amount, max(room, Fraction(0))))
    return found
