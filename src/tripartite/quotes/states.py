"""The lives of a request and of a quote: codes in English, labels in French, one table of transitions each."""

from enum import StrEnum


class RequestState(StrEnum):
    """RECEIVED: quotes are to be issued (for the first time, or again after a change). QUOTED: they are out.

    RECEIVED becomes again what the quotes in hand made of it when what they quote is put back.
    ACCEPTED and REFUSED: answered. ENGAGED: a signed convention binds, what changes then goes through an amendment.
    """

    RECEIVED = "received"
    QUOTED = "quoted"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    ENGAGED = "engaged"
    CANCELLED = "cancelled"


REQUEST_LABELS = {
    RequestState.RECEIVED: "à émettre",
    RequestState.QUOTED: "devis émis",
    RequestState.ACCEPTED: "devis acceptés",
    RequestState.REFUSED: "devis refusés",
    RequestState.ENGAGED: "convention signée",
    RequestState.CANCELLED: "annulée",
}

REQUEST_TRANSITIONS: dict[RequestState, frozenset[RequestState]] = {
    RequestState.RECEIVED: frozenset(
        {RequestState.QUOTED, RequestState.ACCEPTED, RequestState.REFUSED, RequestState.CANCELLED}
    ),
    RequestState.QUOTED: frozenset(
        {RequestState.RECEIVED, RequestState.ACCEPTED, RequestState.REFUSED, RequestState.CANCELLED}
    ),
    RequestState.ACCEPTED: frozenset({RequestState.RECEIVED, RequestState.ENGAGED, RequestState.CANCELLED}),
    RequestState.REFUSED: frozenset({RequestState.RECEIVED, RequestState.CANCELLED}),
    RequestState.ENGAGED: frozenset(),
    RequestState.CANCELLED: frozenset(),
}


IN_PROGRESS = frozenset({RequestState.RECEIVED, RequestState.QUOTED, RequestState.ACCEPTED})
LED_NOWHERE = frozenset({RequestState.CANCELLED, RequestState.REFUSED})
"""States of a request that bought nothing: another can be asked for in its place."""

TAKES_ACTS = frozenset({RequestState.RECEIVED, RequestState.QUOTED, RequestState.ACCEPTED})
"""States in which an act that a body deposits still serves the file: an agent reads it first."""


class QuoteState(StrEnum):
    """ISSUED: the quote in hand. ACCEPTED, REFUSED: answered. SUPERSEDED: a later version replaces it. CANCELLED: its
    request was given up. A quote expires by its date alone, at the end of its last day.
    """

    ISSUED = "issued"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    SUPERSEDED = "superseded"
    CANCELLED = "cancelled"


QUOTE_LABELS = {
    QuoteState.ISSUED: "émis",
    QuoteState.ACCEPTED: "accepté",
    QuoteState.REFUSED: "refusé",
    QuoteState.SUPERSEDED: "remplacé",
    QuoteState.CANCELLED: "annulé",
}

QUOTE_TRANSITIONS: dict[QuoteState, frozenset[QuoteState]] = {
    QuoteState.ISSUED: frozenset(
        {QuoteState.ACCEPTED, QuoteState.REFUSED, QuoteState.SUPERSEDED, QuoteState.CANCELLED}
    ),
    QuoteState.ACCEPTED: frozenset({QuoteState.SUPERSEDED, QuoteState.CANCELLED}),
    QuoteState.REFUSED: frozenset(),
    QuoteState.SUPERSEDED: frozenset(),
    QuoteState.CANCELLED: frozenset(),
}
