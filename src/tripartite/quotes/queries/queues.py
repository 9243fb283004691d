"""What waits for whom: the requests in hand, priced together with a constant number of queries."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from tripartite.parties.queries.facts import facts_of_all
from tripartite.quotes.models import Request
from tripartite.quotes.queries import declared_figures, pricing_lines
from tripartite.quotes.queries.estimating import Estimator
from tripartite.quotes.queries.fates import NO_FATE, fates
from tripartite.quotes.queries.parties import who_left
from tripartite.quotes.queries.requests import RequestEstimate, estimate_request, quotes_in_hand
from tripartite.quotes.states import RequestState


@dataclass(frozen=True, slots=True)
class Queues:
    """Requests by what they wait for, oldest first.

    `to_price` by issuer: lines on request that an agent of that issuer has yet to price. `to_issue`: nothing is
    missing but the issuing. `refused`: the order has no price any more, or waits for a figure: it is to be changed,
    or completed. `expired`: quotes out
    whose last day of validity has passed; `to_remind`: it comes within `soon` days;
    `unsent`: not expired, and whoever asked has not received them (`fates`).
    """

    to_price: dict[str, tuple[int, ...]]
    to_issue: tuple[int, ...]
    refused: tuple[int, ...]
    expired: tuple[int, ...]
    to_remind: tuple[int, ...]
    unsent: tuple[int, ...] = ()


def estimate_requests(requests: Iterable[Request], *, on: date) -> Iterator[tuple[int, RequestEstimate]]:
    """Each request priced on a day, with its key, one after the other: nothing of one stays while the next is priced.
    `requests` come with their prices and declared figures.
    """
    wanted = list(requests)
    estimator = Estimator(today=on)
    estimator.know(facts_of_all((request.beneficiary_id for request in wanted), on=on), on)
    left = who_left(wanted, on=on)
    for request in wanted:
        yield request.pk, estimate_request(request, on=on, estimator=estimator, left=left)


def queues(*, on: date, soon: int = 15) -> Queues:
    """The queues of all issuers on a day; quotes are to be reminded of when they have `soon` days left or fewer."""
    received = (
        Request.objects.filter(state=RequestState.RECEIVED)
        .select_related("beneficiary")
        .prefetch_related(pricing_lines.LISTED, declared_figures.LISTED)
        .order_by("created_at", "pk")
    )
    to_price: dict[str, list[int]] = {}
    to_issue: list[int] = []
    refused: list[int] = []
    for key, found in estimate_requests(received, on=on):
        if found.estimate is None or found.unknown:
            refused.append(key)
        elif found.waiting:
            for issuer in {item.line.issuer for item in found.waiting}:
                to_price.setdefault(issuer, []).append(key)
        else:
            to_issue.append(key)
    quoted = list(Request.objects.filter(state=RequestState.QUOTED).order_by("created_at", "pk"))
    in_hand = quotes_in_hand(quoted)
    last_days = {
        request.pk: min(quote.valid_until for quote in in_hand[request.pk].values())
        for request in quoted
        if in_hand.get(request.pk)
    }
    sent = fates(quoted, in_hand)
    expired = [key for key, last in last_days.items() if on > last]
    to_remind = [key for key, last in last_days.items() if on <= last <= on + timedelta(days=soon)]
    return Queues(
        {issuer: tuple(keys) for issuer, keys in to_price.items()},
        tuple(to_issue),
        tuple(refused),
        tuple(expired),
        tuple(to_remind),
        tuple(request.pk for request in quoted if request.pk not in expired and sent.get(request.pk, NO_FATE).missed),
    )
