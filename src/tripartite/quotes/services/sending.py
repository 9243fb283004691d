"""Sending again the quotes in hand: to an address given or corrected since, or after a letter that was given up."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from tripartite.journal.services import Actor
from tripartite.quotes.models import Quote
from tripartite.quotes.queries.fates import Outcome, fate_of
from tripartite.quotes.queries.requests import is_expired
from tripartite.quotes.services.errors import QuoteError
from tripartite.quotes.services.letters import write_quotes_issued
from tripartite.quotes.services.requests import locked
from tripartite.quotes.states import QuoteState, RequestState


@transaction.atomic
def send_quotes(*, request_id: int, actor: Actor, at: datetime) -> str:
    """Write to the contact of a request with the quotes in hand; the address that they go to.

    Raises QuoteError without an address, when there are no quotes to answer, or when a letter to that address is
    already on its way.
    """
    request = locked(request_id)
    quotes = list(
        Quote.objects.filter(version__request=request, state=QuoteState.ISSUED).select_related("version").order_by("pk")
    )
    if request.state != RequestState.QUOTED or not quotes:
        raise QuoteError(f"Demande « {request.state_label} » : il n'y a pas de devis à envoyer.")
    if any(is_expired(quote, on=timezone.localdate(at)) for quote in quotes):
        raise QuoteError("Ces devis ont expiré : émettez une nouvelle version, elle partira au contact.")
    if not request.contact_email:
        raise QuoteError("Ce dossier n'a pas d'adresse électronique : complétez d'abord son contact.")
    fate = fate_of(request)
    if fate and fate.outcome is Outcome.WAITING and fate.recipient.lower() == request.contact_email.lower():
        raise QuoteError(f"Les devis partent déjà à {request.contact_email}.")
    number = quotes[0].version.version
    before = request.versions.filter(version__lt=number).order_by("-version").first()
    write_quotes_issued(request=request, quotes=quotes, before=before, occasion=None, actor=actor, at=at)
    return request.contact_email
