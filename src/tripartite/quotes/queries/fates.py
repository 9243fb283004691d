"""What became of the letters that bring quotes: to whom, when, with which outcome."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from tripartite.messages.queries import messages_carrying
from tripartite.messages.states import WAITING, MessageState
from tripartite.quotes.models import Quote, Request
from tripartite.quotes.queries.requests import quotes_in_hand


class Outcome(StrEnum):
    """NO_ADDRESS: nobody to send them to. UNSENT: there is an address, and no letter to it. FAILED: given up.

    WAITING: to be sent. KEPT: to be read here only. SENT: the server has taken it.
    """

    NO_ADDRESS = "no-address"
    UNSENT = "unsent"
    FAILED = "failed"
    WAITING = "waiting"
    KEPT = "kept"
    SENT = "sent"


MISSED = frozenset({Outcome.NO_ADDRESS, Outcome.UNSENT, Outcome.FAILED})
"""Whoever asked has not received the quotes, and will not unless somebody does something."""
LABELS = {
    Outcome.NO_ADDRESS: "non envoyés : pas d'adresse",
    Outcome.UNSENT: "non envoyés à l'adresse du contact",
    Outcome.FAILED: "non parvenus",
    Outcome.WAITING: "à envoyer",
    Outcome.KEPT: "gardés sans être envoyés",
    Outcome.SENT: "envoyés",
}


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of the quotes issued together: `address` is that of the contact today, `recipient` that of the last
    letter (empty when there was none), `at` when it was sent or, until then, written; `reason` why it was not sent.
    """

    outcome: Outcome
    address: str
    recipient: str = ""
    at: datetime | None = None
    reason: str = ""

    @property
    def label(self) -> str:
        return LABELS[self.outcome]

    @property
    def missed(self) -> bool:
        return self.outcome in MISSED


NO_FATE = Fate(Outcome.NO_ADDRESS, "")


def fates(requests: Iterable[Request], in_hand: Mapping[int, Mapping[str, Quote]]) -> dict[int, Fate]:
    """The fate of the quotes in hand (`quotes_in_hand`) of each request that has some: one query for all."""
    found = {request: list(in_hand[request.pk].values()) for request in requests if in_hand.get(request.pk)}
    letters = messages_carrying([quote.document_id for quotes in found.values() for quote in quotes])
    return {request.pk: _fate(request.contact_email, quotes, letters) for request, quotes in found.items()}


def fate_of(request: Request) -> Fate | None:
    """The fate of the quotes in hand of a request; None when it has none."""
    return fates([request], quotes_in_hand([request])).get(request.pk)


def version_fates(request: Request) -> dict[int, Fate]:
    """The fate of each version of a request's quotes, by its key. One query; versions and quotes are prefetched."""
    quotes = {version.pk: list(version.quotes.all()) for version in request.versions.all()}
    letters = messages_carrying([quote.document_id for listed in quotes.values() for quote in listed])
    return {key: _fate(request.contact_email, listed, letters) for key, listed in quotes.items()}


def _fate(address: str, quotes: Iterable[Quote], letters: Mapping[int, list[Any]]) -> Fate:
    about = {one.pk: one for quote in quotes for one in letters.get(quote.document_id, ())}
    if not about:
        return Fate(Outcome.UNSENT if address else Outcome.NO_ADDRESS, address)
    last = about[max(about)]
    fate = Fate(_outcome(last), address, last.recipient, last.sent_at or last.created_at, last.last_error)
    if address and address.lower() not in {one.recipient.lower() for one in about.values()}:
        return Fate(Outcome.UNSENT, address, fate.recipient, fate.at, fate.reason)
    return fate


def _outcome(message: Any) -> Outcome:
    state = MessageState(message.state)
    if state in WAITING:
        return Outcome.WAITING
    return {
        MessageState.SENT: Outcome.SENT,
        MessageState.KEPT: Outcome.KEPT,
        MessageState.GIVEN_UP: Outcome.FAILED,
    }[state]
