"""What agents agreed for a line on request of what runs: for all of it, or for what was added last to the rest."""

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol, TypeVar

from tripartite.pricing.estimate import Line, Status
from tripartite.quotes.queries.agreed import Agreement
from tripartite.subscriptions.queries.holdings import Lot


class Held(Protocol):
    """A lot, with what prices it."""

    @property
    def lot(self) -> Lot: ...


H = TypeVar("H", bound=Held)


class Agreed(NamedTuple):
    """An amount (cents, as voted), and the last agreement that makes it."""

    amount: int
    by: Agreement


def agreed_amount(
    line: Line,
    lots: Sequence[H],
    *,
    agreement: Callable[[Line, Sequence[H]], Agreement | None],
    price: Callable[[Sequence[H]], list[Line]],
) -> Agreed | None:
    """What is agreed for a line of lots, in the order in which they came: what agents agreed for exactly that much;
    else what they agreed for the last lot alone, as an amendment does, on top of what those before it cost by the
    tariff or by agreement. None where nothing answers. May raise OrderError, as `price` does.
    """
    if (found := agreement(line, lots)) is not None:
        return Agreed(found.amount_cents, found)
    if len(lots) < 2:
        return None
    before, last = lots[:-1], lots[-1]
    added = agreement(line._replace(quantity=last.lot.line.total), [last])
    rest = like(line, price(before)) if added is not None else None
    if added is None or rest is None:
        return None
    known = rest.voted_cents
    if rest.status is Status.ON_REQUEST:
        inner = agreed_amount(rest, before, agreement=agreement, price=price)
        known = inner.amount if inner else None
    return None if known is None else Agreed(known + added.amount_cents, added)


def like(line: Line, lines: Sequence[Line]) -> Line | None:
    """The line of the same charge."""
    named = (line.service, line.charge, line.issuer, line.options)
    return next((one for one in lines if (one.service, one.charge, one.issuer, one.options) == named), None)
