"""What is asked of the issuers at once: the body if the directory lacks it, its declared figures, the request, and its
quotes when they are wanted straight away. All or nothing, whatever door it comes by.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from tripartite.journal.services import Actor
from tripartite.parties.services.bodies import create_body
from tripartite.parties.services.figures import declare_figure
from tripartite.quotes.models import Origin, Quote, Request
from tripartite.quotes.queries.declared import Declared
from tripartite.quotes.queries.requests import same_in_hand
from tripartite.quotes.services.errors import AskedAlreadyError
from tripartite.quotes.services.issuing import issue_quotes
from tripartite.quotes.services.outcomes import write_received
from tripartite.quotes.services.requests import Contact, create_request


@dataclass(frozen=True, slots=True)
class NewBody:
    """A body that the directory does not have, as whoever asks tells it."""

    kind: str
    name: str
    siren: str
    department: str = ""
    client_class: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """The request that was recorded, and the quotes issued with it, if any."""

    request: Request
    quotes: tuple[Quote, ...] = ()


def ask_quotes(
    *,
    beneficiary: int | NewBody,
    order: dict[str, Any],
    contact: Contact,
    origin: str,
    actor: Actor,
    at: datetime,
    figures: Sequence[Declared] = (),
    declared_by: str = "",
    note: str = "",
    token: str | None = None,
    issue: bool = False,
    offer: str = "",
    twice: bool = True,
) -> Asked:
    """Record what a body asks for, with the figures that `declared_by` declares; `issue` also issues its quotes, which
    are then sent to the contact; otherwise the contact is told that the request is received. What a visitor declares
    (`origin` "public") stays with the request until an agent confirms it (`confirm_figure`); an agent who types it has
    it written with the body.

    `beneficiary` is a body of the directory or a new one; `offer` is needed where the order may mean several. A
    `token` already used, even at the same instant, answers the request that it made. Raises FieldErrors for a figure or
    a body that cannot be, OrderError when the order has no price, QuoteError when it cannot be quoted: nothing is
    written then. Unless `twice`, AskedAlreadyError when a request in hand asks for the same.
    """
    if (before := _made_by(token)) is not None:
        return Asked(before)
    try:
        with transaction.atomic():
            visitor = origin == Origin.PUBLIC
            body_id = _body(beneficiary, actor, at, declared_by=declared_by if visitor else "")
            if not twice and (already := same_in_hand(body_id, order, offer=offer)):
                raise AskedAlreadyError(already.reference)
            said = [replace(one, declared_by=declared_by) for one in figures]
            for one in () if visitor else said:
                declare_figure(
                    body_id=body_id,
                    measure=one.measure,
                    counted=one.counted,
                    value=one.value,
                    declared_by=one.declared_by,
                    actor=actor,
                    at=at,
                )
            request = create_request(
                beneficiary_id=body_id,
                order=order,
                contact=contact,
                origin=origin,
                actor=actor,
                at=at,
                note=note,
                token=token,
                declared=said if visitor else (),
                offer=offer,
            )
            if issue:
                return Asked(request, issue_quotes(request_id=request.pk, actor=actor, at=at))
            write_received(request=request, actor=actor, at=at)
            return Asked(request)
    except IntegrityError:
        if (before := _made_by(token)) is None:
            raise
        return Asked(before)


def _made_by(token: str | None) -> Request | None:
    return Request.objects.filter(token=token).first() if token else None


def _body(beneficiary: int | NewBody, actor: Actor, at: datetime, *, declared_by: str) -> int:
    """A body of the directory; a new one that a visitor declares is unconfirmed until an agent says so too."""
    if isinstance(beneficiary, NewBody):
        return create_body(**asdict(beneficiary), declared_by=declared_by, actor=actor, at=at).pk
    return beneficiary
