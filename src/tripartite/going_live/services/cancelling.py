"""What does not run yet of a line is given up: by an agent, or by an amendment."""

from datetime import datetime
from fractions import Fraction

from django.db import transaction

from tripartite.conventions.services.records import journal
from tripartite.going_live.models import Activation
from tripartite.going_live.queries.activations import standing_of
from tripartite.going_live.services.errors import GoingLiveError
from tripartite.going_live.services.records import move, open_activation
from tripartite.going_live.states import ActivationState
from tripartite.journal.services import Actor
from tripartite.pricing.cases import Number
from tripartite.pricing.money import number_text
from tripartite.pricing.quantities import plain, quantity_text
from tripartite.typed import clean_line


@transaction.atomic
def reduce_activation(*, activation_id: int, removed: Number, reason: str, actor: Actor, at: datetime) -> Activation:
    """Ask for less of what does not run yet of a line; the journal says how much was to be set going, and how much is.

    Raises GoingLiveError when that leaves nothing (it is then given up) or would take what runs.
    """
    activation = open_activation(activation_id)
    standing = standing_of(activation)
    if not 0 < removed < standing.left:
        raise GoingLiveError("On ne retire qu'une partie de ce qui reste à mettre en service.")
    activation.given_up = quantity_text(plain(Fraction(activation.given_up) + removed))
    activation.save(update_fields=["given_up"])
    left = plain(standing.ordered - removed)
    text = f"{activation.name} : {number_text(standing.ordered)} → {number_text(left)} à mettre en service ({reason})."
    journal(activation.convention, actor, at, "subscriptions.ask-less", text, activation=activation.pk)
    return activation


@transaction.atomic
def cancel_activation(*, activation_id: int, reason: str, actor: Actor, at: datetime) -> Activation:
    """Give up what does not run yet of a line, with a reason; what runs goes on. Raises GoingLiveError."""
    activation = open_activation(activation_id)
    if not clean_line(reason):
        raise GoingLiveError("Donnez le motif de l'abandon.")
    move(activation, ActivationState.CANCELLED)
    activation.cancel_reason, activation.waiting_for, activation.waiting_since = clean_line(reason)[:1000], "", None
    activation.save()
    text = f"{activation.name} : abandonnée ({clean_line(reason)})."
    journal(activation.convention, actor, at, "subscriptions.cancel", text, activation=activation.pk)
    return activation
