"""What every verb about an activation shares: locking it, moving its state by its table.

What a locked row points to is read once it is locked, as in `subscriptions.services.records`.
"""

from tripartite.conventions.services.records import lock_convention
from tripartite.going_live.models import Activation
from tripartite.going_live.services.errors import GoingLiveError
from tripartite.going_live.states import ACTIVATION_LABELS, ACTIVATION_TRANSITIONS, OPEN, ActivationState
from tripartite.pricing.french import refused_move


def locked_activation(activation_id: int) -> Activation:
    """The activation, locked after its convention until the end of the transaction. Raises GoingLiveError when there is
    none.
    """
    under = Activation.objects.filter(pk=activation_id).values_list("convention_id", flat=True).first()
    if under is not None:
        lock_convention(under)
    found = Activation.objects.select_for_update().filter(pk=activation_id).first()
    if found is None:
        raise GoingLiveError("Cette mise en service n'existe pas.")
    return found


def open_activation(activation_id: int) -> Activation:
    """The activation, locked, while it may still change. Raises GoingLiveError otherwise."""
    activation = locked_activation(activation_id)
    if activation.state not in OPEN:
        raise GoingLiveError(f"Mise en service « {activation.state_label} » : elle ne change plus.")
    return activation


def move(activation: Activation, state: ActivationState) -> None:
    """Change the state as its table of transitions allows. The caller saves."""
    if state not in ACTIVATION_TRANSITIONS[ActivationState(activation.state)]:
        raise GoingLiveError(refused_move("mise en service", activation.state_label, ACTIVATION_LABELS[state]))
    activation.state = state
