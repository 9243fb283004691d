"""What an amendment gives up stops, or shrinks, on the day when it comes into force: nobody has to remember it."""

from datetime import date, datetime
from typing import Any

from django.db.models import F, Q

from tripartite.conventions.services.records import journal
from tripartite.going_live.models import Activation
from tripartite.going_live.queries.activations import standing_of
from tripartite.going_live.queries.pending import given_up_name
from tripartite.going_live.services.cancelling import cancel_activation, reduce_activation
from tripartite.going_live.states import OPEN
from tripartite.journal.services import Actor
from tripartite.parties.queries.bodies import bearer_of
from tripartite.pricing.cases import Number
from tripartite.pricing.holding import ContractLine, HeldLine, Holding
from tripartite.subscriptions.queries.notices import was_announced
from tripartite.subscriptions.services.giving_up import give_up_running
from tripartite.subscriptions.services.notices import note
from tripartite.tariffs.queries import grid_by_code


def give_up(*, convention: Any, ended: list[ContractLine], actor: Actor, at: datetime) -> bool:
    """Stop or reduce what an amendment in force gives up, from its first day, in the caller's transaction.

    Once: a second time answers False. What does not run yet goes first: its going live is abandoned. When neither can
    be, the file's journal says it, for an agent to see to it.
    """
    name = given_up_name(convention.pk)
    if not ended or was_announced(name):
        return False
    on = convention.in_force_on
    words = [
        _give(convention, service, dict(options), given.total, on, actor, at)
        for (service, options), given in Holding.read(ended).of_each().items()
    ]
    note(name=name, body_id=convention.beneficiary_id, on=on, text=" ".join(words), at=at)
    return True


def _give(  # noqa: PLR0917 - private, called once
    convention: Any, service: str, options: dict[str, str], quantity: Number, on: date, actor: Actor, at: datetime
) -> str:
    """Give up so much of a service; answers what was done, in French."""
    reason = f"avenant {convention.number}"
    quantity -= _abandon_what_waits(convention, service, options, quantity, reason, actor, at)
    quantity = give_up_running(
        body=bearer_of(convention.beneficiary, on=on),
        offer=convention.request.offer,
        service=service,
        options=options,
        quantity=quantity,
        on=on,
        reason=reason,
        actor=actor,
        at=at,
    )
    if quantity <= 0:
        return f"{service} : fait."
    name = _name(service, convention)
    text = f"{name} : l'{reason} l'arrête et il n'est pas en service ; abandonnez sa mise en service, s'il y en a une."
    journal(convention, actor, at, "subscriptions.give-up", text)
    return text


def _abandon_what_waits(  # noqa: PLR0917 - private, called once
    convention: Any, service: str, options: dict[str, str], quantity: Number, reason: str, actor: Actor, at: datetime
) -> Number:
    """Abandon what the convention, or an earlier amendment, was still to set going, in whole or in part; how much of
    `quantity` it was.
    """
    parent = convention.parent_id
    waiting = Activation.objects.filter(
        Q(convention=parent) | Q(convention__parent=parent),
        version=F("convention__version"),
        service=service,
        state__in=OPEN,
    ).exclude(version=convention.version_id)
    given: Number = 0
    for one in waiting.prefetch_related("parts", "steps").order_by("-pk"):
        left, wanted = standing_of(one).left, quantity - given
        if one.line.get("options", {}) != options or wanted <= 0:
            continue
        if left <= wanted:
            cancel_activation(activation_id=one.pk, reason=reason, actor=actor, at=at)
            given += left
        elif HeldLine.read(one.line).is_simple:
            reduce_activation(activation_id=one.pk, removed=wanted, reason=reason, actor=actor, at=at)
            given += wanted
    return given


def _name(service: str, convention: Any) -> str:
    grid = grid_by_code(convention.version.grid)
    return grid.services[service].name if grid and service in grid.services else service
