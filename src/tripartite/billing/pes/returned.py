"""What comes back from the accountant, as values: what an acknowledgement or a PES Retour says of our slips and orders.

Codes are those of the schema. Amounts are integer cents.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class FileKind(StrEnum):
    """ACKNOWLEDGEMENT: the flow was taken, or not (PES_ACQUIT). RETURN: what became of the orders (PES_Retour)."""

    ACKNOWLEDGEMENT = "acknowledgement"
    RETURN = "return"


FILE_KIND_LABELS = {FileKind.ACKNOWLEDGEMENT: "Acquittement", FileKind.RETURN: "Retour du comptable"}


class OrderState(StrEnum):
    """What the accountant says of an order (EtatPce)."""

    WAITING = "01"
    TAKEN = "02"
    TAKEN_IN_PART = "03"
    REJECTED = "04"
    ANNULLED = "05"


ORDER_STATE_LABELS = {
    OrderState.WAITING: "en instance",
    OrderState.TAKEN: "pris en charge",
    OrderState.TAKEN_IN_PART: "pris en charge en partie",
    OrderState.REJECTED: "rejeté",
    OrderState.ANNULLED: "annulé",
}


@dataclass(frozen=True, slots=True)
class Collected:
    """Money collected on a line of an order: its day, its cents, its origin (OrgEma), its place among the same ones."""

    line: int
    on: date
    cents: int
    origin: str
    rank: int


@dataclass(frozen=True, slots=True)
class OrderReturned:
    """What is said of an order (pièce): its state, why, in the accountant's words, and what was collected on it."""

    fiscal_year: int
    slip: int
    slip_kind: str
    number: int
    state: OrderState
    reasons: str
    comment: str
    collected: tuple[Collected, ...]


@dataclass(frozen=True, slots=True)
class SlipAcknowledged:
    """What is said of a slip, of the whole flow (`whole`), or of something else in it: taken or not, and why; of which
    titles, where it names any.
    """

    fiscal_year: int | None
    slip: int | None
    accepted: bool
    errors: tuple[str, ...]
    whole: bool = False
    titles: tuple[int, ...] = ()


@dataclass(slots=True)
class FileReturned:
    """What a file says, or why it is refused (`refusal`, French). `siret`, `collectivity`, `budget` say whose it is,
    `name` how its envelope names it.
    """

    kind: FileKind = FileKind.RETURN
    siret: str = ""
    collectivity: str = ""
    budget: str = ""
    name: str = ""
    made_on: date = date.min
    orders: list[OrderReturned] = field(default_factory=list)
    acknowledged: list[SlipAcknowledged] = field(default_factory=list)
    refusal: str = ""
