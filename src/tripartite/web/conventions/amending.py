"""An amendment asked for from the page of a convention: what is in service, what is to be, one form."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from tripartite.accounts.rights import Action
from tripartite.conventions.queries.closed import why_not_amended
from tripartite.conventions.queries.holdings import services_in_force
from tripartite.conventions.services.amending import ask_for_amendment, change_amendment
from tripartite.pricing.grid import Grid
from tripartite.pricing.holding import Holding
from tripartite.pricing.quantities import quantity_text
from tripartite.quotes.queries.closed import why_not_revised
from tripartite.quotes.queries.requests import request_by_reference
from tripartite.quotes.queries.seen import order_mark
from tripartite.quotes.states import RequestState
from tripartite.tariffs.queries import grid_in_force
from tripartite.web.conventions.forms import AmendForm
from tripartite.web.conventions.page import convention_or_404
from tripartite.web.estimator.selection import order_query
from tripartite.web.shell.access import actor_of, check_right, requires
from tripartite.web.shell.acting import act_on, say_done, status_of, turn_away
from tripartite.web.shell.seen import told_when_stale

if TYPE_CHECKING:
    from tripartite.conventions.models import Convention
    from tripartite.quotes.models import Request


@requires(Action.REQUEST_CREATE)
def amend(request: HttpRequest, convention_id: int) -> HttpResponse:
    """How much of each service after the amendment; the request made of it is then priced, quoted and accepted."""
    convention = convention_or_404(convention_id)
    grid = grid_in_force(timezone.localdate(), offer=convention.request.offer)
    if grid is None or convention.parent_id:
        raise Http404
    if refusal := why_not_amended(convention):
        return turn_away(request, refusal, "convention", convention_id)
    held, again = services_in_force(convention), _changed(request, convention)
    form = _form(request, grid, held, again)

    def act() -> HttpResponse:
        made = _asked(request, convention, again, form)
        words = f"Demande {made.reference} : relisez la différence, puis émettez les devis."
        return say_done(request, words, "request", made.reference)

    if again is not None and (refusal := why_not_revised(again)):
        return turn_away(request, refusal, "request", again.reference)
    if answer := act_on(request, act, form=form):
        return answer
    context = {
        "convention": convention,
        "form": form,
        "again": again,
        "apart": held.where(lambda service: service not in form.held).as_lines(),
        "estimator_query": order_query(
            {"lines": [], "in_service": held.as_lines()}, convention.beneficiary.siren, offer=grid.offer
        ),
    }
    return render(request, "web/conventions/amend.html", context, status=status_of(form))


def _changed(request: HttpRequest, convention: Convention) -> Request | None:
    """The request that is being changed, if the address names one of the same body."""
    reference = request.GET.get("demande", "")[:40]
    if not reference:
        return None
    found = request_by_reference(reference)
    if found is None or found.beneficiary_id != convention.beneficiary_id or found.offer != convention.request.offer:
        raise Http404
    check_right(request, Action.REQUEST_REVISE)
    return found


def _form(request: HttpRequest, grid: Grid, held: Holding, again: Request | None) -> AmendForm:
    initial: dict[str, object] = {}
    if again:
        initial = {"made_on": order_mark(again)}
        after = Holding.after(again.order)
        initial |= {code: Decimal(quantity_text(after.amount(code))) for code in grid.services}
    accepted = again is not None and again.state == RequestState.ACCEPTED
    typed = request.POST if request.method == "POST" else None
    return AmendForm(typed, grid=grid, held=held, again=bool(again), accepted=accepted, initial=initial)


def _asked(request: HttpRequest, convention: Convention, again: Request | None, form: AmendForm) -> Request:
    wanted, actor, now = form.wanted(), actor_of(request), timezone.now()
    made: Request
    if again is None:
        made = ask_for_amendment(convention_id=convention.pk, wanted=wanted, actor=actor, at=now)
    else:
        reason = form.cleaned_data["reason"]
        with told_when_stale(form):
            made = change_amendment(
                convention_id=convention.pk,
                request_id=again.pk,
                wanted=wanted,
                reason=reason,
                actor=actor,
                at=now,
                seen=form.cleaned_data["made_on"],
            )
    return made
