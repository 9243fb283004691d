"""What of an offer is in hand: what a new tariff of it will, or will not, bear on."""

from dataclasses import dataclass
from datetime import date

from tripartite.quotes.models import Quote, Request
from tripartite.quotes.states import QuoteState, RequestState


@dataclass(frozen=True, slots=True)
class InHand:
    """How many requests of an offer are to be quoted, and how many quotes of it can still be accepted on a day."""

    requests: int
    quotes: int


def offer_of_request(reference: str) -> str | None:
    """The offer that a request is of: one query. None where there is no such request."""
    return Request.objects.filter(reference=reference).values_list("offer", flat=True).first()


def in_hand(offer: str, *, on: date) -> InHand:
    """The requests and the quotes of an offer in hand on a day: two queries."""
    quotes = Quote.objects.filter(state=QuoteState.ISSUED, valid_until__gte=on, version__request__offer=offer)
    return InHand(Request.objects.filter(offer=offer, state=RequestState.RECEIVED).count(), quotes.count())
