"""What is asked, and by whom: plain values, and the one error that an order can meet."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any


class Kind(StrEnum):
    """Kinds of body, as the contract writes them."""

    COMMUNE = "commune"
    DEPARTEMENT = "departement"
    REGION = "region"
    EPCI = "epci"
    SYNDICAT = "syndicat"
    CCAS = "ccas"
    CIAS = "cias"
    CAISSE_DES_ECOLES = "caisse-des-ecoles"
    ETABLISSEMENT_PUBLIC = "etablissement-public"
    AUTRE = "autre"


KIND_LABELS = {
    Kind.COMMUNE: "Commune",
    Kind.DEPARTEMENT: "Département",
    Kind.REGION: "Région",
    Kind.EPCI: "EPCI à fiscalité propre",
    Kind.SYNDICAT: "Syndicat",
    Kind.CCAS: "CCAS",
    Kind.CIAS: "CIAS",
    Kind.CAISSE_DES_ECOLES: "Caisse des écoles",
    Kind.ETABLISSEMENT_PUBLIC: "Autre établissement public",
    Kind.AUTRE: "Autre structure",
}


class OrderError(Exception):
    """An order that cannot be priced: the contract's code, a French message that says what to do.

    `line` is the index in `lines` (in `in_service` when `held`, in `ended` or `set_up` when these say so);
    `suggestions` are the nearest codes, `figure` the one that a price needs and that is not known.
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        line: int | None = None,
        held: bool = False,
        ended: bool = False,
        set_up: bool = False,
        suggestions: tuple[str, ...] = (),
        figure: str = "",
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.line = line
        self.held = held
        self.ended = ended
        self.set_up = set_up
        self.suggestions = suggestions
        self.figure = figure

    @property
    def list_name(self) -> str:
        """Where the contract says that the error is."""
        if self.set_up:
            return "set_up"
        return "ended" if self.ended else "in_service" if self.held else "line"

    def as_json(self) -> dict[str, Any]:
        error: dict[str, Any] = {"code": self.code, "message": self.message}
        if self.line is not None:
            error[self.list_name] = self.line
        if self.suggestions:
            error["suggestions"] = list(self.suggestions)
        return {"error": error}


@dataclass(frozen=True, slots=True)
class Beneficiary:
    """The facts of a body that a price may depend on; what is not known is None, never a guess."""

    kind: Kind
    department: str | None = None
    population: int | None = None
    staff: int | None = None
    client_class: str | None = None
    facts: Mapping[str, int] = field(default_factory=dict)
    population_kind: str | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """A service and how much of it.

    `quantities` holds the one quantity under the name "quantity", or the named ones of the service.
    `line` is where it stood in the order, to say where an error is.
    """

    service: str
    quantities: Mapping[str, int | Fraction]
    options: tuple[tuple[str, str], ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True)
class Order:
    """What a body asks for on a date, what it already holds, and what it gives up of that.

    `set_up` is what is set up already of what it asks for: its going live is not due again.
    """

    on: date
    beneficiary: Beneficiary
    lines: tuple[Item, ...]
    in_service: tuple[Item, ...] = ()
    ended: tuple[Item, ...] = ()
    set_up: tuple[Item, ...] = ()
