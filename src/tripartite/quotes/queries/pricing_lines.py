"""Lines on request and the prices that agents gave them: which still answer the order as it stands."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.db.models import Prefetch

from tripartite.pricing.estimate import Estimate, Line, Status, Totals
from tripartite.pricing.money import number_text
from tripartite.pricing.totals import total_lines
from tripartite.quotes.models import OnRequestPrice, Request

LISTED = Prefetch("on_request_prices", to_attr="listed_prices")
"""Read with many requests, as a plain list: a queryset kept by its row holds it, and both wait to be collected."""


class RequestLine(NamedTuple):
    """A line of the estimate of an `order`, with the price an agent gave it where it is on request."""

    line: Line
    order: Mapping[str, Any]
    price: OnRequestPrice | None

    @property
    def fingerprint(self) -> str:
        """What exactly is priced, or to be."""
        return fingerprint(self.line, self.order)

    @property
    def amount_cents(self) -> int | None:
        """The amount on the basis that the grid votes, given by the grid or by an agent; None while it waits."""
        return self.price.amount_cents if self.price else self.line.voted_cents

    @property
    def counted(self) -> Line:
        """The line as totals count it: at the price given to it, if any, on the basis that the grid votes."""
        if self.price is None:
            return self.line
        given = self.price.amount_cents
        net = self.line.net and self.line.net._replace(amount_cents=given)
        return self.line._replace(status=Status.PRICED, amount_cents=given, net=net)

    @property
    def waits(self) -> bool:
        """True when an agent of the issuer has yet to price it."""
        return self.line.status is Status.ON_REQUEST and self.price is None


def fingerprint(line: Line, order: Mapping[str, Any]) -> str:
    """What exactly was priced: a price given for 150 Go does not answer 300 Go, nor another holding."""
    held = sorted(
        str(item)
        for name in ("in_service", "ended", "set_up")
        for item in order.get(name) or ()
        if isinstance(item, dict) and item["service"] == line.service
    )
    parts = (line.service, line.charge, line.issuer, str(line.options), number_text(line.quantity), line.reason, *held)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def request_lines(request: Request, estimate: Estimate) -> tuple[RequestLine, ...]:
    """The lines of a request, each with the latest price given to it as it stands now. No query where none is « sur
    devis »."""
    order, on_request = request.order, any(line.status is Status.ON_REQUEST for line in estimate.lines)
    given = {price.fingerprint: price for price in _prices(request)} if on_request else {}
    return tuple(RequestLine(line, order, _price_of(line, order, given)) for line in estimate.lines)


def _prices(request: Request) -> Iterable[OnRequestPrice]:
    listed: list[OnRequestPrice] | None = getattr(request, str(LISTED.to_attr), None)
    return request.on_request_prices.all() if listed is None else listed


def _price_of(line: Line, order: Mapping[str, Any], given: Mapping[str, OnRequestPrice]) -> OnRequestPrice | None:
    return given.get(fingerprint(line, order)) if given and line.status is Status.ON_REQUEST else None


def totals_with_prices(estimate: Estimate, lines: Sequence[RequestLine]) -> dict[str, Totals]:
    """The totals of each issuer, the prices given to lines on request counted in."""
    if all(item.price is None for item in lines):
        return estimate.totals
    return total_lines(estimate.totals, [item.counted for item in lines])
