"""What does not run yet of a line is given up: by an agent, or by an amendment."""

from datetime import datetime

from django.db import transaction

from tripartite.going_live.models import Activation
from tripartite.going_live.services.errors import GoingLiveError
from tripartite.going_live.services.records import move, open_activation
from tripartite.going_live.states import ActivationState
from tripartite.journal.services import Actor
from tripartite.subscriptions.services.records import journal
from tripartite.typed import clean_line


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
