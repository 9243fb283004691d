"""What CII and UBL both say of an invoice, read off the paper once: who, notes, days, descriptions."""

from dataclasses import dataclass
from datetime import date

from tripartite.billing.printout.paper import InvoicePaper
from tripartite.billing.printout.parts import PostalAddress, VatCategory

SIRET_SCHEME = "0009"
SIREN_SCHEME = "0002"
OUT_OF_SCOPE_CODE = "VATEX-EU-O"
CURRENCY = "EUR"
GUIDELINE = "urn:cen.eu:en16931:2017"
"""BT-24: EN 16931 as it is."""
CREDIT_TRANSFER = "30"
"""UNTDID 4461."""
ONE = "C62"
"""Recommendation 20: one. Units of the grids are words of French, which the line's name and quantity say."""


@dataclass(frozen=True, slots=True)
class PartyTerms:
    """A party: `siret` is BT-29 or BT-46, `siren` BT-30 or BT-47, `endpoint` with its scheme BT-34 or BT-49."""

    name: str
    siret: str
    siren: str
    address: PostalAddress
    trading_name: str = ""
    vat_number: str = ""
    phone: str = ""
    email: str = ""

    @property
    def endpoint(self) -> tuple[str, str]:
        """The electronic address and its scheme: that of its SIRET, else of its SIREN."""
        return (self.siret, SIRET_SCHEME) if self.siret else (self.siren, SIREN_SCHEME)


def seller_terms(paper: InvoicePaper) -> PartyTerms:
    """Who issues; no VAT number outside the scope of VAT (BR-O-02)."""
    seller = paper.seller
    siret = seller.identity.siret or ""
    hidden = paper.vat.category is VatCategory.OUT_OF_SCOPE
    return PartyTerms(
        name=seller.identity.name,
        siret=siret,
        siren=siret[:9],
        address=seller.address,
        trading_name=seller.identity.short_name,
        vat_number="" if hidden else seller.vat_number or "",
        phone=seller.identity.phone or "",
        email=seller.identity.email or "",
    )


def buyer_terms(paper: InvoicePaper) -> PartyTerms:
    """Who pays."""
    recipient = paper.buyer.recipient
    siret = recipient.siret or ""
    return PartyTerms(
        name=paper.buyer.heading, siret=siret, siren=recipient.siren or siret[:9], address=paper.buyer.address
    )


def notes(paper: InvoicePaper) -> list[tuple[str, str]]:
    """BG-1: text and subject code (UNTDID 4451; empty: none), the terms of payment first."""
    order = paper.revenue_order
    said = [
        (paper.terms.penalties, "PMD"),
        (paper.terms.recovery, "PMT"),
        (paper.terms.discount, "AAB"),
        (paper.reason, ""),
        *((mention, "") for mention in paper.mentions),
    ]
    if order is not None:
        signed = f"Titre n° {order.number}, bordereau n° {order.bordereau}, exercice {order.fiscal_year}."
        said += [(signed, ""), (order.enforceable, ""), *((sentence, "") for sentence in order.appeal)]
    return [(text, code) for text, code in said if text.strip()]


def period(paper: InvoicePaper) -> tuple[date, date]:
    """BG-14: the first and last day that the lines cover."""
    return min(line.since for line in paper.lines), max(line.until for line in paper.lines)


def descriptions(paper: InvoicePaper) -> list[str]:
    """BT-154 of each line: what is charged, for how much, how its amount came about, by which act."""
    return [
        " ; ".join(part for part in (line.charge_name, line.explanation, line.citation) if part) for line in paper.lines
    ]
