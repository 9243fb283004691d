"""Asking for an amendment: from what a convention holds to what is wanted, as a request whose quotes are the
difference."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from tripartite.conventions.models import Convention
from tripartite.conventions.queries.holdings import services_in_force
from tripartite.conventions.services.errors import ConventionError
from tripartite.conventions.services.records import locked
from tripartite.conventions.states import ConventionState
from tripartite.journal.services import Actor
from tripartite.quotes.queries.requests import request_by_id
from tripartite.quotes.services.requests import Contact, create_request, revise_request

NOTHING_CHANGES = "Rien ne change : donnez une autre quantité à un service, ou ajoutez-en un."
NOTHING_LEFT = (
    "Il ne resterait aucun service : c'est une résiliation, qui se note sur la page de la convention avec son préavis."
)


@transaction.atomic
def ask_for_amendment(*, convention_id: int, wanted: Mapping[str, int | float], actor: Actor, at: datetime) -> Any:
    """The request of an amendment to a convention in force: `wanted` says how much of each service is to be in service
    after it (0 ends it; what it does not name stays as it is). The contact is that of the convention's request.

    Raises ConventionError when the convention cannot be amended, when nothing changes or nothing is left; OrderError
    and QuoteError when what is wanted has no price.
    """
    convention = _amendable(convention_id)
    asked = request_by_id(convention.request_id)
    assert asked is not None  # noqa: S101 - a protected foreign key
    contact = Contact(asked.contact_name, asked.contact_function, asked.contact_email, asked.contact_phone)
    return create_request(
        beneficiary_id=convention.beneficiary_id,
        order=amendment_order(services_in_force(convention), wanted),
        contact=contact,
        origin="agent",
        note=f"Avenant à la convention {convention.number}.",
        actor=actor,
        at=at,
    )


@transaction.atomic
def change_amendment(
    *, convention_id: int, request_id: int, wanted: Mapping[str, int | float], reason: str, actor: Actor, at: datetime
) -> Any:
    """The same for a request already made: its quotes in hand stay until a new version is issued. Same errors."""
    convention = _amendable(convention_id)
    asked = request_by_id(request_id)
    if asked is None or asked.beneficiary_id != convention.beneficiary_id:
        raise ConventionError("Un avenant ne modifie qu'une convention de la même collectivité.")
    order = amendment_order(services_in_force(convention), wanted)
    return revise_request(request_id=request_id, order=order, reason=reason, actor=actor, at=at)


def amendment_order(held: list[dict[str, Any]], wanted: Mapping[str, int | float]) -> dict[str, Any]:
    """The order, in the contract's shape, that leads from what is held to what is wanted. Raises ConventionError."""
    before = {line["service"]: line["quantity"] for line in held if "quantity" in line and not line.get("options")}
    changes = {code: quantity - before.get(code, 0) for code, quantity in wanted.items()}
    order = {
        "lines": [{"service": code, "quantity": more} for code, more in changes.items() if more > 0],
        "in_service": held,
        "ended": [{"service": code, "quantity": -less} for code, less in changes.items() if less < 0],
    }
    if not order["lines"] and not order["ended"]:
        raise ConventionError(NOTHING_CHANGES)
    if not any({**before, **wanted}.values()) and len(before) == len(held):
        raise ConventionError(NOTHING_LEFT)
    return order


def _amendable(convention_id: int) -> Convention:
    convention = locked(convention_id)
    if convention.state != ConventionState.IN_FORCE or convention.parent_id is not None:
        raise ConventionError("Un avenant ne modifie qu'une convention en vigueur.")
    if convention.ended_on is not None:
        raise ConventionError(f"La fin de cette convention est notée : le {convention.ended_on:%d/%m/%Y}.")
    return convention
