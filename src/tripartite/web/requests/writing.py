"""A request typed by an agent, or changed: the estimator chooses, this page says whom to answer and writes it down."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from tripartite.accounts.rights import Action, may
from tripartite.journal.seen import edits_since, told_by
from tripartite.parties.queries.bodies import body_by_id
from tripartite.quotes.queries.closed import why_not_revised
from tripartite.quotes.queries.declared import Declared
from tripartite.quotes.queries.requests import request_by_token, request_with_all, same_in_hand
from tripartite.quotes.queries.seen import order_mark, order_value
from tripartite.quotes.services.asking import ask_quotes
from tripartite.quotes.services.changes import order_changes
from tripartite.quotes.services.requests import Contact, revise_request
from tripartite.quotes.states import RequestState
from tripartite.tariffs.queries import grid_in_force
from tripartite.web.estimator.asking import Asked, address_of, read_asked
from tripartite.web.estimator.selection import AGENTS, SEEN, order_query
from tripartite.web.requests.forms import NewRequestForm, ReviseForm
from tripartite.web.shell.access import actor_of, check_offer, requires
from tripartite.web.shell.acting import act_on, say_done, status_of, turn_away
from tripartite.web.shell.answers import or_404
from tripartite.web.shell.held_by_group import group_notices
from tripartite.web.shell.own_offer import may_act
from tripartite.web.shell.seen import told_when_stale

if TYPE_CHECKING:
    from tripartite.quotes.models import Request

FIGURES = ("population", "staff")
NOT_THE_SAME = "Rien n'est modifié : choisissez d'abord des services qui ont un prix pour {name}."


@requires(Action.REQUEST_CREATE)
def new_request(request: HttpRequest) -> HttpResponse:
    """Whom to answer, beside the price; the quotes can be issued by the same key when no line waits for a price."""
    asked = read_asked(request, AGENTS)
    if asked is None or not asked.ready or asked.facts is None:
        return redirect(address_of(asked.selection) if asked else AGENTS)
    check_offer(request, Action.REQUEST_CREATE, asked.offer)
    figures = tuple(name for name in FIGURES if name in asked.selection.facts)
    same = same_in_hand(asked.facts.body_id, asked.selection.order, offer=asked.offer)
    if request.method != "POST":
        form = NewRequestForm(figures=figures, same=same is not None, initial={"token": uuid.uuid4().hex})
        return _new_page(request, asked, form, same=same)
    form = NewRequestForm(request.POST, figures=figures, same=same is not None)

    def act() -> HttpResponse:
        if already := request_by_token(form.cleaned_data["token"]):
            return redirect("request", already.reference)
        return _created(request, asked, form)

    return act_on(request, act, form=form, field="twice") or _new_page(request, asked, form, same=same, status=422)


def _of_the_same(asked: Asked, revised: Request) -> bool:
    """Whether what the address asks for is of the body and of the offer of the request that it changes."""
    same_body = asked.facts is not None and asked.facts.siren == revised.beneficiary.siren
    return same_body and asked.offer == revised.offer


def _new_page(
    request: HttpRequest, asked: Asked, form: NewRequestForm, *, same: Request | None, status: int = 200
) -> HttpResponse:
    context = {
        "asked": asked,
        "screen": asked.screen,
        "facts": asked.facts,
        "form": form,
        "same": same,
        "address": address_of(asked.selection),
        "may_issue": may_act(request, Action.QUOTES_ISSUE, asked.offer) and not asked.screen.on_request,
        "held_by_group": _held_by_group(asked),
    }
    return render(request, "web/requests/new.html", context, status=status)


def _held_by_group(asked: Asked) -> list[dict[str, Any]]:
    body = body_by_id(asked.facts.body_id) if asked.facts else None
    return group_notices(body, asked.selection.payload(), offer=asked.offer, on=timezone.localdate()) if body else []


def _created(request: HttpRequest, asked: Asked, form: NewRequestForm) -> HttpResponse:
    """Create the request, and issue its quotes if asked."""
    given = form.cleaned_data
    assert asked.facts is not None  # noqa: S101 - checked by the view
    made = ask_quotes(
        beneficiary=asked.facts.body_id,
        figures=_declared(asked, given),
        declared_by=given.get("declared_by", ""),
        order=asked.selection.order,
        offer=asked.offer,
        contact=Contact(given["name"], given["function"], given["email"], given["phone"]),
        origin="agent",
        note=given["note"],
        token=given["token"],
        twice=given.get("twice", False),
        issue="issue" in request.POST and may(request.user, Action.QUOTES_ISSUE),
        actor=actor_of(request),
        at=timezone.now(),
    )
    told = f"Demande {made.request.reference} enregistrée."
    if made.quotes:
        told = f"Devis émis : {' et '.join(quote.number for quote in made.quotes)}."
    return say_done(request, told, "request", made.request.reference)


def _declared(asked: Asked, given: dict[str, Any]) -> list[Declared]:
    """Figures typed on the estimator become declarations, by whom the agent says."""
    counts = (("population", "municipale"), ("staff", given.get("counted") or "agents"))
    facts = asked.selection.facts
    return [Declared(measure, counted, facts[measure]) for measure, counted in counts if measure in facts]


@requires(Action.REQUEST_REVISE)
def revise(request: HttpRequest, reference: str) -> HttpResponse:
    """What was asked, what is asked now, why; the quotes in hand stay until a new version is issued."""
    revised = or_404(request_with_all(reference))
    if refusal := why_not_revised(revised):
        return turn_away(request, refusal, "request", reference)
    asked = read_asked(request, AGENTS)
    if asked is None or not asked.ready or not _of_the_same(asked, revised):
        messages.error(request, NOT_THE_SAME.format(name=revised.beneficiary.name))
        return redirect("request", reference)
    wanted = asked.selection.order
    mark, left = order_mark(revised), asked.selection.typed.get(SEEN, "")
    stale = edits_since(left, "request", revised.pk, order_value(revised.order), actions=("quotes.revise",))
    accepted = revised.state == RequestState.ACCEPTED
    form = ReviseForm(request.POST or None, accepted=accepted, initial={"made_on": mark})

    def act() -> HttpResponse:
        with told_when_stale(form):
            done = revise_request(
                request_id=revised.pk,
                order=wanted,
                actor=actor_of(request),
                at=timezone.now(),
                reason=form.cleaned_data["reason"],
                seen=form.cleaned_data["made_on"],
            )
        words = "Demande modifiée : relisez-la, puis émettez la nouvelle version."
        if done.state != RequestState.RECEIVED:
            words = f"Demande modifiée : ce que disent les devis en main est remis ({done.state_label})."
        return say_done(request, words, "request", reference)

    if answer := act_on(request, act, form=form):
        return answer
    context = {
        "asked": asked,
        "screen": asked.screen,
        "facts": asked.facts,
        "form": form,
        "revised": revised,
        "changes": _changes(revised, wanted),
        "stale": told_by(stale) if stale and not form.is_bound else "",
        "as_it_stands": order_query(revised.order, revised.beneficiary.siren, offer=asked.selection.offer),
        "address": address_of(asked.selection),
    }
    return render(request, "web/requests/revise.html", context, status=status_of(form))


def _changes(revised: Request, wanted: dict[str, Any]) -> list[str]:
    grid = grid_in_force(timezone.localdate(), offer=revised.offer)
    return order_changes(revised.order, wanted, grid) if grid else []
