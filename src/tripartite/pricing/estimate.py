"""What pricing answers: explained lines, totals per issuer, what is on request, warnings.

The JSON shape (`as_json`) is the contract that scripts rely on: extend it, never rename in it.
"""

from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any, NamedTuple, Protocol

from tripartite.pricing.money import MICROS_PER_CENT
from tripartite.pricing.quantities import quantity_json


class Frequency(StrEnum):
    """How often a charge is due."""

    ONCE = "once"
    YEARLY = "yearly"
    MONTHLY = "monthly"
    TERM = "term"
    PER_ACT = "per-act"


RECURRING = frozenset({Frequency.YEARLY, Frequency.MONTHLY})


class Status(StrEnum):
    """What a cell of the grid says: an amount, « inclus », « sur devis », or an amount due on a condition."""

    PRICED = "priced"
    INCLUDED = "included"
    ON_REQUEST = "on_request"
    CONDITIONAL = "conditional"


class Explained(Protocol):
    """What can say in French how the amount of a line came about."""

    def explanation_of(self, line: "Line") -> str: ...

    def interpretations_of(self, line: "Line") -> tuple[str, ...]: ...


class Line(NamedTuple):
    """One charge of one issuer. Amounts are integer cents, TTC.

    `amount_cents` is null when the status is on_request (or conditional without a computable price).
    `unit_amount` is in micros, null where the price is that of a band or a category.
    `services` are all those that the charge counts; `reason` is why it is on request or conditional.
    """

    service: str
    charge: str
    issuer: str
    frequency: Frequency
    years: int | None
    quantity: int | Fraction
    unit_amount: int | None
    amount_cents: int | None
    first_year_amount_cents: int | None
    status: Status
    reason: str
    services: tuple[str, ...]
    options: tuple[tuple[str, str], ...]
    how: Explained

    @property
    def explanation(self) -> str:
        """How the amount came about, in French, with the figures that made it."""
        return self.how.explanation_of(self)

    @property
    def interpretations(self) -> tuple[str, ...]:
        """The interpretations of the act that bear on the amount."""
        return self.how.interpretations_of(self)

    def as_json(self) -> dict[str, Any]:
        unit_cents, rest = divmod(self.unit_amount, MICROS_PER_CENT) if self.unit_amount is not None else (None, 0)
        answer: dict[str, Any] = {
            "service": self.service,
            "charge": self.charge,
            "issuer": self.issuer,
            "frequency": self.frequency.value,
            "years": self.years,
            "quantity": quantity_json(self.quantity),
            "unit_amount_cents": None if rest else unit_cents,
            "amount_cents": self.amount_cents,
            "status": self.status.value,
            "explanation": self.explanation,
        }
        if rest and self.unit_amount is not None:
            answer["unit_amount"] = decimal_text(self.unit_amount)
        if self.first_year_amount_cents is not None:
            answer["first_year_amount_cents"] = self.first_year_amount_cents
        if len(self.services) > 1:
            answer["services"] = list(self.services)
        if self.options:
            answer["options"] = dict(self.options)
        if self.interpretations:
            answer["interpretations"] = list(self.interpretations)
        return answer


class Totals(NamedTuple):
    """What one issuer asks: integer cents, TTC. `complete` is false when a line on request is left out."""

    once_cents: int
    yearly_cents: int
    term_cents: int
    first_year_cents: int
    complete: bool

    def as_json(self) -> dict[str, Any]:
        return self._asdict()


class Warning(NamedTuple):  # noqa: A001 - the contract's own word
    """Something to know before sending: its code, its French message, the interpretation behind it."""

    code: str
    message: str
    interpretation: str | None = None

    def as_json(self) -> dict[str, Any]:
        return self._asdict()


class Estimate(NamedTuple):
    """The whole answer. `beneficiary` is the contract's object as the door completed it."""

    grid: str
    on: date
    beneficiary: dict[str, Any]
    lines: tuple[Line, ...]
    totals: dict[str, Totals]
    warnings: tuple[Warning, ...]

    @property
    def on_request(self) -> tuple[Line, ...]:
        """The lines for which no price can be computed, in grid order."""
        return tuple(line for line in self.lines if line.status is Status.ON_REQUEST)

    def as_json(self) -> dict[str, Any]:
        return {
            "grid": self.grid,
            "on": self.on.isoformat(),
            "beneficiary": self.beneficiary,
            "lines": [line.as_json() for line in self.lines],
            "totals": {code: totals.as_json() for code, totals in self.totals.items()},
            "on_request": [
                {"service": line.service, "charge": line.charge, "issuer": line.issuer, "reason": line.reason}
                for line in self.on_request
            ],
            "warnings": [warning.as_json() for warning in self.warnings],
        }


def decimal_text(rate: int) -> str:
    """A rate in micros as a decimal string in euros: « 0.0035 »."""
    return f"{rate // 1_000_000}.{rate % 1_000_000:06d}".rstrip("0")
