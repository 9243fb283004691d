"""What runs and what it costs, for scripts: the same lines as the estimate's, amounts in integer cents, TTC, with their
HT (`yearly_net_cents`) where the tariff is voted HT."""

from typing import Any

from tripartite.pricing.lacking import Sum
from tripartite.pricing.quantities import quantity_json
from tripartite.subscriptions.queries.cost_lines import RunningCost
from tripartite.subscriptions.queries.portrait import ServiceHeld


def cost_json(body: Any, cost: RunningCost) -> dict[str, Any]:
    """The cost of a body on a day. Each line is the estimate's, and says more: `yearly_cents` is what counts that day
    (null: no price), from `priced_on`, until the next due date `due_on` (null: it stops before), under `grid`. A price
    that an agent gave, the grid having none, is that of the accepted quote `agreed_in` (null: given to what ran), from
    `agreed_since`. `if_renewed`: what is not counted because its convention cannot reach that day. `beyond`: what costs
    nothing more, the tariff letting one body take no more of it.
    """
    return {
        "on": cost.on.isoformat(),
        "beneficiary": {"siren": body.siren, "name": body.name, "kind": body.kind},
        "lines": [
            line.line.as_json()
            | {
                "yearly_cents": line.yearly_cents,
                "grid": line.grid,
                "citation": line.citation,
                "priced_on": line.priced_on.isoformat(),
                "due_on": line.due_on.isoformat() if line.due_on else None,
                "agreed_in": line.agreed or None,
                "agreed_since": line.price.since.isoformat() if line.price else None,
            }
            | ({} if line.priced.net is None else {"yearly_net_cents": line.yearly_net_cents})
            for line in cost.lines
        ],
        "totals": {
            code: _total_json(cost.sum_of(code))
            | ({"yearly_net_cents": cost.net_totals[code]} if code in cost.net_totals else {})
            for code in cost.totals
        },
        "complete": cost.complete,
        "warnings": list(cost.warnings),
        "if_renewed": [
            {"convention": one.convention, "last_day": one.last_day.isoformat(), "services": list(one.services)}
            for one in cost.if_renewed
        ],
        "beyond": [
            {
                "id": one.subscription.pk,
                "service": one.subscription.service,
                "quantity": quantity_json(one.quantity),
                "paid": [paid.pk for paid in one.paid],
                "text": one.text,
            }
            for one in cost.beyond
        ],
    }


def _total_json(total: Sum) -> dict[str, Any]:
    """`lacks` says in French what the total leaves out, where it leaves something out."""
    return {"yearly_cents": total.cents} | ({"lacks": str(total.lacks)} if total.lacks else {})


def held_json(held: ServiceHeld) -> dict[str, Any]:
    """A service that runs on a day."""
    one = held.subscription
    return {
        "id": one.pk,
        "siren": one.body.siren,
        "body": one.body.name,
        "service": one.service,
        "options": one.options,
        "name": one.name,
        "quantity": quantity_json(held.quantity),
        "starts_on": one.starts_on.isoformat(),
        "ends_on": one.ends_on.isoformat() if one.ends_on else None,
        "term_years": one.term_years,
        "anchor_on": one.anchor_on.isoformat(),
        "due_on": held.due_on.isoformat() if held.due_on else None,
        "convention": one.convention.number,
        "grids": [grid.code for grid in held.grids],
    }
