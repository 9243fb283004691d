"""Confirming what a visitor declared: from then on, and only then, it is a dated figure of the body; or saying that the
body which it declared is another one.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from tripartite.journal.services import Actor
from tripartite.parties.queries.bodies import body_by_identifier, why_ended
from tripartite.parties.services.bodies import drop_declared
from tripartite.parties.services.errors import FieldErrors
from tripartite.parties.services.figures import declare_figure
from tripartite.pricing.money import whole
from tripartite.quotes.models import DeclaredFigure, Request
from tripartite.quotes.queries.requests import facts_for
from tripartite.quotes.services.errors import QuoteError
from tripartite.quotes.services.requests import journal, locked


@transaction.atomic
def merge_declared_body(*, body_id: int, siren: str, actor: Actor, at: datetime) -> Any:
    """Say that a body which a visitor declared is another one of the directory (`siren`): its requests become that
    one's, and it is no more. Answers the other one.

    Raises QuoteError for a SIREN that is not in the directory, or once quotes name it; FieldErrors as `drop_declared`.
    """
    into = body_by_identifier("siren", siren)
    if into is None or into.pk == body_id:
        raise QuoteError("Donnez le SIREN d'une autre structure, déjà dans l'annuaire.")
    if why := why_ended(into, on=timezone.localdate(at)):
        raise QuoteError(why)
    asked = list(Request.objects.select_for_update(of=("self",)).filter(beneficiary_id=body_id).order_by("pk"))
    if named := [str(one) for one in asked if one.versions.exists()]:
        raise QuoteError(f"Des devis sont émis à son nom ({', '.join(named)}) : confirmez-la, ou annulez la demande.")
    for one in asked:
        one.beneficiary = into
        one.save(update_fields=["beneficiary"])
        text = f"La structure déclarée est {into.name} (SIREN {into.siren}) : la demande est la sienne."
        journal(one, actor, at, "quotes.merge-body", text)
    drop_declared(body_id=body_id, into=into, actor=actor, at=at)
    return into


@transaction.atomic
def confirm_figure(*, request_id: int, figure_id: int, actor: Actor, at: datetime) -> DeclaredFigure:
    """Make a figure that came with a request a dated figure of its body, which counts from this day.

    It keeps the name of who declared it; the journals of the request and of the body say who confirmed it. Raises
    QuoteError for a figure of another request, confirmed already, or where the directory has one meanwhile.
    """
    request = locked(request_id)
    figure = DeclaredFigure.objects.filter(request=request, pk=figure_id).first()
    if figure is None:
        raise QuoteError("Ce chiffre n'est pas de cette demande.")
    if figure.confirmed_at is not None:
        raise QuoteError(f"Ce chiffre est déjà confirmé, par {figure.confirmed_by}.")
    known = getattr(facts_for(request, on=timezone.localdate(at)), figure.measure)
    if known is not None:
        raise QuoteError(
            f"L'annuaire donne maintenant un autre chiffre ({whole(known)}) : c'est lui qui compte. S'il a changé,"
            " déclarez-le sur la page de la structure."
        )
    try:
        declare_figure(
            body_id=request.beneficiary_id,
            measure=figure.measure,
            counted=figure.counted,
            value=figure.value,
            declared_by=figure.declared_by,
            source=f"demande {request.reference}",
            actor=actor,
            at=at,
        )
    except FieldErrors as refusal:
        raise QuoteError(str(refusal)) from None
    figure.confirmed_at, figure.confirmed_by = at, actor.label
    figure.save(update_fields=["confirmed_at", "confirmed_by"])
    words = f"{figure.get_counted_display()} : {whole(figure.value)}"
    text = f"Chiffre confirmé : {words}, déclaré par {figure.declared_by}. Il est maintenant celui de la structure."
    journal(request, actor, at, "quotes.confirm-figure", text, figure=figure.pk)
    return figure
