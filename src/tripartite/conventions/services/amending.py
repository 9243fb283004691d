"""Asking for an amendment: from what a convention holds to what is wanted, as a request whose quotes are the
difference."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db import transaction

from tripartite.conventions.models import Convention
from tripartite.conventions.queries.closed import why_not_amended
from tripartite.conventions.queries.holdings import held_beside, services_in_force, starts_from
from tripartite.conventions.services.errors import ConventionError
from tripartite.conventions.services.records import locked
from tripartite.conventions.states import GIVEN_UP, ConventionState
from tripartite.journal.services import Actor
from tripartite.pricing.holding import Holding
from tripartite.quotes.queries.requests import request_by_id
from tripartite.quotes.services.errors import QuoteError
from tripartite.quotes.services.requests import Contact, create_request, revise_request

Wanted = Mapping[str, int | Decimal | Fraction]
"""How much of each service is to be held, by its code."""
NOTHING_CHANGES = "Rien ne change : donnez une autre quantité à un service, ou ajoutez-en un."
NOTHING_LEFT = (
    "Il ne resterait aucun service : c'est une résiliation, qui se note sur la page de la convention avec son préavis."
)


@transaction.atomic
def ask_for_amendment(*, convention_id: int, wanted: Wanted, actor: Actor, at: datetime) -> Any:
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
        amends=(convention.number or "", next_rank(convention)),
        offer=asked.offer,
        actor=actor,
        at=at,
    )


@transaction.atomic
def change_amendment(
    *,
    convention_id: int,
    request_id: int,
    wanted: Wanted,
    reason: str,
    actor: Actor,
    at: datetime,
    seen: str | None = None,
) -> Any:
    """The same for a request already made: its quotes in hand stay until a new version is issued. Same errors."""
    convention = _amendable(convention_id)
    asked = request_by_id(request_id)
    if asked is None or asked.beneficiary_id != convention.beneficiary_id:
        raise ConventionError("Un avenant ne modifie qu'une convention de la même collectivité.")
    check_offer(convention, asked.offer)
    order = amendment_order(services_in_force(convention), wanted)
    return revise_request(request_id=request_id, order=order, reason=reason, actor=actor, at=at, seen=seen)


def next_rank(convention: Convention) -> int:
    """Which amendment of a convention the next one is: abandoned ones do not count."""
    return 1 + convention.amendments.exclude(state__in=(ConventionState.DRAFT, *GIVEN_UP)).count()


def check_offer(convention: Convention, offer: str) -> None:
    """Raise ConventionError when an amendment would be of another offer than its convention."""
    if convention.request.offer != offer:
        raise ConventionError(
            f"Cette convention est de l'offre « {convention.request.offer} », cette demande de l'offre « {offer} » :"
            " une autre offre fait une autre convention."
        )


def check_request(request: Any) -> None:
    """Raise QuoteError when a request to amend a convention no longer starts from what that convention holds: its
    quotes, or their acceptance, would bring back what a letter ended since."""
    if not request.amends_number:
        return
    convention = Convention.objects.filter(number=request.amends_number).select_related("version").first()
    if convention is None or convention.state != ConventionState.IN_FORCE or convention.ended_on is not None:
        raise QuoteError(f"La convention {request.amends_number} n'est plus en vigueur, ou sa fin est notée.")
    if not starts_from(request.order, services_in_force(convention), held_beside(convention)):
        raise QuoteError(
            f"Ce que porte la convention {convention.number} a changé depuis cette demande : reprenez-la depuis la page"
            " de la convention, « Préparer un avenant », pour repartir de ses services en vigueur."
        )


def amendment_order(held: Holding, wanted: Wanted) -> dict[str, Any]:
    """The order, in the contract's shape, that leads from what is held to what is wanted. Raises ConventionError."""
    target = held
    for service, quantity in wanted.items():
        target = target.with_amount(service, Fraction(quantity))
    if target == held:
        raise ConventionError(NOTHING_CHANGES)
    if not target:
        raise ConventionError(NOTHING_LEFT)
    added, removed = held.to(target)
    return {"lines": added.as_lines(), "in_service": held.as_lines(), "ended": removed.as_lines()}


def _amendable(convention_id: int) -> Convention:
    convention = locked(convention_id)
    if refusal := why_not_amended(convention):
        raise ConventionError(refusal)
    return convention
