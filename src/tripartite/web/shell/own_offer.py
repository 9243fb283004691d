"""Whether an account acts for an offer: what an address names (a request, a convention, what runs…) is of one.

The guard of every screen asks it for the actions of OWN_OFFER_ONLY; a page asks it before it shows their buttons.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest

from tripartite.accounts.rights import OWN_OFFER_ONLY, Action, may_for
from tripartite.conventions.queries.offers import offer_of_convention, offer_of_former, offer_of_text
from tripartite.following.queries.deadlines import offer_of_deadline
from tripartite.going_live.queries.offers import offer_of_activation, offer_of_key
from tripartite.quotes.queries.offers import offer_of_request
from tripartite.subscriptions.queries.running import offer_of_subscription
from tripartite.tariffs.queries import issuers_of_offer, offer_of_grid

OFFER_OF: dict[str, Callable[[Any], str | None]] = {
    "reference": offer_of_request,
    "convention_id": offer_of_convention,
    "former_id": offer_of_former,
    "subscription_id": offer_of_subscription,
    "activation_id": offer_of_activation,
    "key_id": offer_of_key,
    "key": offer_of_deadline,
}
"""What says the offer, by the name of an address's part."""
BY_CODE = {Action.GRID_ADOPT: offer_of_grid, Action.TEXT_WRITE: offer_of_text}


def offer_named(action: Action, parts: Mapping[str, object]) -> str | None:
    """The offer that an address bears on, for an action that is kept to the accounts of one of its issuers; None where
    it bears on none."""
    if action not in OWN_OFFER_ONLY:
        return None
    asked = [OFFER_OF[name](value) for name, value in parts.items() if name in OFFER_OF]
    if action in BY_CODE and "code" in parts:
        asked.append(BY_CODE[action](str(parts["code"])))
    return next((offer for offer in asked if offer), None)


def may_act(request: HttpRequest, action: Action, offer: str) -> bool:
    """Whether the account may do `action` for an offer (« »: for none in particular)."""
    return may_for(request.user, action, issuers_of_offer(offer) if offer else _own(request))


def has_part_in(request: HttpRequest, offer: str) -> bool:
    """Whether the issuer of the account is one of an offer's: one query for all the buttons of a page."""
    return bool(_own(request) & issuers_of_offer(offer))


def _own(request: HttpRequest) -> frozenset[str]:
    issuer = getattr(request.user, "issuer", None)
    return frozenset({issuer.code} if issuer else ())
