"""On what version an act on an invoice was decided: what it asks, what was taken back, what is paid."""

from tripartite.billing.models import Invoice
from tripartite.journal.seen import mark_of

INVOICE = "invoice"
EDITS = ("billing.credit", "billing.match", "billing.unmatch")
"""The acts by which the journal tells that an invoice changed."""


def invoice_value(invoice: Invoice) -> dict[str, int]:
    """What an act on an invoice is decided by."""
    return {"gross": invoice.gross_cents, "credited": invoice.credited_cents, "paid": invoice.paid_cents}


def invoice_mark(invoice: Invoice) -> str:
    """What a form of an invoice was made on: one query."""
    return mark_of(INVOICE, invoice.pk, invoice_value(invoice))
