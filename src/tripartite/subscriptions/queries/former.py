"""What the bodies that joined a new one lately paid, each on its own, on their last day."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from tripartite.parties.queries.bodies import issuers, merged_into
from tripartite.subscriptions.queries.cost_lines import RunningCost
from tripartite.subscriptions.queries.pending import LOOKED_BACK
from tripartite.subscriptions.queries.running import cost_reading


@dataclass(frozen=True, slots=True)
class PaidBefore:
    """A former body and its yearly cost on its last day; `text`: « la commune de X payait par an : … »."""

    body: Any
    cost: RunningCost
    text: str


def paid_before(body_ids: Collection[int], *, on: date) -> dict[int, list[PaidBefore]]:
    """What each body that joined one of these lately paid a year, by the key of the one that it joined; those that paid
    nothing are left out. One query where none joined.
    """
    found: dict[int, list[PaidBefore]] = {body_id: [] for body_id in body_ids}
    joined = {one.pk: one for one in merged_into(body_ids) if one.ended_on and one.ended_on > on - LOOKED_BACK}
    names = {issuer.code: issuer.short_name for issuer in issuers()} if joined else {}
    for key, reading in cost_reading(joined).items() if joined else ():
        cost = reading.cost(joined[key].ended_on or on)
        if cost.totals:
            paid = ", ".join(f"{names.get(code, code)} {cost.sum_of(code)}" for code in cost.totals)
            text = f"{reading.body.legal.named} payait par an : {paid}"
            found[joined[key].merged_into_id or key].append(PaidBefore(reading.body, cost, text))
    return found
