"""How far each service is from running, in words: for the board, the file, the convention and the beneficiary."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from tripartite.going_live.queries.activations import READY, Standing, Turn, is_late, parts_of, standing_of, turn_of
from tripartite.going_live.queries.checklists import BENEFICIARY
from tripartite.going_live.states import OPEN, ActivationState
from tripartite.parties.queries.bodies import issuers
from tripartite.pricing.money import number_text

if TYPE_CHECKING:
    from tripartite.going_live.models import Activation
    from tripartite.parties.models import Issuer, PublicBody

BADGES = {
    ActivationState.TO_DO: "wait",
    ActivationState.PARTLY_LIVE: "wait",
    ActivationState.LIVE: "good",
    ActivationState.CANCELLED: "quiet",
}


@dataclass(frozen=True, slots=True)
class Card:
    """An activation as a list shows it. `issuer` is the one whose turn it is, None for the beneficiary or an agent."""

    activation: Activation
    standing: Standing
    turn: Turn
    issuer: Issuer | None
    who: str
    late: bool

    @property
    def badge(self) -> str:
        return BADGES[ActivationState(self.activation.state)]

    @property
    def open(self) -> bool:
        return self.activation.state in OPEN

    @property
    def several(self) -> bool:
        """Whether how many is worth saying."""
        return self.standing.ordered != 1

    @property
    def what(self) -> str:
        """What is to be done next, in words."""
        if self.turn.step:
            return self.turn.step
        return "Mettre en service ce qui reste" if self.standing.live else "Dire que c'est en service"

    @property
    def how_many(self) -> str:
        """« 3 sur 5 en service », « 5 demandés »; nothing for a single one."""
        ordered, live = number_text(self.standing.ordered), number_text(self.standing.live)
        if not self.several:
            return ""
        return f"{live} sur {ordered} en service" if self.standing.live else f"{ordered} à mettre en service"

    @property
    def live_on(self) -> date | None:
        """The day of its last part."""
        return max((part.live_on for part in parts_of(self.activation)), default=None)


def cards_of(activations: Iterable[Activation], *, on: date) -> list[Card]:
    """The cards of activations read with their steps and parts: one query more, for the issuers."""
    by_code = {issuer.code: issuer for issuer in issuers()}
    return [_card(one, by_code, on) for one in activations]


def _card(activation: Activation, by_code: dict[str, Issuer], on: date) -> Card:
    turn = turn_of(activation)
    issuer = by_code.get(turn.by)
    who = issuer.short_name if issuer else party_name(turn.by, activation.body)
    return Card(activation, standing_of(activation), turn, issuer, who, is_late(activation, on=on))


def party_name(by: str, body: PublicBody) -> str:
    """The name of a party that is not an issuer."""
    return {BENEFICIARY: str(body), READY: "un agent"}.get(by, by)


def awaited_of_body(card: Card) -> list[str]:
    """The steps that are the beneficiary's own and not settled."""
    steps = card.activation.steps.all() if card.open else ()
    return [step.name for step in steps if step.by == BENEFICIARY and not step.settled]


@dataclass(frozen=True, slots=True)
class Ahead:
    """What is still to be set going in a file: in words, by whom, since when."""

    words: str
    by: str
    since: date | datetime


def ahead(cards: Sequence[Card]) -> Ahead | None:
    """What comes next of several activations; None when nothing is left to do."""
    left = [card for card in cards if card.open]
    if not left:
        return None
    names = " ; ".join(f"{card.activation.name}{f' ({card.how_many})' if card.how_many else ''}" for card in left)
    who = " et ".join(dict.fromkeys(card.who for card in left))
    return Ahead(f"Mettre en service : {names}", who, min(card.activation.opened_at for card in left))
