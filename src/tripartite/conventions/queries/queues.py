"""What files wait for once their quotes are accepted: a convention to send, signatures to give."""

from dataclasses import dataclass

from tripartite.conventions.models import Convention
from tripartite.conventions.states import GIVEN_UP, SIGNABLE, ConventionState
from tripartite.quotes.queries.requests import request_list
from tripartite.quotes.states import RequestState


@dataclass(frozen=True, slots=True)
class ConventionQueues:
    """Requests, by key, oldest first: `to_send` have accepted quotes and no convention sent; `to_sign` have one out."""

    to_send: tuple[int, ...]
    to_sign: tuple[int, ...]


def convention_queues() -> ConventionQueues:
    """The queues of conventions: two queries."""
    accepted = list(request_list(state=RequestState.ACCEPTED).order_by("created_at", "pk").values_list("pk", flat=True))
    living = Convention.objects.exclude(state__in=(ConventionState.DRAFT, *GIVEN_UP))
    out = dict(living.order_by("sent_at", "pk").values_list("request_id", "state"))
    return ConventionQueues(
        to_send=tuple(key for key in accepted if key not in out),
        to_sign=tuple(key for key, state in out.items() if state in SIGNABLE),
    )
