"""Putting right an intervention noted wrongly, and what it made due: another in its place, or none."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from tripartite.accounts.rights import Action
from tripartite.following.services.correcting import Rightly, annul_intervention, correct_intervention
from tripartite.web.agenda.forms import CancelForm
from tripartite.web.agenda.interventions import again, correct_form, intervention_or_404, price_given
from tripartite.web.shell.access import actor_of, requires
from tripartite.web.shell.acting import act_on, say_done


@require_POST
@requires(Action.INTERVENTION_RECORD)
def correct(request: HttpRequest, intervention_id: int) -> HttpResponse:
    form = correct_form(request, intervention_or_404(intervention_id), request.POST)

    def act() -> HttpResponse:
        given = form.cleaned_data
        rightly = Rightly(
            done_on=given["done_on"],
            minutes=given["minutes"],
            note=given["note"],
            charged=given.get("charged", False),
            price=price_given(request, given),
        )
        told = correct_intervention(
            intervention_id=intervention_id,
            rightly=rightly,
            reason=given["why"],
            actor=actor_of(request),
            at=timezone.now(),
        )
        words = f"Intervention corrigée : voici celle qui la remplace. {told.said}".strip()
        return say_done(request, words, "intervention", told.intervention.pk)

    return act_on(request, act, form=form) or again(request, intervention_id, "correct", form)


@require_POST
@requires(Action.INTERVENTION_RECORD)
def annul(request: HttpRequest, intervention_id: int) -> HttpResponse:
    form = CancelForm(request.POST, auto_id="annul_%s")

    def act() -> HttpResponse:
        reason = form.cleaned_data["reason"]
        told = annul_intervention(
            intervention_id=intervention_id, reason=reason, actor=actor_of(request), at=timezone.now()
        )
        return say_done(request, f"Intervention annulée. {told.said}".strip(), "intervention", intervention_id)

    return act_on(request, act, form=form) or again(request, intervention_id, "annul", form)
