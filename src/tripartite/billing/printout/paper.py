"""All that an invoice or a credit note says, as one value."""

from dataclasses import dataclass
from datetime import date
from typing import Any

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
from tripartite.billing.printout.totals import InvoiceTotals, total_lines
from tripartite.billing.printout.wording import (
    address_json,
    line_json,
    payment_json,
    references_json,
    revenue_order_json,
    totals_json,
    vat_json,
)
from tripartite.documents.style import PLAIN, PaperStyle
from tripartite.pricing.french import day_text
from tripartite.quotes.printout.wording import issuer_json, recipient_json

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
    style: PaperStyle = PLAIN

    @property
    def totals(self) -> InvoiceTotals:
        """What it comes to, under the standard's rule."""
        return total_lines(self.lines, self.vat.rate)

    @property
    def basis(self) -> str:
        """What the columns show: « HT » where all lines were voted so, else « TTC »."""
        return "HT" if self.lines and all(line.basis == "HT" for line in self.lines) else "TTC"

    @property
    def is_draft(self) -> bool:
        return self.number is None

    @property
    def model(self) -> str:
        """The Typst model that prints it."""
        return MODEL

    @property
    def title(self) -> str:
        """The name of the file's document: « Facture n° … — X »."""
        name = f"{self.kind.label} n°\u00a0{self.number}" if self.number else f"Projet de {self.kind.label.lower()}"
        return f"{name} — {self.buyer.recipient.name}"

    def as_payload(self) -> dict[str, Any]:
        """The paper for JSON: every amount in cents and as written in French. `reading.read_paper` reads it again."""
        totals = self.totals
        return {
            "kind": self.kind.value,
            "label": self.kind.label,
            "model": self.model,
            "title": self.title,
            "draft": self.is_draft,
            "number": self.number,
            "issued_on": self.issued_on.isoformat(),
            "issued_on_text": day_text(self.issued_on),
            "due_on": self.due_on.isoformat(),
            "due_on_text": day_text(self.due_on),
            "fiscal_year": self.fiscal_year,
            "framework": self.framework,
            "seller": {
                **issuer_json(self.seller.identity),
                "postal": address_json(self.seller.address),
                "vat_number": self.seller.vat_number,
            },
            "buyer": {
                **recipient_json(self.buyer.recipient),
                "heading": self.buyer.heading,
                "postal": address_json(self.buyer.address),
            },
            "references": references_json(self.references),
            "vat": vat_json(self.vat),
            "lines": [line_json(line, split, self.basis) for line, split in zip(self.lines, totals.lines, strict=True)],
            "basis": self.basis,
            "totals": totals_json(totals),
            "payment": payment_json(self.payment),
            "terms": {
                "penalties": self.terms.penalties,
                "recovery": self.terms.recovery,
                "discount": self.terms.discount,
            },
            "preceding": [
                {
                    "number": one.number,
                    "issued_on": one.issued_on.isoformat(),
                    "issued_on_text": day_text(one.issued_on),
                }
                for one in self.preceding
            ],
            "reason": self.reason,
            "revenue_order": None if self.revenue_order is None else revenue_order_json(self.revenue_order),
            "mentions": list(self.mentions),
            "acts": list(dict.fromkeys(line.citation for line in self.lines if line.citation)),
            "conventions": list(dict.fromkeys(line.convention for line in self.lines if line.convention)),
            "quotes": list(dict.fromkeys(number for line in self.lines for number in line.quotes)),
            **self.style.as_payload(),
        }
