"""Setting going quotes that renew what is prepaid, under the convention in force: no amendment."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from tripartite.accounts.rights import Action
from tripartite.going_live.services.activations import open_renewal
from tripartite.quotes.queries.requests import request_by_reference
from tripartite.subscriptions.queries.running import renewed_convention
from tripartite.web.shell.access import actor_of, requires
from tripartite.web.shell.acting import act_on, say_done
from tripartite.web.shell.answers import or_404


@require_POST
@requires(Action.CONVENTION_WRITE)
def renew(request: HttpRequest, reference: str) -> HttpResponse:
    asked = or_404(request_by_reference(reference))
    services = {line["service"] for line in asked.order["lines"]}
    convention = renewed_convention(asked.beneficiary_id, services, offer=asked.offer)
    if convention is None:
        messages.error(request, "Ce n'est le renouvellement d'aucun service prépayé d'une convention en vigueur.")
        return redirect("request", reference)

    def act() -> HttpResponse:
        opened = open_renewal(
            request_id=asked.pk, convention_id=convention.pk, actor=actor_of(request), at=timezone.now()
        )
        words = f"Mise en service ouverte : {' ; '.join(one.name for one in opened)}."
        return say_done(request, words, "request", reference)

    return act_on(request, act) or redirect("request", reference)
