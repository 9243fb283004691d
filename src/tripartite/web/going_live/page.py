"""One line to be set going: its steps, the parts of it that run, its plan, and what an agent does with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_POST

from tripartite.accounts.rights import Action, holds
from tripartite.going_live.queries.activations import activation_by_id, parts_of, standing_of
from tripartite.going_live.queries.checklists import BENEFICIARY
from tripartite.going_live.queries.seen import plan_mark, step_mark
from tripartite.going_live.services.activations import plan_activation, reopen_step, settle_step, waive_step
from tripartite.going_live.services.cancelling import cancel_activation
from tripartite.going_live.services.parts import go_live
from tripartite.going_live.states import OPEN
from tripartite.journal.queries import told_about
from tripartite.parties.queries.bodies import issuers
from tripartite.pricing.money import number_text
from tripartite.web.going_live.card import Card, cards_of, party_name
from tripartite.web.going_live.forms import DoneForm, GoLiveForm, PlanForm, WaiveForm
from tripartite.web.shell.access import actor_of, check_right, requires
from tripartite.web.shell.acting import act_on, say_done
from tripartite.web.shell.answers import or_404
from tripartite.web.shell.fields import ReasonForm
from tripartite.web.shell.own_offer import has_part_in, may_act
from tripartite.web.shell.seen import told_when_stale

if TYPE_CHECKING:
    from tripartite.going_live.models import Activation, ActivationStep
    from tripartite.journal.models import Entry

OTHERS = "Cette étape est celle de l'autre émetteur : un de ses agents la règle."
Shown = dict[str, forms.Form]


def _found(activation_id: int) -> Activation:
    return or_404(activation_by_id(activation_id))


@requires(Action.ACTIVATION_READ)
def show(request: HttpRequest, activation_id: int) -> HttpResponse:
    return _page(request, _found(activation_id))


def _page(
    request: HttpRequest, activation: Activation, shown: Shown | None = None, *, said: str = "", status: int = 200
) -> HttpResponse:
    """The whole page; the part that changes alone, for a step settled without loading the page again."""
    bound = shown or {}
    (card,) = cards_of([activation], on=timezone.localdate())
    told = told_about("request", activation.convention.request_id)
    context = {
        "activation": activation,
        "card": card,
        "steps": _steps(request, card, bound, told),
        "said": said,
        "may_write": card.open and may_act(request, Action.ACTIVATION_WRITE, activation.convention.request.offer),
        "live_form": bound.get("live") or _live_form(card),
        "live_open": "live" in bound,
    }
    if request.headers.get("HX-Request"):
        return _varied(render(request, "web/going_live/progress.html", context, status=status))
    context |= {
        "plan_form": bound.get("plan") or PlanForm(initial=_plan(activation, told), auto_id="plan_%s"),
        "cancel_form": bound.get("cancel") or ReasonForm(auto_id="cancel_%s"),
        "parts": parts_of(activation),
        "entries": _entries(activation, told),
    }
    return _varied(render(request, "web/going_live/page.html", context, status=status))


def _varied(answer: HttpResponse) -> HttpResponse:
    patch_vary_headers(answer, ["HX-Request"])
    return answer


def _steps(request: HttpRequest, card: Card, bound: Shown, told: Sequence[Entry]) -> list[dict[str, Any]]:
    by_code = {issuer.code: issuer for issuer in issuers()}
    today, theirs = timezone.localdate(), has_part_in(request, card.activation.convention.request.offer)
    return [
        {
            "step": step,
            "mark": mark,
            "issuer": by_code.get(step.by),
            "who": by_code[step.by].short_name if step.by in by_code else party_name(step.by, card.activation.body),
            "may": card.open and theirs and may_settle(request, step),
            "next": card.open and not step.settled and step.name == card.turn.step,
            "done_form": bound.get(f"done{step.pk}")
            or DoneForm(initial={"done_on": today} | {"made_on": mark}, auto_id=f"e{step.pk}_%s"),
            "waive_form": bound.get(f"waive{step.pk}")
            or WaiveForm(initial={"made_on": mark}, auto_id=f"w{step.pk}_%s"),
        }
        for step in card.activation.steps.all()
        for mark in (step_mark(step, card.activation, told),)
    ]


def may_settle(request: HttpRequest, step: ActivationStep) -> bool:
    """An agent settles the steps of its own issuer and those of the beneficiary."""
    return holds(request.user, Action.STEP_SETTLE) and step.by in _own(request)


def _own(request: HttpRequest) -> tuple[str, str]:
    return BENEFICIARY, request.user.issuer.code  # type: ignore[union-attr]


def _live_form(card: Card) -> GoLiveForm:
    initial = {"quantity": number_text(card.standing.left), "live_on": timezone.localdate()}
    return GoLiveForm(initial=initial, whole=_whole(card), auto_id="live_%s")


def _whole(card: Card) -> bool:
    """Whether it goes live in one go: a single one, or quantities that are multiplied."""
    return card.standing.ordered == 1 or "quantities" in card.activation.line


def _plan(activation: Activation, told: Sequence[Entry]) -> dict[str, Any]:
    made_on = plan_mark(activation, told)
    return {"planned_on": activation.planned_on, "waiting_for": activation.waiting_for, "made_on": made_on}


def _entries(activation: Activation, told: Sequence[Entry]) -> list[Entry]:
    """What the journal of the file says of this activation, the latest first."""
    return [
        entry
        for entry in told
        if entry.details.get("activation") == activation.pk or activation.pk in entry.details.get("activations", ())
    ][::-1]


def _step(request: HttpRequest, activation_id: int, step_id: int) -> ActivationStep:
    """The step of that activation. Raises Http404, or PermissionDenied when it is the other issuer's."""
    step = or_404(next((one for one in _found(activation_id).steps.all() if one.pk == step_id), None))
    check_right(request, Action.STEP_SETTLE, request.user.issuer.code)  # type: ignore[union-attr]
    if not may_settle(request, step):
        raise PermissionDenied(OTHERS)
    return step


def _act(
    request: HttpRequest, activation_id: int, verb: Callable[[], object], words: str, *, name: str, form: forms.Form
) -> HttpResponse:
    """Run a verb on what a form says; a refusal comes back in the form, or on top of a page that has it no more."""
    live = bool(request.headers.get("HX-Request"))

    def act() -> HttpResponse:
        with told_when_stale(form):
            verb()
        if live:
            return _page(request, _found(activation_id), said=words)
        return say_done(request, words, "activation", activation_id)

    if answer := act_on(request, act, form=form):
        return answer
    activation = _found(activation_id)
    lost = (
        "" if _offers(activation, name) else " ".join(str(words) for found in form.errors.values() for words in found)
    )
    if lost and not live:
        messages.error(request, lost)
    return _page(request, activation, {name: form}, said=lost if live else "", status=422)


def _offers(activation: Activation, name: str) -> bool:
    """Whether the page of an activation, as it stands now, has the form of that name."""
    if activation.state not in OPEN or name == "reopen":
        return False
    if name == "live":
        return not standing_of(activation).blocking
    settled = [step.pk for step in activation.steps.all() if step.settled]
    return name not in {f"{act}{key}" for key in settled for act in ("done", "waive")}


@require_POST
@requires(Action.STEP_SETTLE)
def settle(request: HttpRequest, activation_id: int, step_id: int) -> HttpResponse:
    step = _step(request, activation_id, step_id)
    today = {"done_on": timezone.localdate(), "made_on": request.POST.get("made_on", "")}
    typed = today if "today" in request.POST else request.POST
    form = DoneForm(typed, auto_id=f"e{step_id}_%s")

    def verb() -> object:
        given = form.cleaned_data
        return settle_step(
            step_id=step_id,
            done_on=given["done_on"],
            actor=actor_of(request),
            at=timezone.now(),
            seen=given["made_on"],
        )

    return _act(request, activation_id, verb, f"« {step.name} » : fait.", name=f"done{step_id}", form=form)


@require_POST
@requires(Action.STEP_SETTLE)
def waive(request: HttpRequest, activation_id: int, step_id: int) -> HttpResponse:
    step = _step(request, activation_id, step_id)
    form = WaiveForm(request.POST, auto_id=f"w{step_id}_%s")

    def verb() -> object:
        given = form.cleaned_data
        return waive_step(
            step_id=step_id,
            reason=given["reason"],
            actor=actor_of(request),
            at=timezone.now(),
            seen=given["made_on"],
        )

    return _act(request, activation_id, verb, f"« {step.name} » : écartée.", name=f"waive{step_id}", form=form)


@require_POST
@requires(Action.STEP_SETTLE)
def reopen(request: HttpRequest, activation_id: int, step_id: int) -> HttpResponse:
    step = _step(request, activation_id, step_id)

    def verb() -> object:
        seen = request.POST.get("made_on")
        return reopen_step(step_id=step_id, actor=actor_of(request), at=timezone.now(), seen=seen)

    return _act(request, activation_id, verb, f"« {step.name} » : à refaire.", name="reopen", form=forms.Form({}))


@require_POST
@requires(Action.ACTIVATION_WRITE)
def put_live(request: HttpRequest, activation_id: int) -> HttpResponse:
    activation = _found(activation_id)
    (card,) = cards_of([activation], on=timezone.localdate())
    form = GoLiveForm(request.POST, whole=_whole(card), auto_id="live_%s")

    def verb() -> object:
        given = form.cleaned_data
        return go_live(
            activation_id=activation_id,
            quantity=given.get("quantity"),
            live_on=given["live_on"],
            note=given["note"],
            actor=actor_of(request),
            at=timezone.now(),
        )

    return _act(
        request, activation_id, verb, f"{activation.name} : mise en service enregistrée.", name="live", form=form
    )


@require_POST
@requires(Action.ACTIVATION_WRITE)
def plan(request: HttpRequest, activation_id: int) -> HttpResponse:
    form = PlanForm(request.POST, auto_id="plan_%s")
    _found(activation_id)

    def verb() -> object:
        given = dict(form.cleaned_data)
        seen = given.pop("made_on")
        return plan_activation(
            activation_id=activation_id, **given, actor=actor_of(request), at=timezone.now(), seen=seen
        )

    return _act(request, activation_id, verb, "Prévision enregistrée.", name="plan", form=form)


@require_POST
@requires(Action.ACTIVATION_WRITE)
def cancel(request: HttpRequest, activation_id: int) -> HttpResponse:
    form = ReasonForm(request.POST, auto_id="cancel_%s")
    _found(activation_id)

    def verb() -> object:
        reason = form.cleaned_data["reason"]
        return cancel_activation(activation_id=activation_id, reason=reason, actor=actor_of(request), at=timezone.now())

    return _act(
        request, activation_id, verb, "Mise en service abandonnée. Ce qui tourne continue.", name="cancel", form=form
    )


BASE = "mises-en-service/<int:activation_id>/"
