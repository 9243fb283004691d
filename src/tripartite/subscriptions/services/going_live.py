"""Going live, in one or several parts: the day starts, or enlarges, what runs."""

from datetime import date, datetime
from fractions import Fraction
from typing import Any

from django.db import transaction
from django.utils import timezone

from tripartite.journal.services import Actor
from tripartite.parties.queries.bodies import bearer_of, lineage_of
from tripartite.pricing.calendar import last_day
from tripartite.pricing.estimate import RECURRING, Frequency
from tripartite.pricing.grid import Grid
from tripartite.pricing.money import number_text
from tripartite.subscriptions.models import Activation, GoneLive, QuantityChange, Subscription
from tripartite.subscriptions.queries.activations import Standing, standing_of
from tripartite.subscriptions.queries.holdings import quantity_of, with_quantity
from tripartite.subscriptions.queries.running import runs_on
from tripartite.subscriptions.services.ending import end_with_convention, let_go
from tripartite.subscriptions.services.errors import SubscriptionError
from tripartite.subscriptions.services.key_terms import attach_keys, keys_made_for, term_of
from tripartite.subscriptions.services.records import check_amount, day_text, journal, locked_activation, move
from tripartite.subscriptions.states import OPEN, ActivationState
from tripartite.tariffs.queries import grid_by_code


@transaction.atomic
def go_live(
    *,
    activation_id: int,
    live_on: date,
    actor: Actor,
    at: datetime,
    quantity: Fraction | None = None,
    note: str = "",
) -> GoneLive:
    """Put a line, or so much of it, in service from a day (inclusive): what recurs runs from that day.

    `quantity` None is all that is left. Raises SubscriptionError when a required step is not settled, when the day is
    to come or before the convention, or when more would go live than was ordered.
    """
    activation = locked_activation(activation_id)
    standing = standing_of(activation)
    wanted = standing.left if quantity is None else quantity
    grid = grid_by_code(activation.grid)
    if grid is None:
        raise SubscriptionError(f"La grille {activation.grid} est introuvable.")
    _check(activation, standing, wanted, live_on, at)
    check_amount(grid, activation.service, wanted)
    line = activation.line if wanted == standing.ordered else with_quantity(activation.line, wanted)
    whole = wanted == standing.left
    part = GoneLive.objects.create(
        activation=activation,
        line=line,
        live_on=live_on,
        note=note.strip(),
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


def _check(activation: Activation, standing: Standing, wanted: Fraction, live_on: date, at: datetime) -> None:
    if activation.state not in OPEN:
        raise SubscriptionError(f"Mise en service « {activation.state_label} » : il n'y a plus rien à y faire.")
    if standing.blocking:
        steps = ", ".join(f"« {name} »" for name in standing.blocking)
        raise SubscriptionError(f"Ces étapes obligatoires restent à faire, ou à écarter avec un motif : {steps}.")
    if live_on > timezone.localdate(at):
        raise SubscriptionError("Ce jour est à venir : notez la mise en service le jour où elle est faite.")
    starts = activation.convention.in_force_on
    if starts is not None and live_on < starts:
        raise SubscriptionError(f"La convention n'est en vigueur que depuis le {day_text(starts)}.")
    ended = (activation.convention.parent or activation.convention).ended_on
    if ended is not None and live_on > ended:
        raise SubscriptionError(f"La convention s'arrête le {day_text(ended)} : rien ne se met en service ensuite.")
    if wanted <= 0:
        raise SubscriptionError("Indiquez combien est mis en service : au moins un.")
    if wanted > standing.left:
        left, ordered = number_text(standing.left), number_text(standing.ordered)
        raise SubscriptionError(f"Il en reste {left} à mettre en service, sur {ordered} demandés.")
    if "quantities" in activation.line and wanted != standing.ordered:
        raise SubscriptionError("Ce service se met en service en une fois.")


def _run(  # noqa: PLR0917 - private, called once
    activation: Activation, grid: Grid, line: dict[str, Any], live_on: date, actor: Actor, at: datetime, *, whole: bool
) -> Subscription | None:
    """What runs from that day because of a part: enlarged, continued or new; None for what is done once.

    What it continues stops as much, and altogether with the last part (`whole`).
    The term of a signature key whose certificate is in the register is what the certificate says.
    """
    frequencies = {grid.charges[place].frequency for place in grid.charges_of.get(activation.service, ())}
    recurs = bool(frequencies & RECURRING)
    if not recurs and Frequency.TERM not in frequencies:
        return None
    years = None if recurs else _years(grid, line)
    made = keys_made_for(activation, line) if years else []
    running = [] if years else _running(activation, line, live_on)
    subscription = next((one for one in running if _goes_on(one, activation)), None)
    others = [one for one in running if one != subscription]
    former = _continued(activation, others, once=grid.services[activation.service].held_once)
    reason = f"continué par la convention {activation.convention}"
    let_go(former, None if whole else quantity_of(line), live_on, reason, actor, at)
    if subscription is None:
        term = term_of(made) if made else (live_on, last_day(live_on, years) if years else None)
        continued = former[0] if former else None
        subscription = _start(activation, line, _holder(activation, live_on), term, years, continued, actor, at)
        attach_keys(made, subscription)
    counted_on = subscription.starts_on if made else live_on
    QuantityChange.objects.create(
        subscription=subscription,
        on=counted_on,
        first_on=counted_on,
        line=line,
        grid=activation.grid,
        facts=activation.facts,
        convention_id=activation.convention_id,
        recorded_by=actor.label,
        recorded_at=at,
    )
    end_with_convention(subscription_id=subscription.pk, actor=actor, at=at)
    return subscription


def _start(  # noqa: PLR0917 - private, called once
    activation: Activation,
    line: dict[str, Any],
    body_id: int,
    term: tuple[date, date | None],
    years: int | None,
    continued: Subscription | None,
    actor: Actor,
    at: datetime,
) -> Subscription:
    return Subscription.objects.create(
        body_id=body_id,
        convention_id=_root(activation),
        service=activation.service,
        options=line.get("options", {}),
        name=activation.name,
        anchor_on=term[0],
        starts_on=term[0],
        ends_on=term[1],
        term_years=years,
        continues=continued,
        created_at=at,
        created_by=actor.label,
    )


def _root(activation: Activation) -> int:
    """The convention itself, for what an amendment adds."""
    return int(activation.convention.parent_id or activation.convention_id)


def _holder(activation: Activation, live_on: date) -> int:
    """The body for which it goes live: that of the convention, or the one that took it in before that day."""
    return int(bearer_of(activation.body, on=live_on).pk)


def _running(activation: Activation, line: dict[str, Any], live_on: date) -> list[Subscription]:
    """The same service, with the same options, that runs for the body on that day: several after a merger."""
    found = Subscription.objects.select_for_update(of=("self",)).select_related("convention", "body")
    same = found.filter(
        runs_on(live_on), body_id=_holder(activation, live_on), service=activation.service, term_years=None
    )
    return [one for one in same if one.options == line.get("options", {})]


def _same_convention(one: Subscription, activation: Activation) -> bool:
    return one.convention_id == _root(activation)


def _goes_on(one: Subscription, activation: Activation) -> bool:
    """Whether what is added joins it: it is of the same convention, and ends no sooner."""
    return _same_convention(one, activation) and one.ends_on in (None, one.convention.ended_on)


def _continued(activation: Activation, running: list[Subscription], *, once: bool) -> list[Subscription]:
    """What stops because this goes on with it: all that a body holds once; else what former conventions of the same
    beneficiary, or of those that it took in, set going. What an amendment adds, and what another commune merged into
    the same one had, run beside the rest; so does what is added to a service whose end is noted.
    """
    if once:
        return running
    if activation.convention.parent_id is not None or not running:
        return []
    own = lineage_of(activation.convention.beneficiary_id)
    return [one for one in running if not _same_convention(one, activation) and one.convention.beneficiary_id in own]


def _years(grid: Grid, line: dict[str, Any]) -> int:
    """For how many years a term is prepaid."""
    terms = [grid.charges[place] for place in grid.charges_of[line["service"]]]
    years = next(charge.years for charge in terms if charge.frequency is Frequency.TERM)
    if isinstance(years, int):
        return years
    if isinstance(years, str):
        return int(line["quantities"][years])
    if years is None:
        raise SubscriptionError(f"La grille ne dit pas la durée de « {line['service']} ».")
    ((option, values),) = years.items()
    return values[line["options"][option]]
