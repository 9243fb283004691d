"""The lives of a request and of a quote: codes in English, labels in French, one table of transitions each."""

from enum import StrEnum


class RequestState(StrEnum):
    """RECEIVED: quotes are to be issued (for the first time, or again after a change). QUOTED: they are out."""

    RECEIVED = "received"
    QUOTED = "quoted"
    CANCELLED = "cancelled"


REQUEST_LABELS = {
    RequestState.RECEIVED: "à émettre",
    RequestState.QUOTED: "devis émis",
    RequestState.CANCELLED: "annulée",
}

REQUEST_TRANSITIONS: dict[RequestState, frozenset[RequestState]] = {
    RequestState.RECEIVED: frozenset({RequestState.QUOTED, RequestState.CANCELLED}),
    RequestState.QUOTED: frozenset({RequestState.RECEIVED, RequestState.CANCELLED}),
    RequestState.CANCELLED: frozenset(),
}


class QuoteState(StrEnum):
    """ISSUED: the quote in hand. SUPERSEDED: a later version replaces it. CANCELLED: its request was given up."""

    ISSUED = "issued"
    SUPERSEDED = "superseded"
    CANCELLED = "cancelled"


QUOTE_LABELS = {
    QuoteState.ISSUED: "émis",
    QuoteState.SUPERSEDED: "remplacé",
    QuoteState.CANCELLED: "annulé",
}

QUOTE_TRANSITIONS: dict[QuoteState, frozenset[QuoteState]] = {
    QuoteState.ISSUED: frozenset({QuoteState.SUPERSEDED, QuoteState.CANCELLED}),
    QuoteState.SUPERSEDED: frozenset(),
    QuoteState.CANCELLED: frozenset(),
}
