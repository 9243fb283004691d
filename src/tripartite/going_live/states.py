"""The lives of an activation and of a signature key: codes, French labels, one table each."""

from enum import StrEnum


class ActivationState(StrEnum):
    """TO_DO: nothing of it runs yet. PARTLY_LIVE: some of what was ordered runs. LIVE: all of it. CANCELLED: given up,
    what runs already goes on.
    """

    TO_DO = "to-do"
    PARTLY_LIVE = "partly-live"
    LIVE = "live"
    CANCELLED = "cancelled"


ACTIVATION_LABELS = {
    ActivationState.TO_DO: "à mettre en service",
    ActivationState.PARTLY_LIVE: "en partie en service",
    ActivationState.LIVE: "en service",
    ActivationState.CANCELLED: "abandonnée",
}

ACTIVATION_TRANSITIONS: dict[ActivationState, frozenset[ActivationState]] = {
    ActivationState.TO_DO: frozenset(
        {ActivationState.PARTLY_LIVE, ActivationState.LIVE, ActivationState.CANCELLED},
    ),
    ActivationState.PARTLY_LIVE: frozenset({ActivationState.LIVE, ActivationState.CANCELLED}),
    ActivationState.LIVE: frozenset({ActivationState.PARTLY_LIVE}),
    ActivationState.CANCELLED: frozenset(),
}

OPEN = frozenset({ActivationState.TO_DO, ActivationState.PARTLY_LIVE})
"""States in which something is still to be done."""


class KeyState(StrEnum):
    """MADE: its certificate exists. HANDED_OVER: in its holder's hands. REPLACED: another took over. REVOKED: ended
    before its day. That it has expired is said by its last day alone.
    """

    MADE = "made"
    HANDED_OVER = "handed-over"
    REPLACED = "replaced"
    REVOKED = "revoked"


KEY_LABELS = {
    KeyState.MADE: "fabriquée",
    KeyState.HANDED_OVER: "remise",
    KeyState.REPLACED: "remplacée",
    KeyState.REVOKED: "révoquée",
}

KEY_TRANSITIONS: dict[KeyState, frozenset[KeyState]] = {
    KeyState.MADE: frozenset({KeyState.HANDED_OVER, KeyState.REPLACED, KeyState.REVOKED}),
    KeyState.HANDED_OVER: frozenset({KeyState.REPLACED, KeyState.REVOKED}),
    KeyState.REPLACED: frozenset(),
    KeyState.REVOKED: frozenset(),
}

IN_USE = frozenset({KeyState.MADE, KeyState.HANDED_OVER})
"""States in which a key signs, until its last day."""
