"""What a total leaves out, said by one value wherever the total is shown: screen, paper, file, command line, API."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from tripartite.pricing.money import euros

FIGURE_WORDS = {
    "population": "le nombre d'habitants",
    "staff": "le nombre d'agents",
    "client_class": "la classe de client",
}


@dataclass(frozen=True, slots=True)
class Lacks:
    """What is left out: lines on request without a price, prices that wait for these figures (by name), services whose
    price cannot be read at all. False when nothing is.
    """

    on_request: bool = False
    missing: tuple[str, ...] = ()
    unpriced: bool = False

    def __bool__(self) -> bool:
        return self.on_request or bool(self.missing) or self.unpriced

    def __str__(self) -> str:
        """« hors lignes sur devis », « hors prix qui attendent le nombre d'habitants », or both; « » for nothing."""
        left = ["lignes sur devis"] if self.on_request else []
        if self.missing:
            waited = dict.fromkeys(FIGURE_WORDS.get(name, "une donnée") for name in self.missing)
            left.append(f"prix qui attendent {' et '.join(waited)}")
        left += ["services sans prix"] if self.unpriced else []
        return f"hors {', '.join(left)}" if left else ""

    def plus(self, other: "Lacks") -> "Lacks":
        """What the sum of two totals leaves out."""
        if not self and not other:
            return self
        missing = tuple(dict.fromkeys((*self.missing, *other.missing)))
        return Lacks(self.on_request or other.on_request, missing, self.unpriced or other.unpriced)


NOTHING_LACKS = Lacks()


def together(lacks: Iterable[Lacks]) -> Lacks:
    """What a sum of totals leaves out."""
    found = NOTHING_LACKS
    for one in lacks:
        found = found.plus(one)
    return found


class Sum(NamedTuple):
    """An amount in integer cents, with what it leaves out."""

    cents: int = 0
    lacks: Lacks = NOTHING_LACKS

    def plus(self, other: "Sum") -> "Sum":
        """Both together."""
        return Sum(self.cents + other.cents, self.lacks.plus(other.lacks))

    def __str__(self) -> str:
        return total_text(self.cents, self.lacks)


def total_text(cents: int, lacks: Lacks) -> str:
    """A total as people read it: « 196,00 € », then what it leaves out."""
    return f"{euros(cents)} {lacks}" if lacks else euros(cents)
