"""Invoices as scripts read them: cents, ISO days, codes."""

from typing import Any

from tripartite.billing.models import BilledLine, Invoice


def invoice_json(invoice: Invoice) -> dict[str, Any]:
    """An invoice, without its lines."""
    return {
        "number": invoice.number,
        "issuer": invoice.issuer,
        "fiscal_year": invoice.fiscal_year,
        "state": invoice.state,
        "siren": invoice.body.siren,
        "body": invoice.buyer_name,
        "siret": invoice.buyer_siret or None,
        "issued_on": invoice.issued_on.isoformat(),
        "due_on": invoice.due_on.isoformat(),
        "net_cents": invoice.net_cents,
        "vat_cents": invoice.vat_cents,
        "gross_cents": invoice.gross_cents,
        "credited_cents": invoice.credited_cents,
        "paid_cents": invoice.paid_cents,
        "owed_cents": invoice.owed_cents,
        "sha256": invoice.document.sha256,
    }


def whole_invoice_json(invoice: Invoice) -> dict[str, Any]:
    """An invoice of `invoice_by_number`, with its lines, credit notes and payments."""
    return invoice_json(invoice) | {
        "lines": [_line_json(line) for line in invoice.lines.all()],
        "credit_notes": [
            {"number": one.number, "issued_on": one.issued_on.isoformat(), "gross_cents": one.gross_cents}
            | {"reason": one.reason}
            for one in invoice.credit_notes.all()
        ],
        "payments": [
            {"received_on": one.payment.received_on.isoformat(), "amount_cents": one.amount_cents}
            for one in invoice.payment_shares.all()
        ],
    }


def _line_json(line: BilledLine) -> dict[str, Any]:
    return {
        "service": line.service,
        "charge": line.charge,
        "name": line.service_name,
        "quantity": line.quantity,
        "since": line.since.isoformat(),
        "until": line.until.isoformat(),
        "amount_cents": line.amount_cents,
        "basis": line.basis,
        "vat_rate": line.vat_rate,
        "explanation": line.explanation,
        "citation": line.citation,
        "quotes": line.quotes,
    }
