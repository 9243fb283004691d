"""What the forms of a request were made on: the services asked for, the contact, the price of a line."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from tripartite.journal.seen import mark_of
from tripartite.pricing.holding import Holding
from tripartite.quotes.models import Request

PARTS = ("lines", "in_service", "ended", "set_up")


def same_order(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """True when two orders ask for the same, hold the same and give up the same, in whatever order they say it."""
    return all(Holding.read(one.get(part) or ()) == Holding.read(other.get(part) or ()) for part in PARTS)


def order_value(order: Mapping[str, Any]) -> dict[str, list[str]]:
    """An order as a mark tells it: the same for lines in another order."""
    return {
        part: sorted(
            json.dumps(line, sort_keys=True, default=str) for line in Holding.read(order.get(part) or ()).as_lines()
        )
        for part in PARTS
    }


def contact_value(request: Request) -> list[str]:
    """A contact and its note as a mark tells them."""
    said = (request.contact_name, request.contact_function, request.contact_email, request.contact_phone)
    return [*said, request.note]


def order_mark(request: Request, entries: Sequence[Any] | None = None) -> str:
    """What a form that changes the services was made on."""
    return mark_of("request", request.pk, order_value(request.order), entries=entries)


def contact_mark(request: Request, entries: Sequence[Any] | None = None) -> str:
    """What a form that corrects the contact was made on."""
    return mark_of("request", request.pk, contact_value(request), entries=entries)
