"""What a price is asked on: the quantities of one charge, for a body."""

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

from tripartite.pricing.bodies import Body
from tripartite.pricing.money import number_text
from tripartite.pricing.units import Unit

Number = int | Fraction
Options = tuple[tuple[str, str], ...]

FIGURE_UNITS = {"population": Unit("habitant", "habitants"), "staff": Unit("agent", "agents")}


class Case:
    """The quantities that one charge counts: each entry is a line of the order, merged or not.

    `quantity` is the sum of what the entries count: their one quantity, or the product of their named ones.
    """

    __slots__ = ("body", "entries", "options", "quantity")

    def __init__(
        self, body: Body, entries: tuple[Mapping[str, Number], ...], options: Options, quantity: Number
    ) -> None:
        self.body = body
        self.entries = entries
        self.options = options
        self.quantity = quantity


def count(entries: tuple[Mapping[str, Number], ...]) -> Number:
    """What entries count in all: products of named quantities are summed, so that splitting a line is neutral."""
    total: Number = 0
    for entry in entries:
        product: Number = 1
        for value in entry.values():
            product *= value
        total += product
    return total


class Measure(NamedTuple):
    """What a price multiplies or compares: quantities of the order or figures of the body (several: their product).

    `included` units are free; `minimum` is what is billed at least; `units` are those of the figures, in their order
    (None: that of the charge).
    """

    names: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()
    included: Number = 0
    minimum: Number = 0
    units: tuple[Unit | None, ...] = ()

    @property
    def figure(self) -> str | None:
        """The figure that it is made of, or the first of them; None where it counts what is ordered alone."""
        return self.figures[0] if self.figures else None

    def raw(self, case: Case) -> Number:
        """The measure before what is included and what is billed at least."""
        if self.figures:
            value: Number = 1
            for name in self.figures:
                value *= case.body.figure(name)
            return (
                value * sum((_product(entry, self.names) for entry in case.entries), start=0) if self.names else value
            )
        if self.names:
            return sum((_product(entry, self.names) for entry in case.entries), start=0)
        return case.quantity

    def of(self, case: Case) -> Number:
        """The number to price."""
        value = self.raw(case)
        if self.included or self.minimum:
            value = max(value - self.included, self.minimum, 0)
        return value

    def text(self, case: Case, unit: Unit) -> str:
        """« 4 comptes », « 7 comptes dont 5 sans supplément », « 1 994 habitants », « 3 salles × 2 demi-journées »."""
        raw = self.raw(case)
        word = self.word(unit).of(raw)
        text = f"{number_text(raw)} {word}"
        if len(self.figures) + bool(self.names) > 1 and self.figures:
            text = f"{self._factors(case, unit)} = {number_text(raw)}"
        elif self.figure is None and len(case.entries) == 1 and len(self.names or case.entries[0]) > 1:
            factors = " × ".join(number_text(case.entries[0][name]) for name in self.names or case.entries[0])
            text = f"{factors} = {text}"
        if self.included:
            text += f" dont {number_text(min(raw, self.included))} sans supplément"
        if self.minimum and raw - self.included < self.minimum:
            text += f" (minimum facturé : {number_text(self.minimum)})"
        return text

    def factor(self, case: Case, unit: Unit) -> str:
        """The measure as it is multiplied: « 4 comptes », « 7 comptes dont 5 sans supplément : 2 »."""
        text, value = self.text(case, unit), self.of(case)
        return text if value == self.raw(case) else f"{text} : {number_text(value)}"

    def word(self, unit: Unit) -> Unit:
        """The unit of the measure: that of the charge, the figure's, or those of a product."""
        if not self.figures:
            return unit
        words = [*self._figure_units(unit), *([unit] if self.names else [])]
        return Unit(" × ".join(word.singular for word in words), " × ".join(word.plural for word in words))

    def _figure_units(self, unit: Unit) -> list[Unit]:
        own = self.units or (None,) * len(self.figures)
        return [known or FIGURE_UNITS.get(name, unit) for name, known in zip(self.figures, own, strict=True)]

    def _factors(self, case: Case, unit: Unit) -> str:
        """« 1 994 habitants × 3 repas »."""
        values: list[tuple[Number, Unit]] = [
            (case.body.figure(name), word) for name, word in zip(self.figures, self._figure_units(unit), strict=True)
        ]
        if self.names:
            values.append((sum((_product(entry, self.names) for entry in case.entries), start=0), unit))
        return " × ".join(f"{number_text(value)} {word.of(value)}" for value, word in values)


QUANTITY = Measure()
"""The quantity that the line shows, as it is: the one measure that prices compare by identity."""


def _product(entry: Mapping[str, Number], names: tuple[str, ...]) -> Number:
    product: Number = 1
    for name in names:
        product *= entry[name]
    return product
