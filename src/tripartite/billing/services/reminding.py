"""Reminding of what is past its day."""

from datetime import date, datetime

from django.db import transaction

from tripartite.billing.models import Reminder
from tripartite.billing.services.errors import BillingError
from tripartite.billing.services.letters import write_reminder
from tripartite.billing.services.records import journal, locked_invoice
from tripartite.journal.services import Actor
from tripartite.pricing.money import euros
from tripartite.quotes.queries.requests import requests_of_quotes


@transaction.atomic
def remind_invoice(*, invoice_id: int, on: date, actor: Actor, at: datetime) -> Reminder:
    """Write to the contact about an invoice past its day, and keep that it was done; once a day at most.

    Raises BillingError when nothing is owed, when its day has not passed, or when it was reminded of that day.
    """
    invoice = locked_invoice(invoice_id)
    if invoice.owed_cents <= 0:
        raise BillingError(f"Rien n'est dû de la facture {invoice.number}.")
    if on <= invoice.due_on:
        raise BillingError(f"La facture {invoice.number} est à payer jusqu'au {invoice.due_on:%d/%m/%Y}.")
    last = invoice.reminders.last()
    if last is not None and last.reminded_on >= on:
        raise BillingError(f"La facture {invoice.number} a été rappelée le {last.reminded_on:%d/%m/%Y}.")
    made = Reminder.objects.create(
        invoice=invoice,
        rank=last.rank + 1 if last else 1,
        reminded_on=on,
        owed_cents=invoice.owed_cents,
        recorded_at=at,
        recorded_by=actor.label,
    )
    numbers = {number for quotes in invoice.lines.values_list("quotes", flat=True) for number in quotes}
    written = write_reminder(invoice=invoice, rank=made.rank, files=requests_of_quotes(numbers), actor=actor, at=at)
    told = "" if written else ", par courrier : aucune adresse électronique valable"
    text = f"Facture {invoice.number} : relance {made.rank}, {euros(invoice.owed_cents)} restent dus{told}."
    journal(invoice, actor, at, "billing.remind", text)
    return made
