"""What whoever asked was sent, and what it declared: sent again, confirmed."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from tripartite.accounts.rights import Action
from tripartite.quotes.queries.requests import request_by_reference
from tripartite.quotes.services.declared import confirm_figure
from tripartite.quotes.services.sending import send_quotes
from tripartite.web.shell.access import actor_of, requires
from tripartite.web.shell.acting import act_on, say_done
from tripartite.web.shell.answers import or_404


@require_POST
@requires(Action.QUOTES_ISSUE)
def send_again(request: HttpRequest, reference: str) -> HttpResponse:
    """The quotes in hand, to the address that the contact has today."""
    asked = or_404(request_by_reference(reference))

    def act() -> HttpResponse:
        address = send_quotes(request_id=asked.pk, actor=actor_of(request), at=timezone.now())
        return say_done(request, f"Les devis partent à {address}.", "request", reference)

    return act_on(request, act) or redirect("request", reference)


@require_POST
@requires(Action.FIGURE_DECLARE)
def confirm(request: HttpRequest, reference: str, figure_id: int) -> HttpResponse:
    """What a visitor declared becomes a figure of the body."""
    asked = or_404(request_by_reference(reference))

    def act() -> HttpResponse:
        confirm_figure(request_id=asked.pk, figure_id=figure_id, actor=actor_of(request), at=timezone.now())
        return say_done(request, "Chiffre confirmé : il est maintenant celui de la structure.", "request", reference)

    return act_on(request, act) or redirect("request", reference)
