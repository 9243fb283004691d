"""The words that go with quantities."""

from fractions import Fraction
from typing import NamedTuple


class Unit(NamedTuple):
    """What a quantity counts, in French: « compte », « comptes »."""

    singular: str
    plural: str

    def of(self, quantity: int | Fraction) -> str:
        """The word that goes with a quantity: French takes the plural from 2 on."""
        return self.plural if quantity >= 2 or quantity <= -2 else self.singular
