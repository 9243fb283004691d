"""The life of a message: queued, then tried until the server takes it, refuses it for good, or patience ends."""

from enum import StrEnum


class MessageState(StrEnum):
    """QUEUED: to be sent. SENDING: a sender has it, until its lease ends. SENT: the server has taken it.

    FAILED: to be tried again later. GIVEN_UP: no more tries, unless somebody asks. KEPT: only to be read here.
    """

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    GIVEN_UP = "given-up"
    KEPT = "kept"


LABELS = {
    MessageState.QUEUED: "à envoyer",
    MessageState.SENDING: "en cours d'envoi",
    MessageState.SENT: "envoyé",
    MessageState.FAILED: "remis à plus tard",
    MessageState.GIVEN_UP: "abandonné",
    MessageState.KEPT: "gardé sans être envoyé",
}

TRANSITIONS: dict[MessageState, frozenset[MessageState]] = {
    MessageState.QUEUED: frozenset({MessageState.SENDING}),
    MessageState.SENDING: frozenset(
        {MessageState.SENDING, MessageState.SENT, MessageState.FAILED, MessageState.GIVEN_UP}
    ),
    MessageState.SENT: frozenset(),
    MessageState.FAILED: frozenset({MessageState.SENDING}),
    MessageState.GIVEN_UP: frozenset({MessageState.QUEUED}),
    MessageState.KEPT: frozenset(),
}

WAITING = frozenset({MessageState.QUEUED, MessageState.SENDING, MessageState.FAILED})
"""Not yet sent, and not given up: a sender takes them when their time has come."""
