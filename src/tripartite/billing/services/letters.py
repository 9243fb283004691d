"""The letters that billing causes: to the contact of the file, with the paper."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from tripartite.billing.models import CreditNote, Invoice
from tripartite.billing.printout.reminder import ReminderPaper
from tripartite.journal.services import Actor
from tripartite.messages.services.queueing import Papers
from tripartite.pricing.french import day_text
from tripartite.pricing.money import euros
from tripartite.quotes.queries.requests import request_by_id
from tripartite.quotes.services.letters import write_about


def write_invoice(*, invoice: Invoice, files: Iterable[int], actor: Actor, at: datetime) -> bool:
    """Queue the letter that brings an invoice to the contact of the latest file that has one. False when nobody can be
    written to.
    """
    paragraphs = [
        (
            f"La facture {invoice.number}, de {euros(invoice.gross_cents)}, est jointe. Elle est à payer au plus tard"
            f" le {day_text(invoice.due_on)}."
        ),
        "Chaque ligne dit ce qu'elle paie, pour quels jours, et l'acte qui en fixe le prix.",
    ]
    return _write(
        "billing.issued", f"Votre facture {invoice.number}", paragraphs, [invoice.document_id], files, actor, at
    )


def write_credit(*, credit: CreditNote, back_cents: int, files: Iterable[int], actor: Actor, at: datetime) -> bool:
    """Queue the letter that brings a credit note: what it takes back, why, and what is to be paid back."""
    paragraphs = [
        (
            f"L'avoir {credit.number}, de {euros(credit.gross_cents)}, est joint. Il porte sur la facture"
            f" {credit.invoice.number}."
        ),
        f"Motif : {credit.reason}",
    ]
    if back_cents:
        paragraphs.append(f"Elle était payée : {euros(back_cents)} vous seront remboursés.")
    return _write(
        "billing.credited", f"Votre avoir {credit.number}", paragraphs, [credit.document_id], files, actor, at
    )


def write_reminder(
    *, paper: ReminderPaper, papers: Mapping[int, str], files: Iterable[int], actor: Actor, at: datetime
) -> bool:
    """Queue the letter that reminds of invoices past their day, with these papers."""
    paragraphs = [*paper.paragraphs, *paper.closing, "La lettre et les factures sont jointes."]
    return _write("billing.reminded", paper.subject, paragraphs, papers, files, actor, at)


def contact_of(files: Iterable[int]) -> Any:
    """The latest of these files that names somebody to write to; None where none does."""
    return next(
        (found for key in sorted(set(files), reverse=True) if (found := request_by_id(key)) and found.contact_email),
        None,
    )


def _write(  # noqa: PLR0917 - private
    kind: str, subject: str, paragraphs: Sequence[str], papers: Papers, files: Iterable[int], actor: Actor, at: datetime
) -> bool:
    asked = contact_of(files)
    if asked is None:
        return False
    return write_about(
        kind=kind,
        asked=asked,
        to=(asked.contact_name, asked.contact_email),
        subject=f"{subject} : {asked.beneficiary.name}",
        paragraphs=paragraphs,
        attachments=papers,
        actor=actor,
        at=at,
    )
