"""The forms of price that a grid can vote: each answers an outcome for a case, and explains it in French.

Prices are exact (integer micros, or fractions of them); nothing is rounded here. Forms compose: a row of a
band, a branch of a choice or a part of a sum may be any other form.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from tripartite.pricing.cases import QUANTITY, Case, Measure, Number
from tripartite.pricing.money import MICROS_PER_CENT, MICROS_PER_EURO, number_text, rate_text
from tripartite.pricing.order import Kind
from tripartite.pricing.outcomes import ON_REQUEST, Amount, Blank, Included, OnRequest, Outcome, Refused
from tripartite.pricing.units import Unit

_make = tuple.__new__
"""Builds a named tuple in place, without the cost of its Python constructor: the form asked most often."""


class Price:
    """A form of price. Subclasses answer `on` and `explain`; the others default to « nothing to add »."""

    __slots__ = ()

    def on(self, case: Case) -> Outcome:
        """The outcome for a case. Raises OrderError when a figure that the price needs is unknown."""
        raise NotImplementedError

    def explain(self, case: Case, unit: Unit) -> str:
        """How the outcome came about, without the result: « 4 comptes × 20,00 € »."""
        raise NotImplementedError

    def interpretations(self, case: Case) -> tuple[str, ...]:  # noqa: ARG002 - most forms settle nothing
        """The interpretations that decided this case, beside those of the charge."""
        return ()

    def parts(self) -> "Iterator[Part]":
        """The prices that this one is made of, as they stand in the grid's text."""
        return iter(())


class Part(NamedTuple):
    """A price inside another: the steps from one to the other in the text, and how a person names it."""

    steps: tuple[str | int, ...]
    label: str | None
    price: Price


@dataclass(frozen=True, slots=True)
class When:
    """A condition on the body and on the options chosen; every part that is given must hold."""

    kinds: tuple[Kind, ...] = ()
    client_classes: tuple[str, ...] = ()
    options: tuple[tuple[str, tuple[str, ...]], ...] = ()
    figures: tuple[tuple[str, int, int | None], ...] = ()

    def holds(self, case: Case) -> bool:
        """True when the case meets the condition. Raises OrderError when a figure is unknown."""
        if self.kinds and case.body.beneficiary.kind not in self.kinds:
            return False
        if self.client_classes and case.body.client_class() not in self.client_classes:
            return False
        if self.options:
            chosen = dict(case.options)
            if any(chosen.get(name) not in values for name, values in self.options):
                return False
        for name, first, last in self.figures:
            value = case.body.figure(name)
            if value < first or (last is not None and value > last):
                return False
        return True

    def covers(self, other: "When") -> bool:
        """True when this condition holds wherever the other one does, as far as each part tells."""
        options = dict(other.options)
        figures = {name: (first, last) for name, first, last in other.figures}
        return (
            _within(other.kinds, self.kinds)
            and _within(other.client_classes, self.client_classes)
            and all(name in options and set(options[name]) <= set(values) for name, values in self.options)
            and all(name in figures and _inside(figures[name], (first, last)) for name, first, last in self.figures)
        )


def _within(inner: tuple[str, ...], outer: tuple[str, ...]) -> bool:
    """Whether every case of `inner` is one of `outer`; nothing said means all cases."""
    return not outer or (bool(inner) and set(inner) <= set(outer))


def _inside(inner: tuple[int, int | None], outer: tuple[int, int | None]) -> bool:
    """Whether every number of the first range, bounds included, is in the second."""
    return outer[0] <= inner[0] and (outer[1] is None or (inner[1] is not None and inner[1] <= outer[1]))


def exact(numerator: int, denominator: int) -> Number:
    """A quotient that stays an integer where it is one, for speed; a fraction otherwise."""
    return numerator // denominator if numerator % denominator == 0 else Fraction(numerator, denominator)


def exact_rate(amount: Number) -> str:
    """An exact amount in micros as text."""
    return (
        rate_text(int(amount)) if amount == int(amount) else f"{number_text(Fraction(amount, MICROS_PER_EURO))}\u00a0€"
    )


def percent_text(hundredths: int) -> str:
    """« 20 % » for 2000 hundredths of a percent."""
    return f"{number_text(Fraction(hundredths, 100))} %"


class Surcharge(NamedTuple):
    """Added to a rate when a condition holds: an amount in micros, that of a table, or hundredths of a percent of the
    rate.
    """

    label: str
    when: When
    add: int = 0
    percent: int = 0
    table: Price | None = None

    def amount(self, case: Case) -> Number:
        """What is added in micros, the percentage apart."""
        outcome = Amount(self.add) if self.table is None else self.table.on(case)
        return outcome.micros if isinstance(outcome, Amount) else 0


@dataclass(frozen=True, slots=True)
class Rate:
    """An amount in micros with its surcharges."""

    base: int
    surcharges: tuple[Surcharge, ...] = ()

    def of(self, case: Case) -> Number:
        """The rate for a case: base, plus every surcharge whose condition holds."""
        if not self.surcharges:
            return self.base
        rate: Number = self.base
        for surcharge in self.surcharges:
            if surcharge.when.holds(case):
                rate += surcharge.amount(case) + exact(self.base * surcharge.percent, 10_000)
        return rate

    def text(self, case: Case) -> str:
        """« 300,00 € » or « (300,00 € + 50,00 € « samedi ») »."""
        parts = [rate_text(self.base)]
        for surcharge in self.surcharges:
            if surcharge.when.holds(case):
                more = percent_text(surcharge.percent) if surcharge.percent else exact_rate(surcharge.amount(case))
                parts.append(f"{more} ({surcharge.label})")
        return parts[0] if len(parts) == 1 else "(" + " + ".join(parts) + ")"


@dataclass(frozen=True, slots=True)
class PerUnit(Price):
    """So much per unit of a measure."""

    rate: Rate
    measure: Measure = QUANTITY

    def on(self, case: Case) -> Outcome:
        rate = self.rate.base if not self.rate.surcharges else self.rate.of(case)
        if self.measure is QUANTITY:
            return _make(Amount, (rate * case.quantity, rate if rate.__class__ is int else None, None))
        return Amount(rate * self.measure.of(case))

    def explain(self, case: Case, unit: Unit) -> str:
        return f"{self.measure.factor(case, unit)} × {self.rate.text(case)}"


@dataclass(frozen=True, slots=True)
class Flat(Price):
    """One amount, whatever the quantity."""

    rate: Rate

    def on(self, case: Case) -> Outcome:
        return Amount(self.rate.of(case))

    def explain(self, case: Case, unit: Unit) -> str:  # noqa: ARG002
        return f"forfait de {self.rate.text(case)}"


@dataclass(frozen=True, slots=True)
class Blocks(Price):
    """A base, then an amount for every started block of `size` units beyond `beyond`."""

    base: int
    plus: int
    size: int
    beyond: int
    measure: Measure = QUANTITY

    def _started(self, case: Case) -> int:
        over = self.measure.of(case) - self.beyond
        return int(-(-over // self.size)) if over > 0 else 0

    def on(self, case: Case) -> Outcome:
        return Amount(self.base + self.plus * self._started(case))

    def explain(self, case: Case, unit: Unit) -> str:
        started = self._started(case)
        blocks = "tranche entamée" if started < 2 else "tranches entamées"
        base = f"{rate_text(self.base)} + " if self.base else ""
        beyond = f" au-delà de {number_text(self.beyond)}" if self.beyond else ""
        word = self.measure.word(unit).plural
        return (
            f"{self.measure.text(case, unit)} : {base}{started} {blocks} de {number_text(self.size)} {word}{beyond}"
            f" × {rate_text(self.plus)}"
        )


class Band(NamedTuple):
    """A row: from `first` to `last` (inclusive, None: no limit), with the price of the whole quantity."""

    first: Number
    last: Number | None
    price: Price
    interpretation: str | None = None
    """What fills a hole of the act with this row; None for a row that was voted."""
    cited: tuple[str, ...] = ()
    """The interpretations that bear on this row as it was voted."""

    def holds(self, value: Number) -> bool:
        return self.first <= value and (self.last is None or value <= self.last)

    @property
    def text(self) -> str:
        if self.last is None:
            return f"à partir de {number_text(self.first)}"
        if self.first == self.last:
            return number_text(self.first)
        return f"de {number_text(self.first)} à {number_text(self.last)}"


@dataclass(frozen=True, slots=True)
class Bands(Price):
    """The price of the row in which the measure falls. What no row holds is on request: never a guess."""

    rows: tuple[Band, ...]
    measure: Measure = QUANTITY

    def row(self, case: Case) -> Band | None:
        """The row of a case, None in a hole."""
        value = case.quantity if self.measure is QUANTITY else self.measure.of(case)
        for row in self.rows:
            first, last = row.first, row.last
            if first <= value and (last is None or value <= last):
                return row
        return None

    def on(self, case: Case) -> Outcome:
        row = self.row(case)
        if row is None:
            return OnRequest(f"Le tarif ne prévoit rien pour {number_text(self.measure.of(case))}.")
        return row.price.on(case)

    def explain(self, case: Case, unit: Unit) -> str:
        row = self.row(case)
        if row is None:
            return f"{self.measure.text(case, unit)} : aucune tranche"
        if isinstance(row.price, Flat):
            return (
                f"{self.measure.text(case, unit)} : tranche {row.text} {self.measure.word(unit).plural},"
                f" {row.price.rate.text(case)}"
            )
        return row.price.explain(case, unit)

    def interpretations(self, case: Case) -> tuple[str, ...]:
        row = self.row(case)
        if row is None:
            return ()
        settled = (row.interpretation,) if row.interpretation else ()
        return (*settled, *row.cited, *row.price.interpretations(case))

    def parts(self) -> Iterator[Part]:
        for place, row in enumerate(self.rows):
            if row.interpretation is None:
                yield Part(("bands", place), f"tranche {place + 1}", row.price)


class MarginalRow(NamedTuple):
    """A slice: up to `last` (inclusive, None: no limit), each unit at `rate` micros."""

    last: int | None
    rate: int


@dataclass(frozen=True, slots=True)
class Marginal(Price):
    """Each unit at the price of its own slice, as an income tax does."""

    rows: tuple[MarginalRow, ...]
    measure: Measure = QUANTITY

    def _slices(self, case: Case) -> list[tuple[Number, int]]:
        value = self.measure.of(case)
        slices: list[tuple[Number, int]] = []
        below: Number = 0
        for row in self.rows:
            top = value if row.last is None else min(value, row.last)
            if top <= below:
                break
            slices.append((top - below, row.rate))
            below = top
        return slices

    def on(self, case: Case) -> Outcome:
        last = self.rows[-1].last
        if last is not None and self.measure.of(case) > last:
            return OnRequest(f"Le tarif s'arrête à {number_text(last)}.")
        return Amount(sum((number * rate for number, rate in self._slices(case)), start=0))

    def explain(self, case: Case, unit: Unit) -> str:
        slices = " + ".join(f"{number_text(number)} × {rate_text(rate)}" for number, rate in self._slices(case))
        return f"{self.measure.text(case, unit)} : {slices or '0'}"


@dataclass(frozen=True, slots=True)
class Percent(Price):
    """A share of a stated base: a fact in cents (`…_cents`), or a quantity in euros.

    The share is exact: 0,12 % is Fraction(12, 10000).
    """

    share: Fraction
    measure: Measure

    def on(self, case: Case) -> Outcome:
        scale = self._scale
        product = self.share * self.measure.of(case) * scale
        return Amount(exact(product.numerator, product.denominator))

    def explain(self, case: Case, unit: Unit) -> str:  # noqa: ARG002
        base = self.measure.of(case)
        return f"{number_text(self.share * 100)} % de {exact_rate(base * self._scale)}"

    @property
    def _scale(self) -> int:
        return MICROS_PER_CENT if self.measure.figures else MICROS_PER_EURO


@dataclass(frozen=True, slots=True)
class NoPrice(Price):
    """A cell that says « inclus », « sur devis », « refusé » or nothing, instead of an amount."""

    outcome: Included | OnRequest | Refused | Blank

    def on(self, case: Case) -> Outcome:  # noqa: ARG002
        return self.outcome

    def explain(self, case: Case, unit: Unit) -> str:  # noqa: ARG002
        match self.outcome:
            case Included():
                return "inclus"
            case OnRequest():
                return self.outcome.words(f"{ON_REQUEST} : {{}}")
            case Refused(message):
                return message
            case Blank():
                return "sans objet"
