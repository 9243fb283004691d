"""Going live, in one or several parts: the day starts, or enlarges, what runs."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from tripartite.conventions.services.records import journal
from tripartite.going_live.models import Activation, GoneLive
from tripartite.going_live.queries.activations import Standing, standing_of
from tripartite.going_live.services.errors import GoingLiveError
from tripartite.going_live.services.key_terms import attach_keys, keys_made_for, term_of
from tripartite.going_live.services.records import locked_activation, move
from tripartite.going_live.states import OPEN, ActivationState
from tripartite.journal.services import Actor
from tripartite.parties.queries.bodies import bearer_of, why_ended
from tripartite.pricing.cases import Number
from tripartite.pricing.estimate import RECURRING, Frequency
from tripartite.pricing.french import day_text
from tripartite.pricing.grid import Grid
from tripartite.pricing.holding import HeldLine
from tripartite.pricing.money import number_text
from tripartite.subscriptions.services.records import check_amount
from tripartite.subscriptions.services.starting import Started, start_service
from tripartite.tariffs.queries import grid_by_code
from tripartite.typed import clean_text


@transaction.atomic
def go_live(
    *,
    activation_id: int,
    live_on: date,
    actor: Actor,
    at: datetime,
    quantity: Number | None = None,
    note: str = "",
) -> GoneLive:
    """Put a line, or so much of it, in service from a day (inclusive): what recurs runs from that day.

    `quantity` None is all that is left. A part said twice, with the same day, quantity and note, is one: the part
    recorded then is answered. Raises GoingLiveError when a required step is not settled, when the day is to come or
    before the convention, or when more would go live than was ordered.
    """
    activation = locked_activation(activation_id)
    if quantity is not None and (same := _recorded_already(activation, quantity, live_on, note)) is not None:
        return same
    standing = standing_of(activation)
    wanted = standing.left if quantity is None else quantity
    grid = grid_by_code(activation.grid)
    if grid is None:
        raise GoingLiveError(f"La grille {activation.grid} est introuvable.")
    _check(activation, standing, wanted, live_on, at)
    check_amount(grid, activation.service, wanted)
    ordered = HeldLine.read(activation.line)
    line = ordered.with_amount(wanted) if ordered.is_simple else ordered
    whole = wanted == standing.left
    part = GoneLive.objects.create(
        activation=activation,
        line=line.as_json(),
        live_on=live_on,
        note=clean_text(note),
        subscription=_run(activation, grid, line, live_on, actor, at, whole=whole),
        recorded_by=actor.label,
        recorded_at=at,
    )
    if whole or activation.state == ActivationState.TO_DO:
        move(activation, ActivationState.LIVE if whole else ActivationState.PARTLY_LIVE)
    if whole:
        activation.waiting_for, activation.waiting_since = "", None
    activation.save()
    count = "" if standing.ordered == 1 else f", {number_text(wanted)} sur {number_text(standing.ordered)}"
    text = f"{activation.name}{count} : en service le {day_text(live_on)}."
    journal(activation.convention, actor, at, "subscriptions.live", text, activation=activation.pk, part=part.pk)
    return part


def _recorded_already(activation: Activation, quantity: Number, live_on: date, note: str) -> GoneLive | None:
    """The same part, said before: pressed again. Two equal parts of one day are told apart by their notes."""
    parts = activation.parts.filter(live_on=live_on, note=clean_text(note), corrected_by=None)
    return next((one for one in parts if HeldLine.read(one.line).total == quantity), None)


def _check(activation: Activation, standing: Standing, wanted: Number, live_on: date, at: datetime) -> None:
    if activation.state not in OPEN:
        raise GoingLiveError(f"Mise en service « {activation.state_label} » : il n'y a plus rien à y faire.")
    if standing.blocking:
        steps = ", ".join(f"« {name} »" for name in standing.blocking)
        raise GoingLiveError(f"Ces étapes obligatoires restent à faire, ou à écarter avec un motif : {steps}.")
    if live_on > timezone.localdate(at):
        raise GoingLiveError("Ce jour est à venir : notez la mise en service le jour où elle est faite.")
    starts = activation.convention.in_force_on
    if starts is not None and live_on < starts:
        raise GoingLiveError(f"La convention n'est en vigueur que depuis le {day_text(starts)}.")
    if gone := why_ended(bearer_of(activation.body, on=live_on), on=live_on):
        raise GoingLiveError(gone)
    ended = (activation.convention.parent or activation.convention).ended_on
    if ended is not None and live_on > ended:
        raise GoingLiveError(f"La convention s'arrête le {day_text(ended)} : rien ne se met en service ensuite.")
    if wanted <= 0:
        raise GoingLiveError("Indiquez combien est mis en service : au moins un.")
    if wanted > standing.left:
        left, ordered = number_text(standing.left), number_text(standing.ordered)
        raise GoingLiveError(f"Il en reste {left} à mettre en service, sur {ordered} demandés.")
    if not HeldLine.read(activation.line).is_simple and wanted != standing.ordered:
        raise GoingLiveError("Ce service se met en service en une fois.")


def _run(  # noqa: PLR0917 - private, called once
    activation: Activation, grid: Grid, line: HeldLine, live_on: date, actor: Actor, at: datetime, *, whole: bool
) -> Any:
    """What runs from that day because of a part: enlarged, continued or new; None for what is done once.

    The term of a signature key whose certificate is in the register is what the certificate says.
    """
    frequencies = {charge.frequency for charge in grid.charges_on(activation.service)}
    recurs = bool(frequencies & RECURRING)
    if not recurs and Frequency.TERM not in frequencies:
        return None
    years = None if recurs else _years(grid, line)
    made = keys_made_for(activation, line) if years else []
    started = Started(
        body_id=bearer_of(activation.body, on=live_on).pk,
        convention=activation.convention,
        name=activation.name,
        line=line,
        grid=grid,
        facts=activation.facts,
        on=live_on,
        years=years,
        term=term_of(made) if made else None,
    )
    subscription = start_service(started=started, whole=whole, actor=actor, at=at)
    attach_keys(made, subscription)
    return subscription


def _years(grid: Grid, line: HeldLine) -> int:
    """For how many years a term is prepaid."""
    charges = grid.charges_on(line.what.service)
    years = next(charge.years for charge in charges if charge.frequency is Frequency.TERM)
    if isinstance(years, int):
        return years
    if isinstance(years, str):
        return int(dict(line.what.named)[years])
    if years is None:
        raise GoingLiveError(f"La grille ne dit pas la durée de « {line.what.service} ».")
    ((option, values),) = years.items()
    return values[dict(line.what.options)[option]]
