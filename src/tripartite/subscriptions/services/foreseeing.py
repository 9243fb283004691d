"""What an act would change in the cost of a body: the act is done, the cost read, and all of it taken back."""

from collections.abc import Callable
from datetime import date

from django.db import transaction

from tripartite.subscriptions.queries.cost_lines import RunningCost
from tripartite.subscriptions.queries.running import running_cost


def cost_if(act: Callable[[], object], *, body_id: int, on: date) -> tuple[RunningCost, RunningCost]:
    """The yearly cost of a body on a day, as things are and once `act` (a verb of this step) is done. Nothing is kept.

    Raises what the act raises.
    """
    before = running_cost(body_id, on=on)
    with transaction.atomic():
        act()
        after = running_cost(body_id, on=on)
        transaction.set_rollback(True)
    return before, after
