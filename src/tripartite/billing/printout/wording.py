"""The invoice's paper put into JSON: figures raw, and as French writes them."""

from typing import Any

from tripartite.billing.printout.parts import InvoiceLine, InvoiceVat, Payment, PostalAddress, References, RevenueOrder
from tripartite.billing.printout.totals import InvoiceTotals
from tripartite.pricing.french import span_text
from tripartite.pricing.money import euros, number_text, rate_text
from tripartite.pricing.quantities import quantity_json
from tripartite.pricing.vat import Split
from tripartite.quotes.printout.wording import percent_text


def address_json(address: PostalAddress) -> dict[str, Any]:
    return {
        "lines": list(address.lines),
        "postal_code": address.postal_code,
        "city": address.city,
        "country": address.country,
    }


def vat_json(vat: InvoiceVat) -> dict[str, Any]:
    """The rate, or the mention that says why there is none."""
    return {
        "rate": vat.rate,
        "rate_text": None if vat.rate is None else percent_text(vat.rate),
        "mention": vat.reason or None,
        "without": vat.without.value,
    }


def line_json(line: InvoiceLine, split: Split, basis: str) -> dict[str, Any]:
    """A line: `net` is its HT, `gross` its TTC; its unit price says its basis where that is not the paper's."""
    unit = None if line.unit_amount is None else rate_text(line.unit_amount)
    return {
        "service": line.service,
        "name": line.name,
        "charge_name": line.charge_name,
        "quantity": quantity_json(line.quantity),
        "quantity_text": f"{number_text(line.quantity)}\u00a0{line.unit}".strip(),
        "unit": line.unit,
        "unit_amount_micros": line.unit_amount,
        "unit_text": unit if unit is None or line.basis == basis else f"{unit} {line.basis}",
        "voted_cents": line.voted_cents,
        "basis": line.basis,
        "since": line.since.isoformat(),
        "until": line.until.isoformat(),
        "period_text": span_text(line.since, line.until),
        "explanation": line.explanation,
        "citation": line.citation,
        "convention": line.convention,
        "quotes": list(line.quotes),
        "net_cents": split.net,
        "net": euros(split.net),
        "gross_cents": split.gross,
        "gross": euros(split.gross),
    }


def totals_json(totals: InvoiceTotals) -> dict[str, Any]:
    """Each amount in cents and as written."""
    said: dict[str, Any] = {}
    for name in ("net", "vat", "gross", "rounding", "due"):
        cents = getattr(totals, name)
        said |= {f"{name}_cents": cents, name: euros(cents)}
    return said


def references_json(references: References) -> dict[str, str]:
    return {
        "service_code": references.service_code,
        "engagement": references.engagement,
        "contract": references.contract,
    }


def payment_json(payment: Payment) -> dict[str, Any]:
    """The account, its IBAN in groups of four."""
    iban = payment.iban.replace(" ", "")
    return {
        "iban": iban,
        "iban_text": "\u00a0".join(iban[place : place + 4] for place in range(0, len(iban), 4)),
        "bic": payment.bic,
        "holder": payment.holder,
        "reference": payment.reference,
        "ways": list(payment.ways),
    }


def revenue_order_json(order: RevenueOrder) -> dict[str, Any]:
    return {
        "number": order.number,
        "bordereau": order.bordereau,
        "fiscal_year": order.fiscal_year,
        "enforceable": order.enforceable,
        "signatory": order.signatory,
        "capacity": order.capacity,
        "accountant": order.accountant,
        "accountant_address": list(order.accountant_address),
        "appeal": list(order.appeal),
        "source": order.source,
    }
