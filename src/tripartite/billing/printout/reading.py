"""Reading again the paper that was kept: its JSON gives the very value, hence its data in any syntax, for ever."""

from collections.abc import Mapping
from datetime import date
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
    VatCategory,
)
from tripartite.documents.style import read_style
from tripartite.pricing.quantities import exact
from tripartite.quotes.printout.parts import Figure, IssuerIdentity, Recipient

Said = Mapping[str, Any]


def read_paper(payload: Said) -> InvoicePaper:
    """The paper of a payload that `InvoicePaper.as_payload` wrote. Raises KeyError or ValueError on another's."""
    order = payload["revenue_order"]
    return InvoicePaper(
        kind=PaperKind(payload["kind"]),
        number=payload["number"],
        issued_on=_day(payload["issued_on"]),
        due_on=_day(payload["due_on"]),
        seller=_seller(payload["seller"]),
        buyer=_buyer(payload["buyer"]),
        references=References(**payload["references"]),
        lines=tuple(_line(line) for line in payload["lines"]),
        vat=_vat(payload["vat"]),
        payment=_payment(payload["payment"]),
        terms=PaymentTerms(**payload["terms"]),
        fiscal_year=payload["fiscal_year"],
        framework=payload["framework"],
        preceding=tuple(Preceding(one["number"], _day(one["issued_on"])) for one in payload["preceding"]),
        reason=payload["reason"],
        revenue_order=None
        if order is None
        else RevenueOrder(
            **{
                **order,
                "accountant_address": tuple(order["accountant_address"]),
                "appeal": tuple(order["appeal"]),
            }
        ),
        mentions=tuple(payload["mentions"]),
        style=read_style(payload),
    )


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _address(said: Said) -> PostalAddress:
    return PostalAddress(tuple(said["lines"]), said["postal_code"], said["city"], said["country"])


def _seller(said: Said) -> Seller:
    identity = IssuerIdentity(
        code=said["code"],
        slot=said["slot"],
        name=said["name"],
        short_name=said["short_name"],
        part=said["part"],
        siret=said["siret"],
        address=tuple(said["address"]),
        email=said["email"],
        phone=said["phone"],
        website=said["website"],
    )
    return Seller(identity, _address(said["postal"]), said["vat_number"])


def _buyer(said: Said) -> Buyer:
    figures = tuple(Figure(one["label"], one["value"], one["source"]) for one in said["figures"])
    legal = "" if said["legal"] == said["name"] else said["legal"]
    recipient = Recipient(said["name"], said["siren"], said["siret"], tuple(said["address"]), figures, legal)
    return Buyer(recipient, _address(said["postal"]))


def _vat(said: Said) -> InvoiceVat:
    return InvoiceVat(said["rate"], said["mention"], VatCategory(said["without"]))


def _payment(said: Said) -> Payment:
    return Payment(said["iban"], said["bic"], said["holder"], said["reference"], tuple(said["ways"]))


def _line(said: Said) -> InvoiceLine:
    quantity = exact(said["quantity"])
    if quantity is None:
        raise ValueError(said["quantity"])
    return InvoiceLine(
        service=said["service"],
        name=said["name"],
        charge_name=said["charge_name"],
        quantity=quantity,
        unit=said["unit"],
        unit_amount=said["unit_amount_micros"],
        voted_cents=said["voted_cents"],
        basis=said["basis"],
        since=_day(said["since"]),
        until=_day(said["until"]),
        explanation=said["explanation"],
        citation=said["citation"],
        convention=said["convention"],
        quotes=tuple(said["quotes"]),
    )
