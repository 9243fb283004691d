"""What every verb about a key shares: locking it, moving its state by its table, telling the journal of its body."""

from datetime import datetime

from tripartite.going_live.models import SignatureKey
from tripartite.going_live.services.errors import GoingLiveError
from tripartite.going_live.states import KEY_LABELS, KEY_TRANSITIONS, KeyState
from tripartite.journal.services import Actor, record
from tripartite.pricing.french import refused_move


def locked_key(key_id: int) -> SignatureKey:
    """The key, locked until the end of the transaction. Raises GoingLiveError when there is none.

    What it points to is read once it is locked: PostgreSQL would join the row that was awaited to what its relations
    were before, and a renewal just written by another would seem absent.
    """
    found = SignatureKey.objects.select_for_update().filter(pk=key_id).first()
    if found is None:
        raise GoingLiveError("Cette clé n'est pas au registre.")
    return found


def move_key(key: SignatureKey, state: KeyState) -> None:
    """Change the state as its table of transitions allows. The caller saves."""
    if state not in KEY_TRANSITIONS[KeyState(key.state)]:
        raise GoingLiveError(refused_move("clé", key.state_label, KEY_LABELS[state]))
    key.state = state


def journal_key(key: SignatureKey, actor: Actor, at: datetime, action: str, text: str) -> None:
    """Tell the journal of the body that the key signs for."""
    record(
        actor=actor,
        at=at,
        action=action,
        subject_kind="body",
        subject_id=key.body_id,
        text=text,
        details={"key": key.pk},
    )
