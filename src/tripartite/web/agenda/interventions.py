"""Interventions on a body: what was done, what is planned, and the short forms that note them, on a telephone too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from tripartite.accounts.queries import open_accounts
from tripartite.accounts.rights import Action, may
from tripartite.following.queries.charges import ConditionalCharge, charges_in_case
from tripartite.following.queries.interventions import (
    due_charges_of,
    intervention_by_id,
    interventions_of_body,
    known_services,
)
from tripartite.following.queries.seen import visit_mark
from tripartite.following.services.charges import GivenPrice
from tripartite.following.services.interventions import (
    Recorded,
    Subject,
    cancel_intervention,
    move_intervention,
    plan_intervention,
    record_intervention,
)
from tripartite.following.states import InterventionState
from tripartite.parties.queries.bodies import body_by_identifier, issuers
from tripartite.quotes.queries.requests import request_by_reference
from tripartite.web.agenda.display import BADGES, shown_rows
from tripartite.web.agenda.forms import CancelForm, CorrectDoneForm, DoneForm, MoveForm, PlanForm
from tripartite.web.shell.access import actor_of, requires
from tripartite.web.shell.acting import act_on, say_done
from tripartite.web.shell.answers import or_404
from tripartite.web.shell.seen import told_when_stale

if TYPE_CHECKING:
    from tripartite.following.models import Intervention
    from tripartite.parties.models import Issuer, PublicBody
    from tripartite.quotes.models import Request


def body_or_404(siren: str) -> PublicBody:
    return or_404(body_by_identifier("siren", siren))


def agents_for(request: HttpRequest) -> list[tuple[str, str]]:
    """Who can make an intervention: whoever asks first, then the others by name."""
    able = [one for one in open_accounts() if may(one, Action.INTERVENTION_RECORD)]
    able.sort(key=lambda one: one.pk != request.user.pk)
    return [(str(one.pk), f"{one} ({one.issuer.short_name})") for one in able]  # type: ignore[union-attr]


@requires(Action.INTERVENTION_READ)
def of_body(request: HttpRequest, siren: str) -> HttpResponse:
    """All the interventions of a body, and the two forms."""
    return _page(request, body_or_404(siren))


def _page(
    request: HttpRequest, body: PublicBody, *, shown: dict[str, forms.Form] | None = None, status: int = 200
) -> HttpResponse:
    today, bound = timezone.localdate(), shown or {}
    asked = _asked(request, body)
    names = known_services(body.pk, on=today)
    given: dict[str, Any] = {"services": names.items(), "agents": agents_for(request)}
    charges = charges_in_case(body.pk, on=today)
    slots = {issuer.code: issuer for issuer in issuers()}
    day = {"done_on": today, "service": request.GET.get("service", ""), "minutes": 30}
    context = {
        "body": body,
        "asked": asked,
        "rows": shown_rows(interventions_of_body(body.pk)),
        "names": names,
        "charges": [(one, slots.get(one.issuer)) for one in charges],
        "due": [(one, slots.get(one.issuer)) for one in due_charges_of(body.pk)],
        "done_form": bound.get("done")
        or DoneForm(initial=day, auto_id="done_%s", **_charging(request, charges), **given),
        "plan_form": bound.get("plan") or PlanForm(initial={"minutes": 60}, auto_id="plan_%s", **given),
        "open": next(iter(bound), ""),
        "may_record": may(request.user, Action.INTERVENTION_RECORD),
    }
    return render(request, "web/agenda/interventions/body.html", context, status=status)


def _charging(request: HttpRequest, charges: list[ConditionalCharge]) -> dict[str, Any]:
    """Whether something may become due, and whether whoever asks may have to say how much, TTC or HT."""
    own = request.user.issuer.code  # type: ignore[union-attr]
    wanted = [one.basis for one in charges if one.issuer == own and one.amount_cents is None]
    pricing = bool(wanted) and may(request.user, Action.LINE_PRICE, issuer=own)
    return {"charging": bool(charges), "pricing": pricing, "basis": next(iter(wanted), "TTC")}


def _asked(request: HttpRequest, body: PublicBody) -> Request | None:
    """The file from which an agent comes, if it is one of that body."""
    reference = request.POST.get("demande") or request.GET.get("demande", "")
    found = request_by_reference(reference[:60]) if reference else None
    return found if found is not None and found.beneficiary_id == body.pk else None


def _subject(form: forms.Form, body: PublicBody, asked: Request | None) -> Subject:
    given = form.cleaned_data
    return Subject(
        body_id=body.pk,
        kind=given["kind"],
        agent_id=int(given["agent"]),
        service=given["service"],
        place=given.get("place", ""),
        request_id=asked.pk if asked else None,
    )


@require_POST
@requires(Action.INTERVENTION_RECORD)
def note_done(request: HttpRequest, siren: str) -> HttpResponse:
    body = body_or_404(siren)
    asked, today = _asked(request, body), timezone.localdate()
    form = DoneForm(
        request.POST,
        services=known_services(body.pk, on=today).items(),
        agents=agents_for(request),
        auto_id="done_%s",
        **_charging(request, charges_in_case(body.pk, on=today)),
    )

    def act() -> HttpResponse:
        told = _record(request, form, subject=_subject(form, body, asked))
        return say_done(request, f"Intervention notée. {told.said}".strip(), *_back(siren, asked))

    return act_on(request, act, form=form) or _page(request, body, shown={"done": form}, status=422)


@require_POST
@requires(Action.INTERVENTION_RECORD)
def plan(request: HttpRequest, siren: str) -> HttpResponse:
    body = body_or_404(siren)
    asked = _asked(request, body)
    services = known_services(body.pk, on=timezone.localdate())
    form = PlanForm(request.POST, services=services.items(), agents=agents_for(request), auto_id="plan_%s")

    def act() -> HttpResponse:
        plan_intervention(
            subject=_subject(form, body, asked),
            planned_at=form.planned_at,
            minutes=form.cleaned_data["minutes"],
            note=form.cleaned_data["note"],
            actor=actor_of(request),
            at=timezone.now(),
        )
        return say_done(request, "Intervention planifiée : elle est à l'agenda.", *_back(siren, asked))

    return act_on(request, act, form=form) or _page(request, body, shown={"plan": form}, status=422)


def price_given(request: HttpRequest, given: dict[str, Any]) -> GivenPrice | None:
    """The price that whoever asks sets for its own issuer."""
    own = request.user.issuer.code  # type: ignore[union-attr]
    if given.get("amount") is None or not may(request.user, Action.LINE_PRICE, issuer=own):
        return None
    return GivenPrice(own, given["amount"], given.get("reason", ""))


def _record(request: HttpRequest, form: DoneForm, **which: Any) -> Recorded:
    given = form.cleaned_data
    return record_intervention(
        **which,
        done_on=given["done_on"],
        minutes=given["minutes"],
        note=given["note"],
        charged=given.get("charged", False),
        price=price_given(request, given),
        actor=actor_of(request),
        at=timezone.now(),
    )


def _back(siren: str, asked: Request | None) -> tuple[str, str]:
    """The page that an agent comes from."""
    return ("request", asked.reference) if asked else ("body-interventions", siren)


@requires(Action.INTERVENTION_READ)
def show(request: HttpRequest, intervention_id: int) -> HttpResponse:
    return _one(request, intervention_or_404(intervention_id))


def intervention_or_404(intervention_id: int) -> Intervention:
    return or_404(intervention_by_id(intervention_id))


def _one(
    request: HttpRequest, one: Intervention, *, shown: dict[str, forms.Form] | None = None, status: int = 200
) -> HttpResponse:
    today, bound = timezone.localdate(), shown or {}
    names = known_services(one.body_id, on=today)
    planned = timezone.localtime(one.planned_at) if one.planned_at else None
    present = {
        "day": planned and planned.date(),
        "hour": planned and planned.time(),
        "minutes": one.planned_minutes,
        "place": one.place,
        "agent": str(one.agent_id),
        "made_on": visit_mark(one),
    }
    context = {
        "one": one,
        "service": names.get(one.service, one.service),
        "badge": BADGES[InterventionState(one.state)],
        "planned": one.state == InterventionState.PLANNED,
        "move_form": bound.get("move") or MoveForm(initial=present, agents=agents_for(request), auto_id="move_%s"),
        "done_form": bound.get("done") or _done_form(request, one),
        "charges": _charges_shown(one),
        "cancel_form": bound.get("cancel") or CancelForm(auto_id="cancel_%s"),
        "correctable": one.state == InterventionState.DONE,
        "correct_form": bound.get("correct") or correct_form(request, one),
        "annul_form": bound.get("annul") or CancelForm(auto_id="annul_%s"),
        "later": getattr(one, "corrected_by", None),
        "open": next(iter(bound), ""),
        "may_record": may(request.user, Action.INTERVENTION_RECORD),
    }
    return render(request, "web/agenda/interventions/page.html", context, status=status)


def _charges_of(one: Intervention) -> list[ConditionalCharge]:
    """What an intervention may make due, for its service."""
    found = charges_in_case(one.body_id, on=timezone.localdate())
    return [each for each in found if each.subscription.service == one.service]


def _charges_shown(one: Intervention) -> list[tuple[ConditionalCharge, Issuer | None]]:
    """The same with the issuer of each, while it is planned."""
    if one.state != InterventionState.PLANNED:
        return []
    slots = {issuer.code: issuer for issuer in issuers()}
    return [(each, slots.get(each.issuer)) for each in _charges_of(one)]


def correct_form(request: HttpRequest, one: Intervention, posted: QueryDict | None = None) -> CorrectDoneForm:
    """What an intervention should have said, filled with what it says."""
    due = [each for each in one.due_charges.all() if not hasattr(each, "annulment")]
    present = {"done_on": one.done_on, "minutes": one.minutes, "note": one.note, "charged": bool(due)}
    charging = _charging(request, _charges_of(one))
    form = CorrectDoneForm(posted, initial=present, services=(), agents=(), auto_id="correct_%s", **charging)
    for name in ("kind", "service", "agent"):
        del form.fields[name]
    return form


def _done_form(request: HttpRequest, one: Intervention, posted: QueryDict | None = None) -> DoneForm:
    """The same form as for one that was not planned, its kind, its service and its agent known."""
    today = timezone.localdate()
    charges = _charges_of(one)
    minutes = {"minutes": one.planned_minutes, "note": one.note, "done_on": today}
    form = DoneForm(posted, initial=minutes, services=(), agents=(), auto_id="done_%s", **_charging(request, charges))
    for name in ("kind", "service", "agent"):
        del form.fields[name]
    return form


def again(request: HttpRequest, intervention_id: int, name: str, form: forms.Form) -> HttpResponse:
    """The page as it stands now, with the form that was not accepted."""
    return _one(request, intervention_or_404(intervention_id), shown={name: form}, status=422)


@require_POST
@requires(Action.INTERVENTION_RECORD)
def done(request: HttpRequest, intervention_id: int) -> HttpResponse:
    one = intervention_or_404(intervention_id)
    form = _done_form(request, one, request.POST)

    def act() -> HttpResponse:
        told = _record(request, form, intervention_id=one.pk)
        return say_done(request, f"Intervention notée. {told.said}".strip(), "intervention", intervention_id)

    return act_on(request, act, form=form) or again(request, intervention_id, "done", form)


@require_POST
@requires(Action.INTERVENTION_RECORD)
def move(request: HttpRequest, intervention_id: int) -> HttpResponse:
    one = intervention_or_404(intervention_id)
    form = MoveForm(request.POST, agents=agents_for(request), auto_id="move_%s")

    def act() -> HttpResponse:
        with told_when_stale(form):
            move_intervention(
                intervention_id=one.pk,
                planned_at=form.planned_at,
                minutes=form.cleaned_data["minutes"],
                agent_id=int(form.cleaned_data["agent"]),
                place=form.cleaned_data["place"],
                actor=actor_of(request),
                at=timezone.now(),
                seen=form.cleaned_data["made_on"],
            )
        return say_done(request, "Intervention déplacée : les agendas suivent.", "intervention", intervention_id)

    return act_on(request, act, form=form) or again(request, intervention_id, "move", form)


@require_POST
@requires(Action.INTERVENTION_RECORD)
def cancel(request: HttpRequest, intervention_id: int) -> HttpResponse:
    one = intervention_or_404(intervention_id)
    form = CancelForm(request.POST, auto_id="cancel_%s")

    def act() -> HttpResponse:
        reason = form.cleaned_data["reason"]
        cancel_intervention(intervention_id=one.pk, reason=reason, actor=actor_of(request), at=timezone.now())
        words = "Intervention annulée : les agendas la montrent annulée."
        return say_done(request, words, "intervention", intervention_id)

    return act_on(request, act, form=form) or again(request, intervention_id, "cancel", form)
