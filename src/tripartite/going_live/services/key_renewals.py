"""Renewing a signature key in one click: a request for the same service, its quotes issued and sent at once."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from tripartite.going_live.models import SignatureKey
from tripartite.going_live.queries.key_days import KEY_SERVICES
from tripartite.going_live.services.errors import GoingLiveError
from tripartite.going_live.services.key_records import journal_key, locked_key
from tripartite.going_live.states import KeyState
from tripartite.journal.services import Actor
from tripartite.parties.queries.bodies import bearer_of, lineage_of
from tripartite.pricing.calendar import DAYS_PER_YEAR
from tripartite.pricing.estimate import Frequency
from tripartite.pricing.french import counted, day_text
from tripartite.pricing.grid import offer_of
from tripartite.pricing.offers import is_open_to
from tripartite.pricing.order import Kind
from tripartite.quotes.queries.requests import request_list
from tripartite.quotes.services.issuing import issue_quotes
from tripartite.quotes.services.letters import Occasion
from tripartite.quotes.services.requests import Contact, create_request
from tripartite.quotes.states import LED_NOWHERE
from tripartite.tariffs.queries import grids_in_force


@transaction.atomic
def renew_key(*, key_id: int, actor: Actor, at: datetime) -> Any:
    """The request that renews a key: the same service, one of it, for its body (or the one that took it in) and the
    last contact of that body; both quotes are issued and sent to that contact.

    Asked again, it answers the same request, unless that one was refused or cancelled. Raises GoingLiveError for a
    replaced key or when no service of the grid is of its length, QuoteError or OrderError when it cannot be priced.
    """
    key = locked_key(key_id)
    if key.renewal is not None and key.renewal.state not in LED_NOWHERE:
        return key.renewal
    if key.state == KeyState.REPLACED:
        raise GoingLiveError("Cette clé est remplacée : c'est la nouvelle qui se renouvelle.")
    body = bearer_of(key.body)
    offer, line = _wanted(key, timezone.localdate(at))
    request = create_request(
        beneficiary_id=body.pk,
        order={"lines": [line]},
        offer=offer,
        contact=_last_contact(body),
        origin="agent",
        note=f"Renouvellement de la clé de signature de {key} ({key.serial}).",
        actor=actor,
        at=at,
    )
    issue_quotes(request_id=request.pk, occasion=_occasion(key), actor=actor, at=at)
    key.renewal = request
    key.save(update_fields=["renewal"])
    text = f"Renouvellement de la clé de signature de {key} : demande {request.reference}, devis émis."
    journal_key(key, actor, at, "keys.renew", text)
    return request


def _last_contact(body: Any) -> Contact:
    """Of its own last request; else of the last one of a body that it took in."""
    known = request_list().exclude(contact_name="", contact_email="")
    asked = known.filter(beneficiary=body.pk).first() or known.filter(beneficiary__in=lineage_of(body.pk)).first()
    if asked is None:
        return Contact()
    return Contact(asked.contact_name, asked.contact_function, asked.contact_email, asked.contact_phone)


def _wanted(key: SignatureKey, on: date) -> tuple[str, dict[str, Any]]:
    """The offer, and the line that orders the same again of it, once."""
    if key.subscription is not None:
        options = key.subscription.options
        line = {"service": key.subscription.service, "quantity": 1}
        return key.subscription.offer, line | {"options": options} if options else line
    if key.activation is not None:
        line = {name: value for name, value in key.activation.line.items() if name != "quantities"} | {"quantity": 1}
        return offer_of(key.activation.grid), line
    offer, service = _service_as_long(key, on)
    return offer, {"service": service, "quantity": 1}


def _service_as_long(key: SignatureKey, on: date) -> tuple[str, str]:
    """The first service of a grid in force, open to its body, that is a signature key for about as many years, with the
    offer of that grid.
    """
    years = round(((key.valid_until - key.valid_from).days + 1) / DAYS_PER_YEAR)
    body = bearer_of(key.body)
    for grid in grids_in_force(on):
        if not is_open_to(grid, kind=Kind(body.kind), department=body.department or None):
            continue
        for code in (code for code in grid.charges_of if code.startswith(KEY_SERVICES)):
            charges = grid.charges_on(code)
            if any(charge.frequency is Frequency.TERM and charge.years == years for charge in charges):
                return grid.offer, code
    raise GoingLiveError(f"Le tarif du jour n'a pas de clé de signature de {counted(years, 'an')}.")


def _occasion(key: SignatureKey) -> Occasion:
    return Occasion(
        subject="Renouveler la clé de signature : vos devis",
        opening=(
            f"La clé de signature de {key} pour {key.body.legal.named} signe jusqu'au"
            f" {day_text(key.valid_until)} compris."
            " Les devis de son renouvellement sont joints, un par émetteur."
        ),
    )
