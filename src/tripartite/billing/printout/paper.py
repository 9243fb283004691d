"""All that an invoice or a credit note says, as one value."""

from dataclasses import dataclass
from datetime import date

from tripartite.billing.printout.parts import (
    Buyer,
    InvoiceLine,
    InvoiceVat,
    PaperKind,
    Payment,
    PaymentTerms,
    Preceding,
    References,
    RevenueOrder,
    Seller,
)

MODEL = "invoice-2026-11-27"


@dataclass(frozen=True, slots=True)
class InvoicePaper:
    """An invoice, or a credit note. Without a number (BT-1) it is a draft, and says so across the page.

    The amounts of a credit note are above zero: its lines are those of the invoice, whole or in part, with their signs.
    `preceding` are the invoices that it takes from, or that an invoice replaces, and `reason` says why. `framework`
    is the cadre de facturation (BT-23): « A1 » for Chorus Pro, « S1 » for an approved platform. `fiscal_year` is the
    year billed. `mentions` are sentences of the issuer's own.
    """

    kind: PaperKind
    number: str | None
    issued_on: date
    due_on: date
    seller: Seller
    buyer: Buyer
    references: References
    lines: tuple[InvoiceLine, ...]
    vat: InvoiceVat
    payment: Payment
    terms: PaymentTerms
    fiscal_year: int
    framework: str = "A1"
    preceding: tuple[Preceding, ...] = ()
    reason: str = ""
    revenue_order: RevenueOrder | None = None
    mentions: tuple[str, ...] = ()

    @property
    def is_draft(self) -> bool:
        return self.number is None

    @property
    def model(self) -> str:
        """The Typst model that prints it."""
        return MODEL

    @property
    def title(self) -> str:
        """The name of the file's document: « Facture n° … — Ruitz »."""
        name = f"{self.kind.label} n°\u00a0{self.number}" if self.number else f"Projet de {self.kind.label.lower()}"
        return f"{name} — {self.buyer.recipient.name}"
