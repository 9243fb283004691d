"""What falls due, item by item, as every step that knows of some tells it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from tripartite.pricing.cases import Options
from tripartite.pricing.estimate import Frequency

Accepted = Mapping[tuple[int, str], str]
"""The number of the accepted quote of each convention, issuer by issuer."""


class ItemKind(StrEnum):
    """What an item is: what a tariff makes due; the difference that a fact learnt late makes; what is given back."""

    DUE = "due"
    DIFFERENCE = "difference"
    CREDIT = "credit"


class LotDue(NamedTuple):
    """A lot that an item covers: of which subscription (None for what is done once), running since when, how much of it
    (exact decimal text), added by which convention.
    """

    subscription: int | None
    first_on: date
    quantity: str
    convention: int | None


@dataclass(frozen=True, slots=True)
class DueItem:
    """So much that a body owes to an issuer from the day `on`, for the days from `since` to `until`, inclusive.

    `amount_cents` is on the `basis` that was voted (« TTC » or « HT »), below zero for what is given back; None where a
    line is on request without a price, or cannot be priced: `explanation` says why. `lots` are those it covers,
    `quotes` the numbers of the accepted quotes that they come from; `unit_amount` the price of one for a whole period
    (micros, on that basis), None where there is none. `key` names it for ever: body, issuer, charge,
    lots, first day, and the day on which a difference was learnt.
    """

    key: str
    kind: ItemKind
    body_id: int
    issuer: str
    service: str
    service_name: str
    charge: str
    charge_name: str
    options: Options
    frequency: Frequency
    on: date
    since: date
    until: date
    quantity: str
    amount_cents: int | None
    basis: str
    explanation: str
    grid: str
    citation: str
    lots: tuple[LotDue, ...]
    quotes: tuple[str, ...] = ()
    unit_amount: int | None = None

    def quoted(self, accepted: Accepted) -> "DueItem":
        """The same, with the numbers of the accepted quotes of its lots."""
        found = (accepted.get((lot.convention, self.issuer)) for lot in self.lots if lot.convention is not None)
        return replace(self, quotes=tuple(dict.fromkeys(number for number in found if number)))

    def as_json(self) -> dict[str, Any]:
        """For scripts; days as ISO texts."""
        return {
            "key": self.key,
            "kind": self.kind.value,
            "issuer": self.issuer,
            "service": self.service,
            "charge": self.charge,
            "options": dict(self.options),
            "frequency": self.frequency.value,
            "on": self.on.isoformat(),
            "since": self.since.isoformat(),
            "until": self.until.isoformat(),
            "quantity": self.quantity,
            "amount_cents": self.amount_cents,
            "basis": self.basis,
            "explanation": self.explanation,
            "grid": self.grid,
            "citation": self.citation,
            "lots": [
                {"subscription": lot.subscription, "since": lot.first_on.isoformat(), "quantity": lot.quantity}
                for lot in self.lots
            ],
            "quotes": list(self.quotes),
        }


def item_key(body_id: int, issuer: str, charge: tuple[str, str, Options], lots: str, since: date) -> str:
    """The name of what falls due for a charge (service, code, options) of some lots, from a day."""
    service, code, options = charge
    chosen = ",".join(f"{name}={value}" for name, value in options)
    return f"{body_id}:{issuer}:{service}/{code}[{chosen}]:{lots}:{since:%Y-%m-%d}"


def in_order(item: DueItem) -> tuple[date, int, str, str, str, date, str]:
    """Items by the day they fall due, then body, issuer, service."""
    return (item.on, item.body_id, item.issuer, item.service, item.charge, item.since, item.key)
