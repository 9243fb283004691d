"""What an invoice or a credit note says: the frozen value that is printed, kept and put in the data."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from tripartite.billing.models import BillingSettings, Invoice
from tripartite.billing.printout.addresses import read_address
from tripartite.billing.printout.paper import InvoicePaper
from tripartite.billing.printout.parts import (
    Buyer,
    InvoiceLine,
    InvoiceVat,
    PaperKind,
    Payment,
    PaymentTerms,
    Preceding,
    References,
    Seller,
    VatCategory,
)
from tripartite.billing.services.errors import BillingError
from tripartite.billing.states import VatPosition
from tripartite.conventions.queries.conventions import Origin
from tripartite.parties.queries.bodies import body_by_id
from tripartite.parties.queries.facts import facts_of, postal_address
from tripartite.parties.queries.looks import issuer_on, style_of
from tripartite.pricing.grid import Grid, VatSetting
from tripartite.pricing.money import MICROS_PER_CENT, read_number_text
from tripartite.quotes.printout.parts import IssuerIdentity, Recipient
from tripartite.subscriptions.queries.due_items import DueItem
from tripartite.tariffs.queries import RunningTariffs

WITHOUT = {VatPosition.EXEMPT: VatCategory.EXEMPT}


@dataclass(frozen=True, slots=True)
class Frame:
    """What a paper says around its lines: who bills whom, since when, under which number (None: a draft)."""

    issuer: str
    body_id: int
    number: str | None
    issued_on: date
    settings: BillingSettings
    vat: VatSetting
    service_code: str = ""
    engagement: str = ""
    contract: str = ""
    preceding: tuple[Invoice, ...] = ()
    reason: str = ""


def invoice_paper(frame: Frame, lines: Sequence[InvoiceLine], *, kind: PaperKind = PaperKind.INVOICE) -> InvoicePaper:
    """The paper of lines; as a credit note, the lines are what is given back, above zero.

    Raises BillingError when the issuer or the body is not known.
    """
    settings, issuer = frame.settings, issuer_on(frame.issuer, frame.issued_on)
    if issuer is None:
        raise BillingError("Cet émetteur n'existe pas.")
    return InvoicePaper(
        kind=kind,
        number=frame.number,
        issued_on=frame.issued_on,
        due_on=frame.issued_on + timedelta(days=settings.payment_days),
        seller=_seller(frame, issuer),
        buyer=buyer_on(frame.body_id, on=frame.issued_on),
        references=References(service_code=frame.service_code, engagement=frame.engagement, contract=frame.contract),
        lines=tuple(lines),
        vat=InvoiceVat(
            frame.vat.rate,
            settings.vat_mention or frame.vat.mention,
            WITHOUT.get(VatPosition(settings.vat_position), VatCategory.OUT_OF_SCOPE),
        ),
        payment=Payment(
            iban=settings.iban,
            bic=settings.bic,
            holder=settings.accountant_name,
            reference=frame.number or "",
            ways=_ways(settings),
        ),
        terms=PaymentTerms(settings.late_penalties, settings.late_recovery, settings.late_discount),
        fiscal_year=frame.issued_on.year,
        framework=settings.framework,
        preceding=tuple(Preceding(one.number, one.issued_on) for one in frame.preceding),
        reason=frame.reason,
        style=style_of([issuer]),
    )


def item_line(item: DueItem, origins: dict[int, Origin], tariffs: RunningTariffs, *, back: bool = False) -> InvoiceLine:
    """The line of what fell due; `back`: of what is given back, above zero."""
    grid = tariffs.by_code(item.grid)
    quantity = read_number_text(item.quantity)
    amount = item.amount_cents or 0
    numbers = dict.fromkeys(origins[lot.convention].number for lot in item.lots if lot.convention in origins)
    return InvoiceLine(
        service=item.service,
        name=named(item, grid),
        charge_name=item.charge_name,
        quantity=quantity,
        unit=grid.services[item.service].unit.of(quantity) if grid else "",
        unit_amount=unit_of(item, quantity),
        voted_cents=-amount if back else amount,
        basis=item.basis,
        since=item.since,
        until=item.until,
        explanation=item.explanation,
        citation=item.citation,
        convention=", ".join(number for number in numbers if number),
        quotes=item.quotes,
    )


def unit_of(item: DueItem, quantity: int | Fraction) -> int | None:
    """The price of one (micros) where it makes the amount: not for a part of a year, nor for a difference."""
    if item.unit_amount is None or item.unit_amount * quantity != (item.amount_cents or 0) * MICROS_PER_CENT:
        return None
    return item.unit_amount


def named(item: DueItem, grid: Grid | None) -> str:
    """The name of a service, with the options chosen."""
    if grid is None or item.service not in grid.services:
        return item.service_name
    known = grid.services[item.service].options
    chosen = [
        value.name
        for option, code in item.options
        if option in known
        for value in known[option].values
        if value.code == code
    ]
    return ", ".join((item.service_name, *chosen))


def issuer_identity(known: Any) -> IssuerIdentity:
    """An issuer as papers name it."""
    return IssuerIdentity(
        code=known.code,
        slot=known.slot,
        name=known.name,
        short_name=known.short_name,
        siret=known.siret,
        address=tuple((known.address or "").splitlines()),
        email=known.email,
        phone=known.phone,
        website=known.website,
    )


def _seller(frame: Frame, known: Any) -> Seller:
    identity = issuer_identity(known)
    outside = frame.vat.rate is None and frame.settings.vat_position != VatPosition.EXEMPT
    return Seller(identity, read_address(identity.address), None if outside else frame.settings.vat_number or None)


def buyer_on(body_id: int, *, on: date) -> Buyer:
    """Who owes, as the directory knows it on a day. Raises BillingError for no such body."""
    body = body_by_id(body_id)
    if body is None:
        raise BillingError("Cette structure n'existe pas.")
    facts = facts_of(body, on=on)
    address = postal_address(facts)
    recipient = Recipient(
        name=facts.name, siren=facts.siren, siret=facts.siret, address=address, legal=facts.legal.named
    )
    return Buyer(recipient, read_address(address))


def _ways(settings: BillingSettings) -> tuple[str, ...]:
    if not settings.iban:
        return ()
    whose = f" de {settings.accountant_name}" if settings.accountant_name else " du comptable public"
    return (f"Par virement au compte{whose}, en rappelant le numéro de la facture.",)
