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
    """What a price multiplies or compares: quantities of the order (several names: their product) or a figure.

    `included` units are free; `minimum` is what is billed at least.
    """

    names: tuple[str, ...] = ()
    figure: str | None = None
    included: Number = 0
    minimum: Number = 0

    def raw(self, case: Case) -> Number:
        """The measure before what is included and what is billed at least."""
        if self.figure:
            return case.body.figure(self.figure)
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
        if self.figure is None and len(case.entries) == 1 and len(self.names or case.entries[0]) > 1:
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
        """The unit of the measure: that of the charge, or the figure's."""
        if self.figure:
            return FIGURE_UNITS.get(self.figure, unit)
        return unit


QUANTITY = Measure()
"""The quantity that the line shows, as it is: the one measure that prices compare by identity."""


def _product(entry: Mapping[str, Number], names: tuple[str, ...]) -> Number:
    product: Number = 1
    for name in names:
        product *= entry[name]
    return product
