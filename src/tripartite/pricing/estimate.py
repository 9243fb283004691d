"""What pricing answers: explained lines, totals per issuer, what is on request, warnings.

The JSON shape (`as_json`) is the contract that scripts rely on: extend it, never rename in it.
"""

from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any, NamedTuple, Protocol

from tripartite.pricing.lacking import NOTHING_LACKS, Lacks
from tripartite.pricing.money import MICROS_PER_CENT, euros
from tripartite.pricing.order import OrderError
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
    """What a cell of the grid says: an amount, « inclus », « sur devis », or an amount due on a condition.

    MISSING: it cannot be read, for it needs a figure of the body that is not known.
    """

    PRICED = "priced"
    INCLUDED = "included"
    ON_REQUEST = "on_request"
    CONDITIONAL = "conditional"
    MISSING = "missing"


class Explained(Protocol):
    """What can say in French how the amount of a line came about."""

    def explanation_of(self, line: "Line") -> str: ...

    def interpretations_of(self, line: "Line") -> tuple[str, ...]: ...


class Net(NamedTuple):
    """What a line voted HT says, in the units of `Line`, and the rate added to it (2000 = 20 %; None: no VAT)."""

    unit_amount: int | None
    amount_cents: int | None
    first_year_amount_cents: int | None
    rate: int | None

    def as_json(self) -> dict[str, Any]:
        """What a line of the answer says more than that of a grid voted TTC."""
        answer: dict[str, Any] = {
            "net_unit_amount_cents": _cents_of(self.unit_amount),
            "net_amount_cents": self.amount_cents,
            "vat_rate": None if self.rate is None else quantity_json(Fraction(self.rate, 100)),
        }
        if finer := _finer(self.unit_amount):
            answer["net_unit_amount"] = finer
        if self.first_year_amount_cents is not None:
            answer["first_year_net_amount_cents"] = self.first_year_amount_cents
        return answer


class Line(NamedTuple):
    """One charge of one issuer. Amounts are integer cents, TTC.

    `amount_cents` is null when the status is on_request or missing (or conditional without a computable price).
    `unit_amount` is in micros, null where the price is that of a band or a category, or where it is voted HT: nobody
    voted it TTC. `services` are all those that the charge counts; `reason` is why it is on request, conditional or
    missing, and `missing` the figure that the last of these waits for.
    `net` is what was voted where that is HT; its TTC is then this line's share of the issuer's. None: voted TTC.
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
    net: Net | None = None
    missing: str = ""

    @property
    def voted_unit(self) -> int | None:
        """The price of one unit as it was voted, in micros, TTC or HT."""
        return self.unit_amount if self.net is None else self.net.unit_amount

    @property
    def voted_cents(self) -> int | None:
        """The amount on the basis that was voted, TTC or HT."""
        return self.amount_cents if self.net is None else self.net.amount_cents

    @property
    def voted_first_year_cents(self) -> int | None:
        """The amount of the first year, where it differs, on the basis that was voted."""
        return self.first_year_amount_cents if self.net is None else self.net.first_year_amount_cents

    @property
    def explanation(self) -> str:
        """How the amount came about, in French, with the figures that made it."""
        return self.how.explanation_of(self)

    @property
    def interpretations(self) -> tuple[str, ...]:
        """The interpretations of the act that bear on the amount."""
        return self.how.interpretations_of(self)

    def as_json(self) -> dict[str, Any]:
        answer: dict[str, Any] = {
            "service": self.service,
            "charge": self.charge,
            "issuer": self.issuer,
            "frequency": self.frequency.value,
            "years": self.years,
            "quantity": quantity_json(self.quantity),
            "unit_amount_cents": _cents_of(self.unit_amount),
            "amount_cents": self.amount_cents,
            "status": self.status.value,
            "explanation": self.explanation,
        }
        if finer := _finer(self.unit_amount):
            answer["unit_amount"] = finer
        if self.first_year_amount_cents is not None:
            answer["first_year_amount_cents"] = self.first_year_amount_cents
        if self.net is not None:
            answer |= self.net.as_json()
        if len(self.services) > 1:
            answer["services"] = list(self.services)
        if self.options:
            answer["options"] = dict(self.options)
        if borne := self.interpretations:
            answer["interpretations"] = list(borne)
        return answer


class Columns(NamedTuple):
    """What is due, in integer cents: once, a year, for a term paid beforehand, the first year."""

    once_cents: int
    yearly_cents: int
    term_cents: int
    first_year_cents: int


class Totals(NamedTuple):
    """What one issuer asks: integer cents, TTC. `complete` is false when a line is left out: on request, or for want of
    a figure; `lacks` says which.

    `net` has the same HT, where the grid is voted HT; None where it is voted TTC.
    """

    once_cents: int
    yearly_cents: int
    term_cents: int
    first_year_cents: int
    complete: bool
    net: Columns | None = None
    lacks: Lacks = NOTHING_LACKS

    @property
    def voted(self) -> Columns:
        """The columns on the basis that was voted, TTC or HT."""
        return self.net or Columns(self.once_cents, self.yearly_cents, self.term_cents, self.first_year_cents)

    def as_json(self) -> dict[str, Any]:
        answer = self._asdict()
        del answer["net"], answer["lacks"]
        if self.lacks.missing:
            answer["missing"] = list(self.lacks.missing)
        if self.net is not None:
            answer |= {name.replace("_cents", "_net_cents"): cents for name, cents in self.net._asdict().items()}
        return answer


class Warning(NamedTuple):  # noqa: A001 - the contract's own word
    """Something to know before sending: its code, its French message, the interpretation behind it."""

    code: str
    message: str
    interpretation: str | None = None

    def as_json(self) -> dict[str, Any]:
        return self._asdict()


class Estimate(NamedTuple):
    """The whole answer. `beneficiary` is the contract's object as the door completed it; `basis` is what the grid was
    voted in: « TTC », or « HT », where lines and totals say their HT beside their TTC.
    """

    grid: str
    on: date
    beneficiary: dict[str, Any]
    lines: tuple[Line, ...]
    totals: dict[str, Totals]
    warnings: tuple[Warning, ...]
    basis: str = "TTC"

    @property
    def on_request(self) -> tuple[Line, ...]:
        """The lines for which no price can be computed, in grid order."""
        return tuple(line for line in self.lines if line.status is Status.ON_REQUEST)

    @property
    def missing(self) -> tuple[Line, ...]:
        """The lines that wait for a figure of the body, in grid order."""
        return tuple(line for line in self.lines if line.status is Status.MISSING)

    def check_figures(self) -> None:
        """Raise OrderError for the first figure that a price waits for; nothing when all are known."""
        for line in self.missing:
            raise OrderError(missing_code(line.missing), line.reason, figure=line.missing)

    def as_json(self) -> dict[str, Any]:
        told: dict[str, Any] = {
            "grid": self.grid,
            "basis": self.basis,
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
        if missing := self.missing:
            told["missing"] = [
                {
                    "service": line.service,
                    "charge": line.charge,
                    "issuer": line.issuer,
                    "figure": line.missing,
                    "code": missing_code(line.missing),
                    "message": line.reason,
                }
                for line in missing
            ]
        return told


def missing_code(figure: str) -> str:
    """The contract's code for a figure that is not known."""
    return f"missing-{figure}" if figure in ("population", "staff") else "missing-fact"


def _cents_of(unit: int | None) -> int | None:
    """A price by unit in cents; null where it is finer than a cent, or where there is none."""
    return None if unit is None or unit % MICROS_PER_CENT else unit // MICROS_PER_CENT


def _finer(unit: int | None) -> str | None:
    """A price by unit that is finer than a cent, in euros as decimal text."""
    return None if unit is None or not unit % MICROS_PER_CENT else decimal_text(unit)


def voted_text(line: Line, cents: int) -> str:
    """An amount of a line as voted: « 10,00 € », « 10,00 € HT » where VAT is added to it."""
    return f"{euros(cents)}{' HT' if line.net is not None and line.net.rate else ''}"


def decimal_text(rate: int) -> str:
    """A rate in micros as a decimal string in euros: « 0.0035 »."""
    return f"{rate // 1_000_000}.{rate % 1_000_000:06d}".rstrip("0")
