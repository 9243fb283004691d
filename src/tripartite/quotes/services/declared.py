"""Confirming what a visitor declared: from then on, and only then, it is a dated figure of the body."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from tripartite.journal.services import Actor
from tripartite.parties.services.errors import FieldErrors
from tripartite.parties.services.figures import declare_figure
from tripartite.pricing.money import whole
from tripartite.quotes.models import DeclaredFigure
from tripartite.quotes.queries.requests import facts_for
from tripartite.quotes.services.errors import QuoteError
from tripartite.quotes.services.requests import journal, locked


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
