"""A body with its figures, as one order sees it, and where it stands on each scale."""

from collections.abc import Mapping
from typing import NamedTuple

from tripartite.pricing.order import Beneficiary, OrderError


class Standing(NamedTuple):
    """A body on a scale: its category, or None with the reason why a quote is needed.

    `because` says it in French; `other` is the category that the unused measure would have given, if it differs.
    """

    category: str | None
    because: str
    interpretations: tuple[str, ...] = ()
    other: str | None = None


class Body:
    """The beneficiary of one order, with its standing on each scale (by code) once it is worked out, and the figures
    that its prices read as they are: a body of the same standings, and of the same figures read, is priced alike.
    """

    __slots__ = ("beneficiary", "facts", "read", "standings")

    def __init__(self, beneficiary: Beneficiary, facts: Mapping[str, str]) -> None:
        self.beneficiary = beneficiary
        self.facts = facts
        self.standings: dict[str, Standing] = {}
        self.read: set[str] = set()

    def figure(self, name: str) -> int:
        """A figure of the body by name, which a price reads as it is. Raises OrderError when it is not known: never a
        guess.
        """
        self.read.add(name)
        return self.classed(name)

    def classed(self, name: str) -> int:
        """The same for a scale, which only asks in which range it is."""
        if name == "population":
            value = self.beneficiary.population
            if value is None:
                raise OrderError(
                    "missing-population",
                    "La population de la collectivité n'est pas connue : indiquez le nombre d'habitants.",
                    figure=name,
                )
        elif name == "staff":
            value = self.beneficiary.staff
            if value is None:
                raise OrderError(
                    "missing-staff",
                    "L'effectif de l'établissement n'est pas connu : indiquez le nombre d'agents.",
                    figure=name,
                )
        else:
            value = self.beneficiary.facts.get(name)
            if value is None:
                message = f"Il manque « {self.facts.get(name, name)} » : indiquez cette donnée."
                raise OrderError("missing-fact", message, figure=name)
        return value

    def client_class(self) -> str:
        """The class of client. Raises OrderError when it is not known."""
        if self.beneficiary.client_class is None:
            message = "Ce tarif dépend de la classe de client : indiquez-la."
            raise OrderError("missing-fact", message, figure="client_class")
        return self.beneficiary.client_class
