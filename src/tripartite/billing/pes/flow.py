"""What a flow of revenue orders says to the accountant (PES Recette Aller): frozen values, in the schema's own terms.

Amounts are integer cents, VAT rates hundredths of a percent. Codes are those of the schema (`CommunRecette.xsd`,
`CommunPES.xsd`). What is not known is empty, and is left out.
"""

from dataclasses import dataclass
from datetime import date

from tripartite.billing.printout.parts import PostalAddress

ORDINARY_SLIP, REDUCTION_SLIP = "01", "02"
"""TypBord."""
ORDINARY_PIECE, CORRECTION = "01", "02"
"""TypPce."""
RUNNING, REDUCES = "01", "06"
"""NatPce: « Fonctionnement », « Annulation-Réduction »."""
TO_CHORUS = "02"
"""Edition: the avis des sommes à payer goes to Chorus Pro."""
PES_INVOICE, REVENUE_PROOF = "006", "002"
"""TypePJ."""


@dataclass(frozen=True, slots=True)
class Party:
    """A third party: `category` is CatTiers, `legal` NatJur. The SIRET is NatIdTiers 01."""

    name: str
    siret: str
    category: str
    legal: str
    address: PostalAddress


@dataclass(frozen=True, slots=True)
class Attachment:
    """A supporting document (PES_PJ). `unique_id` is unique in the body, whatever the year and the budget."""

    unique_id: str
    file_name: str
    description: str
    media_type: str
    kind: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Reduced:
    """The order that a reduction bears on (RattachPiece)."""

    fiscal_year: int
    number: int
    line: int = 1


@dataclass(frozen=True, slots=True)
class Title:
    """An order (pièce) of one line: what is collected, from one debtor. `kind` is TypPce, `nature` NatPce.

    `net_cents` is MtHT: the TTC where there is no VAT. `proofs` are the identifiers of its attachments.
    """

    number: int
    kind: str
    nature: str
    subject: str
    product: str
    account: str
    function: str
    net_cents: int
    vat_cents: int | None
    vat_rate: int | None
    debtor: Party
    edition: str = ""
    invoice_number: str = ""
    contract: str = ""
    engagement: str = ""
    service_code: str = ""
    proofs: tuple[str, ...] = ()
    reduces: Reduced | None = None


@dataclass(frozen=True, slots=True)
class Flow:
    """One slip (bordereau) and its orders, to the accountant of a budget.

    `file_type` is TypFic, `post` IdPost (codique), `siret` IdColl, `kind` TypBord. `signed_outside`: the flow is to be
    signed before it is handed over (InfoDematerialisee 1). `year_cents` is what the slips of the year come to, this one
    included (MtCumulAnnuel).
    """

    file_name: str
    file_type: str
    software: str
    software_version: str
    made_on: date
    post: str
    siret: str
    collectivity: str
    budget: str
    budget_name: str
    fiscal_year: int
    number: int
    kind: str
    issued_on: date
    titles: tuple[Title, ...]
    attachments: tuple[Attachment, ...] = ()
    signed_outside: bool = False
    year_cents: int = 0

    @property
    def net_cents(self) -> int:
        """MtBordHt."""
        return sum(title.net_cents for title in self.titles)

    @property
    def vat_cents(self) -> int:
        """MtBordTVA; none is said where it is nothing."""
        return sum(title.vat_cents or 0 for title in self.titles)
