"""From a convention in force to what has to be set going: an activation a line, its steps, its plan."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from tripartite.conventions.queries.conventions import convention_by_id
from tripartite.conventions.services.records import journal, lock_convention
from tripartite.conventions.states import ConventionState
from tripartite.going_live.models import Activation, ActivationStep
from tripartite.going_live.queries.checklists import current_checklist
from tripartite.going_live.queries.seen import PLAN, STEP, plan_value, step_value
from tripartite.going_live.services.errors import GoingLiveError
from tripartite.going_live.services.giving_up import give_up
from tripartite.going_live.services.records import open_activation
from tripartite.journal.seen import check_seen
from tripartite.journal.services import Actor
from tripartite.parties.queries.bodies import body_by_id, why_ended
from tripartite.parties.queries.facts import PRICED_BY, priced_facts
from tripartite.pricing.french import day_text
from tripartite.pricing.grid import Grid, offer_of
from tripartite.pricing.holding import Holding
from tripartite.quotes.queries.accords import what_accords_lack
from tripartite.quotes.queries.requests import accepted_quotes, accepted_version, request_by_id
from tripartite.quotes.services.answers import engage_request
from tripartite.quotes.services.requests import lock_request
from tripartite.quotes.states import RequestState
from tripartite.subscriptions.queries.running import prepaid_services
from tripartite.tariffs.queries import grid_by_code
from tripartite.typed import clean_line


@transaction.atomic
def open_activations(*, convention_id: int, actor: Actor, at: datetime) -> list[Activation]:
    """Open one activation a line of a convention, or of an amendment, in force; none when they are open already.

    What an amendment gives up stops on its first day. Each activation keeps the grid and the facts of the accepted
    quotes, and the steps of the checklist of the day. Two at once open them once. Raises GoingLiveError when the
    convention is not in force.
    """
    convention = convention_by_id(convention_id)
    if convention is None or convention.state != ConventionState.IN_FORCE:
        raise GoingLiveError("Seule une convention en vigueur se met en service.")
    opened = _open_version(convention.version, convention, convention.beneficiary_id, actor, at)
    give_up(convention=convention, ended=convention.version.order.get("ended", []), actor=actor, at=at)
    return opened


@transaction.atomic
def open_if_in_force(*, convention_id: int, actor: Actor, at: datetime) -> list[Activation]:
    """Open what a convention sets going if it is in force, nothing otherwise: for after each act that may put it so."""
    convention = convention_by_id(convention_id)
    if convention is None or convention.state != ConventionState.IN_FORCE:
        return []
    return open_activations(convention_id=convention_id, actor=actor, at=at)


@transaction.atomic
def open_renewal(*, request_id: int, convention_id: int, actor: Actor, at: datetime) -> list[Activation]:
    """Open the activations of accepted quotes that renew what is prepaid (a signature key), under the convention in
    force: the same services for another term need no amendment. The request is then closed to changes.

    Raises GoingLiveError when the quotes are not accepted by an empowered person, when the convention is not in
    force, or when a service is not prepaid or was never taken under it.
    """
    lock_request(request_id)
    request, version, convention = (
        request_by_id(request_id),
        accepted_version(request_id),
        convention_by_id(convention_id),
    )
    if request is None or version is None:
        raise GoingLiveError("Les devis de cette demande ne sont pas acceptés.")
    if convention is None or convention.state != ConventionState.IN_FORCE or convention.parent_id is not None:
        raise GoingLiveError("Un renouvellement se fait au titre d'une convention en vigueur.")
    if request.state == RequestState.ENGAGED:
        return []
    _check_renewal(request, version, convention, timezone.localdate(at))
    opened = _open_version(version, convention, request.beneficiary_id, actor, at)
    engage_request(request_id=request_id, actor=actor, at=at)
    return opened


def _check_renewal(request: Any, version: Any, convention: Any, on: date) -> None:
    answers = [quote.answer for quote in accepted_quotes(version.pk)]
    if lacks := why_ended(request.beneficiary, on=on) or what_accords_lack(request, answers, on=on):
        raise GoingLiveError(lacks)
    known = prepaid_services(request.beneficiary_id, convention.pk)
    same = request.offer == convention.request.offer
    new = [line["service"] for line in version.order["lines"] if not same or line["service"] not in known]
    if new:
        raise GoingLiveError(
            f"{', '.join(new)} : ce n'est pas le renouvellement d'un service prépayé de la convention {convention}."
            " Passez par un avenant."
        )


def _open_version(version: Any, convention: Any, body_id: int, actor: Actor, at: datetime) -> list[Activation]:
    lock_convention(convention.pk)
    if Activation.objects.filter(version_id=version.pk).exists():
        return []
    grid = grid_by_code(version.grid)
    if grid is None:
        raise GoingLiveError(f"La grille {version.grid} est introuvable.")
    facts, on = _facts(version, body_id), timezone.localdate(at)
    opened = []
    for position, line in enumerate(Holding.read(version.order["lines"]).as_lines(), start=1):
        activation = Activation.objects.create(
            convention_id=convention.pk,
            version_id=version.pk,
            body_id=body_id,
            position=position,
            service=line["service"],
            name=service_name(grid, line),
            line=line,
            grid=grid.code,
            facts=facts,
            opened_on=on,
            opened_at=at,
        )
        _write_steps(activation)
        opened.append(activation)
    if opened:
        keys = [one.pk for one in opened]
        text = f"Mise en service ouverte : {_names(opened)}."
        journal(convention, actor, at, "subscriptions.open", text, activations=keys)
    return opened


def _facts(version: Any, body_id: int) -> dict[str, Any]:
    """The facts that the accepted quotes were made with; the class of client, which they do not say, is that day's."""
    said = version.estimate["beneficiary"]
    body = body_by_id(body_id)
    today = priced_facts(body, on=version.issued_on) if body else {}
    return today | {name: said[name] for name in PRICED_BY if said.get(name) is not None}


def service_name(grid: Grid, line: dict[str, Any]) -> str:
    """The service as people read it, with the options chosen."""
    service = grid.services[line["service"]]
    chosen = line.get("options", {})
    values = [
        value.name
        for option in service.options.values()
        for value in option.values
        if value.code == chosen.get(option.code)
    ]
    return ", ".join((service.name, *values))


def _write_steps(activation: Activation) -> None:
    found = current_checklist(offer_of(activation.grid))
    if found is None:
        return
    version, checklist = found
    activation.checklist = version
    activation.save(update_fields=["checklist"])
    ActivationStep.objects.bulk_create(
        ActivationStep(
            activation=activation,
            position=position,
            code=step.code,
            name=step.name,
            by=step.by,
            required=step.required,
        )
        for position, step in enumerate(checklist.of(activation.service), start=1)
    )


def _names(activations: list[Activation]) -> str:
    return " ; ".join(one.name for one in activations)


@transaction.atomic
def settle_step(*, step_id: int, done_on: date, actor: Actor, at: datetime, seen: str | None = None) -> ActivationStep:
    """Say that a step is done, and when. Raises GoingLiveError for a day to come or a step settled already."""
    step = _locked_step(step_id, seen)
    if step.settled:
        raise GoingLiveError(f"« {step.name} » est déjà réglée.")
    if done_on > timezone.localdate(at):
        raise GoingLiveError("Ce jour est à venir : une étape faite a une date passée.")
    return _record(step, actor, at, "fait", f"le {day_text(done_on)}", done_on=done_on)


@transaction.atomic
def waive_step(*, step_id: int, reason: str, actor: Actor, at: datetime, seen: str | None = None) -> ActivationStep:
    """Do without a step, with a reason: it no longer holds going live up. Raises GoingLiveError."""
    step = _locked_step(step_id, seen)
    if step.settled:
        raise GoingLiveError(f"« {step.name} » est déjà réglée.")
    if not clean_line(reason):
        raise GoingLiveError("Dites pourquoi cette étape n'est pas nécessaire.")
    return _record(step, actor, at, "écarté", clean_line(reason), waived_reason=clean_line(reason)[:1000])


@transaction.atomic
def reopen_step(*, step_id: int, actor: Actor, at: datetime, seen: str | None = None) -> ActivationStep:
    """Take back what was said of a step, by mistake. Raises GoingLiveError when nothing was."""
    step = _locked_step(step_id, seen)
    if not step.settled:
        raise GoingLiveError(f"« {step.name} » n'est pas réglée.")
    return _record(step, actor, at, "à refaire", "", done_on=None, waived_reason="")


def _record(step: ActivationStep, actor: Actor, at: datetime, what: str, detail: str, **values: Any) -> ActivationStep:
    for name, value in values.items():
        setattr(step, name, value)
    step.recorded_by, step.recorded_at = actor.label, at
    step.save()
    said = f"{what}, {detail}" if detail else what
    text = f"{step.activation.name} : « {step.name} », {said}."
    journal(step.activation.convention, actor, at, STEP, text, activation=step.activation_id, step=step.pk)
    return step


def _locked_step(step_id: int, seen: str | None) -> ActivationStep:
    """The step, held; StaleError when it is no longer what the mark `seen` (`step_mark`) was made of."""
    found = ActivationStep.objects.filter(pk=step_id).values_list("activation_id", flat=True).first()
    if found is None:
        raise GoingLiveError("Cette étape n'existe pas.")
    open_activation(found)
    step = ActivationStep.objects.select_related("activation__convention").get(pk=step_id)
    file = step.activation.convention.request_id
    check_seen(seen, "request", file, step_value(step), what=f"L'étape « {step.name} »", actions=(STEP,))
    return step


@transaction.atomic
def plan_activation(
    *,
    activation_id: int,
    planned_on: date | None,
    waiting_for: str,
    actor: Actor,
    at: datetime,
    seen: str | None = None,
) -> Activation:
    """Say for which day it is planned (None: no day yet) and what it waits for (empty: nothing). `seen` is the mark
    (`plan_mark`) of what the edit was made on: StaleError when somebody has changed it since. GoingLiveError.
    """
    activation = open_activation(activation_id)
    file = activation.convention.request_id
    check_seen(seen, "request", file, plan_value(activation), what="Ce qui est prévu", actions=(PLAN,))
    words = clean_line(waiting_for)[:300]
    if words != activation.waiting_for:
        activation.waiting_for = words
        activation.waiting_since = timezone.localdate(at) if words else None
    activation.planned_on = planned_on
    activation.save()
    day = f"prévue le {day_text(planned_on)}" if planned_on else "sans date"
    waits = f", en attente : {words}" if words else ""
    text = f"{activation.name} : {day}{waits}."
    journal(activation.convention, actor, at, PLAN, text, activation=activation.pk)
    return activation
