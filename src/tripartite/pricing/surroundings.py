"""What a price may refer to while it is read: its service's quantities and options, the grid's scales and facts."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import prod
from typing import Any

from tripartite.pricing.cases import QUANTITY, Measure
from tripartite.pricing.grid import Measured, Option
from tripartite.pricing.order import Kind
from tripartite.pricing.scales import Scale
from tripartite.pricing.units import Unit


@dataclass(frozen=True, slots=True)
class Settled:
    """A hole in bands that an interpretation fills: these quantities are priced like another."""

    interpretation: str
    first: int | Fraction
    last: int | Fraction | None
    like: int | Fraction


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a price may refer to: the quantities and options of its service, the grid's scales, classes and facts.

    `kinds` are the kinds of body that the grid admits; all of them when empty.
    """

    quantities: Mapping[str, Measured]
    options: Mapping[str, Option]
    scales: Mapping[str, Scale]
    client_classes: Mapping[str, str]
    facts: Mapping[str, str]
    fact_units: Mapping[str, Unit]
    kinds: Collection[Kind]
    same_as: Callable[[str], Any]
    interpretations: Collection[str] = ()
    settled: tuple[Settled, ...] = ()
    measure: Measure = QUANTITY
    after: int | Fraction = 0
    depth: int = 0
    followed: tuple[str, ...] = ()

    def step_of(self, measure: Measure) -> int | Fraction:
        """The step between two values of a measure."""
        if measure.figure:
            return 1
        return prod(self.quantities[name].step for name in measure.names or self.quantities)

    def least_of(self, measure: Measure) -> int | Fraction:
        """Where the first row of bands begins when it does not say so."""
        return 0 if measure.figure or measure.included else self.step_of(measure)
