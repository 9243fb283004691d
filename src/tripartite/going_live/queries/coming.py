"""What signed conventions have yet to set going: held already, for whoever asks for more, though nothing of it runs."""

from collections.abc import Iterable

from tripartite.conventions.queries.holdings import lasting
from tripartite.going_live.models import Activation
from tripartite.going_live.queries.activations import standing_of
from tripartite.pricing.grid import offer_of
from tripartite.pricing.holding import ContractLine, HeldLine, Holding
from tripartite.tariffs.queries import grid_by_code


def lines_to_come(activations: Iterable[Activation], *, offer: str) -> list[ContractLine]:
    """What of these activations (of `activations_to_set_going`) is left to set going under an offer, in the shape of
    `in_service` in the estimate contract. Not what is paid once, nor what renews a service that runs.
    """
    found = Holding()
    for one in activations:
        if offer_of(one.grid) == offer and one.version_id == one.convention.version_id:
            found = found.plus(lasting(_left(one), grid_by_code(one.grid)))
    return found.as_lines()


def _left(activation: Activation) -> Holding:
    line, left = HeldLine.read(activation.line), standing_of(activation).left
    if left <= 0:
        return Holding()
    return Holding.of([line.with_amount(left) if line.is_simple else line])
