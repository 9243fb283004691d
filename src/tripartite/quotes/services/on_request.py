"""Pricing the lines « sur devis »: by an agent of the issuer concerned, with a reason."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from tripartite.journal.seen import StaleError
from tripartite.journal.services import Actor
from tripartite.parties.queries.bodies import name_of_issuer
from tripartite.pricing.bounds import wrong_amount
from tripartite.pricing.estimate import Status
from tripartite.pricing.money import euros
from tripartite.quotes.models import OnRequestPrice, Request
from tripartite.quotes.queries.pricing_lines import RequestLine
from tripartite.quotes.queries.requests import estimate_request
from tripartite.quotes.services.errors import QuoteError
from tripartite.quotes.services.requests import journal, locked
from tripartite.quotes.states import RequestState
from tripartite.tariffs.queries import grids_in_force, name_of_service
from tripartite.typed import clean_line


@transaction.atomic
def price_on_request_line(
    *,
    request_id: int,
    fingerprint: str,
    amount_cents: int,
    reason: str,
    issuer: str,
    actor: Actor,
    at: datetime,
    seen: str | None = None,
) -> OnRequestPrice:
    """Price a line on request: `amount_cents` for the whole line, on the basis that the tariff votes (TTC or HT), at
    its own frequency, zero or more, or less than zero for a line that gives something up.

    `fingerprint` names the line as the agent saw it; `issuer` is the agent's own; `seen` names the
    price that stood then (its key, or « » for none). Raises StaleError when a colleague has given another meanwhile,
    QuoteError when the line is another issuer's, has changed since, is not on request, or when the reason or the amount
    is missing.
    """
    request = locked(request_id)
    if request.state != RequestState.RECEIVED:
        raise QuoteError(f"Demande « {request.state_label} » : ses lignes ne se chiffrent plus.")
    line = _line(request, fingerprint, timezone.localdate(at))
    if line.line.issuer != issuer:
        raise QuoteError("Cette ligne est celle de l'autre émetteur : un de ses agents la chiffre.")
    if seen is not None and seen != (stands := price_mark(line)):
        assert line.price is not None  # noqa: S101 - prices are added, never taken away
        told = f"{line.price.priced_by} a donné {euros(line.price.amount_cents)} : {line.price.reason}."
        raise StaleError("Le prix de cette ligne", told, stands)
    if not clean_line(reason):
        raise QuoteError("Donnez le motif du prix : il s'imprime sur le devis.")
    if wrong := wrong_amount(amount_cents, below_zero=line.line.quantity < 0):
        raise QuoteError(wrong)
    price = OnRequestPrice.objects.create(
        request=request,
        issuer=issuer,
        service=line.line.service,
        charge=line.line.charge,
        fingerprint=fingerprint,
        amount_cents=amount_cents,
        reason=clean_line(reason),
        priced_by=actor.label,
        priced_at=at,
    )
    journal(
        request,
        actor,
        at,
        "quotes.price",
        f"{_named(line, at)} chiffré à {euros(amount_cents)} : {clean_line(reason)}",
        amount_cents=amount_cents,
    )
    return price


def _named(line: RequestLine, at: datetime) -> str:
    """« Stockage supplémentaire › Abonnement (Opérateur) »."""
    asked = line.line
    grid = next((one for one in grids_in_force(timezone.localdate(at)) if asked.service in one.services), None)
    charge = grid.charge_of(asked.service, asked.charge, asked.issuer).name if grid else asked.charge
    service = name_of_service(asked.service, on=timezone.localdate(at))
    return f"{service} › {charge} ({name_of_issuer(asked.issuer)})"


def price_mark(line: RequestLine) -> str:
    """What a form that prices a line was made on: the price that stands, if any."""
    return str(line.price.pk) if line.price else ""


def _line(request: Request, fingerprint: str, on: date) -> RequestLine:
    found = estimate_request(request, on=on)
    if found.refusal is not None:
        raise QuoteError(found.refusal.message)
    line = next((item for item in found.lines if item.fingerprint == fingerprint), None)
    if line is None or line.line.status is not Status.ON_REQUEST:
        raise QuoteError("La demande a changé depuis l'affichage : relisez la ligne avant de la chiffrer.")
    return line
