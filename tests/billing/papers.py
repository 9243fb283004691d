"""Invoices for tests: LFN, subject to VAT, bills Ruitz."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

from tripartite.billing.printout.paper import InvoicePaper
from tripartite.billing.printout.parts import (
    Buyer,
    InvoiceLine,
    InvoiceVat,
    PaperKind,
    Payment,
    PaymentTerms,
    PostalAddress,
    Preceding,
    References,
    RevenueOrder,
    Seller,
)
from tripartite.quotes.printout.parts import IssuerIdentity, Recipient

RUITZ = Buyer(
    Recipient(
        "Ruitz",
        siren="216207274",
        siret="21620727400015",
        address=("Place de la mairie", "62620 Ruitz"),
        legal="la commune de Ruitz",
    ),
    PostalAddress(("Place de la mairie",), "62620", "Ruitz"),
)
LFN = Seller(
    IssuerIdentity(
        "lfn",
        1,
        "La Fibre Numérique 59-62",
        "LFN 59-62",
        part="Fourniture des services",
        siret="20004852600024",
        address=("12 rue de la Fibre", "59800 Lille"),
        email="contact@example.fr",
        phone="03 20 00 00 00",
    ),
    PostalAddress(("12 rue de la Fibre",), "59800", "Lille"),
    vat_number="FR00200048526",
)
CDG = Seller(
    IssuerIdentity(
        "cdg62",
        2,
        "Centre de gestion de la fonction publique territoriale du Pas-de-Calais",
        "CDG 62",
        part="Accompagnement",
        siret="28620002700025",
        address=("Allée du Château", "62700 Bruay-la-Buissière"),
    ),
    PostalAddress(("Allée du Château",), "62700", "Bruay-la-Buissière"),
)
VAT = InvoiceVat(2000)
NO_VAT = InvoiceVat(None, "TVA non applicable, article 256 B du CGI")
TERMS = PaymentTerms(
    penalties="Intérêts moratoires au taux de l'article R. 2192-31 du code de la commande publique.",
    recovery="Indemnité forfaitaire pour frais de recouvrement : 40 €.",
    discount="Pas d'escompte pour paiement anticipé.",
)
ACCOUNT = Payment(
    iban="FR7630001007941234567890185",
    bic="BDFEFRPPCCT",
    holder="Paierie départementale du Pas-de-Calais",
    ways=("Par virement au compte du comptable, en rappelant le numéro de la facture.",),
)


def line(cents: int = 92160, **changes: Any) -> InvoiceLine:
    """A line voted TTC: twelve mailboxes for a year."""
    said: dict[str, Any] = {
        "service": "messagerie",
        "name": "Messagerie collaborative",
        "charge_name": "Abonnement",
        "quantity": 12,
        "unit": "boîtes",
        "unit_amount": None,
        "voted_cents": cents,
        "basis": "TTC",
        "since": date(2026, 4, 1),
        "until": date(2027, 3, 31),
        "citation": "délibération du 26/03/2024",
        "convention": "CONV-2026-0012",
        "quotes": ("LFN-2026-0031",),
    }
    if isinstance(changes.get("quantity"), str):
        changes["quantity"] = Fraction(changes["quantity"])
    return InvoiceLine(**(said | changes))


def invoice(*lines: InvoiceLine, **changes: Any) -> InvoicePaper:
    """An invoice of LFN to Ruitz, with VAT at 20 %, to deposit on an approved platform (S1)."""
    said: dict[str, Any] = {
        "kind": PaperKind.INVOICE,
        "number": "LFN-F-2026-0001",
        "issued_on": date(2026, 11, 27),
        "due_on": date(2026, 12, 27),
        "seller": LFN,
        "buyer": RUITZ,
        "references": References("SERVICE-1", "ENG-2026-17", "CONV-2026-0012"),
        "lines": lines or (line(),),
        "vat": VAT,
        "payment": ACCOUNT,
        "terms": TERMS,
        "fiscal_year": 2026,
        "framework": "S1",
    }
    return InvoicePaper(**(said | changes))


ORDER = RevenueOrder(
    number="128",
    bordereau="14",
    fiscal_year=2026,
    enforceable="Titre exécutoire en application de l'article L. 252 A du livre des procédures fiscales.",
    signatory="Prénom NOM",
    capacity="présidente du centre de gestion",
    accountant="Paierie départementale du Pas-de-Calais",
    accountant_address=("Place de la Préfecture", "62000 Arras"),
    appeal=("Dans les deux mois de sa notification, ce titre peut être contesté devant le tribunal administratif.",),
    source="Articles L. 1617-5 et D. 1617-23 du code général des collectivités territoriales.",
)


def untaxed(*lines: InvoiceLine, **changes: Any) -> InvoicePaper:
    """An invoice of the CDG, outside the scope of VAT."""
    return invoice(*lines, **({"number": "CDG-F-2026-0001", "seller": CDG, "vat": NO_VAT} | changes))


def credit_note(paper: InvoicePaper, **changes: Any) -> InvoicePaper:
    """The credit note that takes all of an invoice."""
    said: dict[str, Any] = {
        "kind": PaperKind.CREDIT_NOTE,
        "number": "LFN-A-2026-0001",
        "preceding": (Preceding(paper.number or "", paper.issued_on),),
        "reason": "Deux boîtes facturées à tort.",
    }
    return replace(paper, **(said | changes))
