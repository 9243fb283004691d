"""Against whom a title is made: who bears on its day what the invoice asks of a body that has ended."""

from datetime import date
from typing import Any


def debtor_on(body: Any, *, on: date) -> Any:
    """The body that owes, on a day, what was asked of a body: itself, or the one that had taken it in by then, step by
    step, as was known that day. Its `merged_into` are read with it, or asked.
    """
    while body.merged_into is not None and body.ended_on is not None and body.ended_on < on:
        if body.end_learnt_on is not None and body.end_learnt_on > on:
            break
        body = body.merged_into
    return body


def debtor_of_order(order: Any, body: Any) -> Any:
    """The body against which an order is made, from the one that its invoice names: as known on the day of its slip;
    for what reduces a title, its debtor.
    """
    return debtor_on(body, on=(order.reduces or order).slip.issued_on)
