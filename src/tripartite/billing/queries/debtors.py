"""Against whom a title is made: who bears on its day what the invoice asks of a body that has ended."""

from datetime import date
from typing import Any

from tripartite.parties.queries.bodies import bearer_of


def debtor_of(order: Any, body: Any, *, anew: date | None = None) -> Any:
    """The body against which an order is made, from the one that its invoice names, as known on the day of its slip;
    for what reduces a title, its debtor. `anew`: as known that other day.
    """
    day = anew or (order.reduces or order).slip.issued_on
    return bearer_of(body, on=day, known_on=day)
