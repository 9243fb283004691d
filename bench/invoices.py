"""Invoices: the Factur-X and the paper alone, how long each step takes, and a year of them on all cores."""

import time
from dataclasses import replace
from datetime import date

from bench.measuring import line
from tripartite.billing.printout.cii import invoice_xml
from tripartite.billing.printout.files import invoice_pdfs
from tripartite.billing.printout.paper import InvoicePaper
from tripartite.billing.printout.parts import (
    Buyer,
    InvoiceLine,
    InvoiceVat,
    PaperKind,
    Payment,
    PaymentTerms,
    PostalAddress,
    References,
    Seller,
)
from tripartite.documents.facturx import Relationship, attach_invoice
from tripartite.documents.render import render
from tripartite.quotes.printout.parts import IssuerIdentity, Recipient

YEAR = 1774
"""Invoices of a year: each commune of the département, by each of the two issuers."""
SAMPLE = 200
DAY = date(2026, 11, 27)


def run() -> None:
    """Print the milliseconds of one core that each step takes, then what a year would take on all of them."""
    print("Factures (Factur-X EN 16931 et PDF seul)")
    for what, count in (("quatre lignes", 4), ("quarante lignes", 40)):
        papers = sample_papers(count, 30)
        render(papers[0].model, papers[0].as_payload())
        start = time.process_time()
        plain = [render(paper.model, paper.as_payload()) for paper in papers[1:]]
        rendered = time.process_time()
        data = [invoice_xml(paper) for paper in papers[1:]]
        written = time.process_time()
        for pdf, xml in zip(plain, data, strict=True):
            attach_invoice(pdf, xml, profile="EN 16931", relationship=Relationship.ALTERNATIVE, on=DAY)
        steps = (rendered - start, written - rendered, time.process_time() - written)
        each = [f"{1000 * step / len(plain):.1f}" for step in steps]
        line(f"facture de {what} : papier, données, pièce jointe (ms)", " + ".join(each))
    start, worked = time.perf_counter(), time.process_time()
    for first in range(0, SAMPLE, 50):
        invoice_pdfs(sample_papers(4, 50, first=first + 1000))
    seconds = (time.perf_counter() - start) * YEAR / SAMPLE
    worked = (time.process_time() - worked) * YEAR / SAMPLE
    line(f"{YEAR} factures de quatre lignes et leurs PDF seuls (s)", f"{seconds:.0f}", seconds / 120, "120 s")
    line(f"{YEAR} factures, temps de calcul de tous les cœurs (s)", f"{worked:.0f}")


def sample_papers(lines: int, count: int, *, first: int = 0) -> list[InvoicePaper]:
    """So many papers of so many lines, none the same."""
    paper = InvoicePaper(
        kind=PaperKind.INVOICE,
        number="LFN-F-2026-0",
        issued_on=DAY,
        due_on=date(2026, 12, 27),
        seller=Seller(
            IssuerIdentity("lfn", 1, "Syndicat mixte La Fibre Numérique 59-62", "LFN", siret="20004852600024"),
            PostalAddress((), "59000", "Lille"),
            "FR00200048526",
        ),
        buyer=Buyer(Recipient("Ruitz", "216207274", "21620727400015"), PostalAddress((), "62620", "Ruitz")),
        references=References("SERVICE", "ENGAGEMENT", "CONVENTION"),
        lines=tuple(_line(place) for place in range(lines)),
        vat=InvoiceVat(2000),
        payment=Payment(),
        terms=PaymentTerms("Intérêts moratoires.", "40 euros.", "Pas d'escompte."),
        fiscal_year=2026,
    )
    return [replace(paper, number=f"LFN-F-2026-{first + place:05d}") for place in range(count)]  # none met before


def _line(place: int) -> InvoiceLine:
    return InvoiceLine(
        service=f"service-{place}",
        name=f"Service d'essai {place}",
        charge_name="Abonnement",
        quantity=place + 1,
        unit="comptes",
        unit_amount=None,
        voted_cents=1235 * (place + 1),
        basis="TTC",
        since=date(2026, 4, 1),
        until=date(2027, 3, 31),
        explanation="de 1 à 10 comptes : 12,35 € TTC par compte",
        citation="délibération du conseil d'administration du 26/03/2024",
    )
