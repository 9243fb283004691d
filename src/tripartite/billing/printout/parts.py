"""What an invoice is made of, as values. What is not known is None or empty, and is left out.

Amounts are integer cents, unit prices micros (millionths of a euro); days are inclusive. « BT-… » is the business term
of EN 16931-1 that a field fills.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from tripartite.quotes.printout.parts import IssuerIdentity, Recipient
from tripartite.quotes.printout.wording import NO_VAT


class PaperKind(StrEnum):
    """An invoice, or the credit note that takes from one. The amounts of both are above zero."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit-note"

    @property
    def label(self) -> str:
        return "Facture" if self is PaperKind.INVOICE else "Avoir"

    @property
    def type_code(self) -> str:
        """BT-3, of UNTDID 1001."""
        return "380" if self is PaperKind.INVOICE else "381"


class VatCategory(StrEnum):
    """Why VAT is so (UNTDID 5305): standard or reduced rate, exempt, outside the scope."""

    STANDARD = "S"
    EXEMPT = "E"
    OUT_OF_SCOPE = "O"


@dataclass(frozen=True, slots=True)
class PostalAddress:
    """BG-5, BG-8. `lines` come before the postal code and the city; three at most fit in the data."""

    lines: tuple[str, ...] = ()
    postal_code: str = ""
    city: str = ""
    country: str = "FR"

    @property
    def three_lines(self) -> tuple[str, ...]:
        """BT-35, BT-36 and BT-162: where there are more lines, the last ones are said together."""
        if len(self.lines) <= 3:
            return self.lines
        return (*self.lines[:2], ", ".join(self.lines[2:]))


@dataclass(frozen=True, slots=True)
class Seller:
    """Who issues (BG-4). `vat_number` (BT-31) is never said where the issue is outside the scope of VAT."""

    identity: IssuerIdentity
    address: PostalAddress
    vat_number: str | None = None


ARTICLE = re.compile(r"(?:la |le |les |l['’])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Buyer:
    """Who pays (BG-7): its SIRET is BT-46, scheme 0009, its SIREN BT-47."""

    recipient: Recipient
    address: PostalAddress

    @property
    def heading(self) -> str:
        """BT-44: as law names it, without its article (« Commune de X »), where that is known."""
        name, legal = self.recipient.name, self.recipient.legal
        if not legal or legal == name:
            return name
        bare = ARTICLE.sub("", legal, count=1) if ARTICLE.match(legal) else legal
        return bare[:1].upper() + bare[1:]


@dataclass(frozen=True, slots=True)
class References:
    """What the buyer asks to find: the code of its service (BT-10), its engagement (BT-13), the contract (BT-12: a
    marché, or the convention).
    """

    service_code: str = ""
    engagement: str = ""
    contract: str = ""


@dataclass(frozen=True, slots=True)
class InvoiceVat:
    """The issuer's VAT: a rate (2000 = 20 %), or None with the mention that papers carry (BT-120) and its category."""

    rate: int | None
    mention: str | None = None
    without: VatCategory = VatCategory.OUT_OF_SCOPE

    @property
    def category(self) -> VatCategory:
        return self.without if self.rate is None else VatCategory.STANDARD

    @property
    def reason(self) -> str:
        """BT-120: why no VAT is due; empty where it is."""
        return "" if self.rate is not None else self.mention or NO_VAT


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """One line (BG-25): what is due for a charge, for the days from `since` to `until`.

    `voted_cents` is on `basis` (« TTC » or « HT »), below zero for what is given back. `quantity` is exact;
    `unit_amount` is in micros on the same basis, None where there is no price by unit; `explanation` then says how the
    amount came about. `citation` names the act that sets the price, `convention` and `quotes` what engaged the buyer.
    """

    service: str
    name: str
    charge_name: str
    quantity: int | Fraction
    unit: str
    unit_amount: int | None
    voted_cents: int
    basis: str
    since: date
    until: date
    explanation: str = ""
    citation: str = ""
    convention: str = ""
    quotes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Preceding:
    """An invoice that this paper takes from, or replaces (BT-25, BT-26)."""

    number: str
    issued_on: date


@dataclass(frozen=True, slots=True)
class Payment:
    """How to pay (BG-16): by transfer to the account of the accountant. `ways` are sentences for the paper."""

    iban: str = ""
    bic: str = ""
    holder: str = ""
    reference: str = ""
    ways: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PaymentTerms:
    """What an invoice must say of late payment (BT-22 under the codes PMD, PMT and AAB): penalties, the lump sum for
    recovery, the discount or that there is none.
    """

    penalties: str
    recovery: str
    discount: str


@dataclass(frozen=True, slots=True)
class RevenueOrder:
    """What makes the paper an « avis des sommes à payer »: the titre and the mentions that a public creditor owes.

    `enforceable` is the sentence that makes the titre enforceable; `signatory` and `capacity` are the ordonnateur's;
    `appeal` are the ways and time limits of appeal, a sentence each; `source` names the texts that ask for them.
    """

    number: str
    bordereau: str
    fiscal_year: int
    enforceable: str
    signatory: str
    capacity: str
    accountant: str
    accountant_address: tuple[str, ...]
    appeal: tuple[str, ...]
    source: str = ""
