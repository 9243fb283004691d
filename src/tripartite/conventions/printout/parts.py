"""What a convention or an amendment is made of, as values. What is not known is None or empty.

Amounts are integer cents, TTC; days are inclusive.
"""

from dataclasses import dataclass
from datetime import date

from tripartite.conventions.printout.phrases import Block
from tripartite.pricing.estimate import Columns


@dataclass(frozen=True, slots=True)
class Mandate:
    """The act that empowers a signatory: « délibération », « conseil municipal », its number and days."""

    act: str
    organ: str
    number: str | None = None
    adopted_on: date | None = None
    enforceable_on: date | None = None


@dataclass(frozen=True, slots=True)
class Party:
    """A party and who signs for it. `role` is "beneficiary" or the code of an issuer; `slot` gives its colour."""

    role: str
    name: str
    kind_label: str
    siren: str | None = None
    siret: str | None = None
    address: tuple[str, ...] = ()
    signatory_name: str | None = None
    signatory_function: str | None = None
    mandate: Mandate | None = None
    slot: int | None = None


@dataclass(frozen=True, slots=True)
class ServicePart:
    """What one issuer does and asks for a service, a sentence each; none when it has no part in it."""

    issuer: str
    slot: int
    name: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ServiceTaken:
    """A service taken: « 4 comptes », and the part of each issuer, in the order of the grid."""

    family: str
    name: str
    quantity_text: str
    parts: tuple[ServicePart, ...]
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class QuoteReference:
    """A quote that the convention rests on. Its amounts are TTC; `net` has the same HT where its tariff is voted HT."""

    number: str | None
    issuer_name: str
    slot: int
    issued_on: date | None
    first_year_cents: int
    yearly_cents: int
    once_cents: int = 0
    term_cents: int = 0
    net: Columns | None = None

    @property
    def voted(self) -> Columns:
        """Its columns on the basis that was voted."""
        return self.net or Columns(self.once_cents, self.yearly_cents, self.term_cents, self.first_year_cents)


@dataclass(frozen=True, slots=True)
class Term:
    """How long it lasts. Days are None until they are known."""

    years: int
    tacit_renewals: int = 0
    notice_months: int = 0
    starts_on: date | None = None
    ends_on: date | None = None
    last_notice_on: date | None = None


@dataclass(frozen=True, slots=True)
class Price:
    """A price of the tariff annexed."""

    family: str
    service: str
    charge: str
    frequency: str
    slot: int
    issuer: str
    condition: str
    price: str


@dataclass(frozen=True, slots=True)
class Tariff:
    """The tariff annexed: its act, its grid, all its prices, and how it is read where the act leaves a choice.

    `basis` is what the act votes: « TTC » or « HT ».
    """

    act: str
    body: str
    grid: str
    version: int
    prices: tuple[Price, ...]
    interpretations: tuple[tuple[str, str, str], ...] = ()
    basis: str = "TTC"


@dataclass(frozen=True, slots=True)
class PaperParty:
    """A party at its place among the signatories, with its name in the articles: « l'opérateur »."""

    party: Party
    called: str


@dataclass(frozen=True, slots=True)
class Section:
    """An article or an annex, filled in. `table` is shown after its first paragraph."""

    key: str
    title: str
    blocks: tuple[Block, ...]
    table: str | None = None
    decision: bool = False
