"""What the bodies that joined a new one lately paid, each on its own, on their last day."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from tripartite.parties.queries.bodies import issuers, merged_bodies
from tripartite.subscriptions.queries.costs import RunningCost
from tripartite.subscriptions.queries.pending import LOOKED_BACK
from tripartite.subscriptions.queries.running import cost_reading


@dataclass(frozen=True, slots=True)
class PaidBefore:
    """A former body and its yearly cost on its last day; `text`: « la commune de Marconne payait par an : … »."""

    body: Any
    cost: RunningCost
    text: str


def paid_before(body: Any, *, on: date) -> list[PaidBefore]:
    """What each body that joined another lately paid a year; those that paid nothing are left out."""
    joined = {one.pk: one for one in merged_bodies(body) if one.ended_on and one.ended_on > on - LOOKED_BACK}
    if not joined:
        return []
    names = {issuer.code: issuer.short_name for issuer in issuers()}
    found = []
    for key, reading in cost_reading(joined).items():
        cost = reading.cost(joined[key].ended_on or on)
        if cost.totals:
            paid = ", ".join(f"{names.get(code, code)} {cost.sum_of(code)}" for code in cost.totals)
            found.append(PaidBefore(reading.body, cost, f"{reading.body.legal.named} payait par an : {paid}"))
    return found
