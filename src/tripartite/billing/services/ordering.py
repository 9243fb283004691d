"""Revenue orders: a slip made out of invoices, or of credit notes; slips of each kind, and orders of both, are numbered
per budget and fiscal year without gap (`IdBord` is counted by type of slip, `IdPce` is not: PES 5.17).
"""

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime
from typing import TypeVar

from django.db import transaction

from tripartite.billing.models import BillingSettings, CreditNote, Invoice, RevenueOrder, RevenueSlip
from tripartite.billing.queries.settings import settings_on
from tripartite.billing.queries.slips import rejected_orders
from tripartite.billing.services.errors import BillingError, SlipRejectedError, some_of
from tripartite.billing.services.foreseeing import check_sendable
from tripartite.billing.services.records import hold_billing, journal
from tripartite.billing.states import InvoiceState, SlipKind, Unsendable
from tripartite.documents.numbers import take_number
from tripartite.journal.services import Actor, record
from tripartite.pricing.money import euros

Paper = TypeVar("Paper", Invoice, CreditNote)


@transaction.atomic
def order_revenue(
    *,
    issuer: str,
    invoice_ids: Collection[int],
    on: date,
    actor: Actor,
    at: datetime,
    unsendable: Unsendable = Unsendable.REFUSE,
) -> RevenueSlip:
    """Make a slip with an order for each invoice, in the order of their numbers; the fiscal year is that of the day.
    `unsendable` says what is done of those that the accountant's system would reject.

    Raises BillingError when one is of another issuer, is ordered or taken back already, or when there is none;
    SlipRejectedError when the flow would be rejected.
    """
    settings = _held(issuer, on)
    found = list(Invoice.objects.filter(pk__in=invoice_ids, issuer=issuer).select_related("revenue_order"))
    if not found or len(found) != len(set(invoice_ids)):
        raise BillingError("Choisir des factures de cet émetteur.")
    if taken := [one.number for one in found if hasattr(one, "revenue_order")]:
        raise BillingError(f"Déjà sur un bordereau : {some_of(taken)}.")
    if back := [one.number for one in found if one.state == InvoiceState.CREDITED]:
        raise BillingError(f"Annulée par avoir, sans titre à faire : {some_of(back)}.")

    def make(papers: Sequence[Invoice]) -> RevenueSlip:
        slip = _slip(settings, SlipKind.ORDINARY, on, actor, at, unsendable)
        for invoice in papers:
            order = _order(slip, settings, invoice=invoice, amount_cents=invoice.gross_cents)
            text = f"Titre {order.number}/{order.fiscal_year}, bordereau {slip.number} : facture {invoice.number}."
            journal(invoice, actor, at, "billing.order", text)
        return slip

    return _told(_sendable(make, found, unsendable), actor, at)


@transaction.atomic
def order_reductions(
    *,
    issuer: str,
    credit_note_ids: Collection[int],
    on: date,
    actor: Actor,
    at: datetime,
    unsendable: Unsendable = Unsendable.REFUSE,
) -> RevenueSlip:
    """Make a slip that reduces, or annuls, the orders of invoices by credit notes; `unsendable` as for invoices.

    Raises BillingError when one is of another issuer, is ordered already, or when its invoice was never ordered, or its
    order was rejected; SlipRejectedError when the flow would be rejected.
    """
    settings = _held(issuer, on)
    rows = CreditNote.objects.filter(pk__in=credit_note_ids, issuer=issuer)
    found = list(rows.select_related("revenue_order", "invoice__revenue_order"))
    if not found or len(found) != len(set(credit_note_ids)):
        raise BillingError("Choisir des avoirs de cet émetteur.")
    if taken := [one.number for one in found if hasattr(one, "revenue_order")]:
        raise BillingError(f"Déjà sur un bordereau : {some_of(taken)}.")
    if bare := [one.invoice.number for one in found if not hasattr(one.invoice, "revenue_order")]:
        raise BillingError(f"Faire d'abord le titre de {some_of(bare)}.")
    rejected = rejected_orders()
    if gone := [one.invoice.number for one in found if one.invoice_id in rejected]:
        raise BillingError(f"Titre rejeté par le comptable, il n'a rien à réduire : {some_of(gone)}.")

    def make(papers: Sequence[CreditNote]) -> RevenueSlip:
        slip = _slip(settings, SlipKind.REDUCTION, on, actor, at, unsendable)
        for credit in papers:
            reduced = credit.invoice.revenue_order
            order = _order(slip, settings, credit_note=credit, reduces=reduced, amount_cents=credit.gross_cents)
            text = (
                f"Titre {order.number}/{order.fiscal_year}, bordereau {slip.number} : avoir {credit.number}, en"
                f" réduction du titre {reduced.number}/{reduced.fiscal_year}."
            )
            journal(credit.invoice, actor, at, "billing.order", text)
        return slip

    return _told(_sendable(make, found, unsendable), actor, at)


def _sendable(
    make: Callable[[Sequence[Paper]], RevenueSlip], found: Sequence[Paper], unsendable: Unsendable
) -> RevenueSlip:
    """The slip of these papers, in the order of their numbers, or of those of them that may be sent: what would be
    rejected is found on a slip that is then taken back, its numbers with it.
    """
    papers = sorted(found, key=lambda one: (one.fiscal_year, one.rank))
    if unsendable is Unsendable.BY_TABLE:
        return make(papers)
    try:
        with transaction.atomic():
            return check_sendable(make(papers))
    except SlipRejectedError as refusal:
        rest = [one for one in papers if one.number not in refusal.papers]
        if unsendable is Unsendable.REFUSE or not rest or len(rest) == len(papers):
            raise
    return check_sendable(make(rest))


def _held(issuer: str, on: date) -> BillingSettings:
    hold_billing(issuer)
    settings = settings_on(issuer, on)
    if settings is None:
        raise BillingError("Réglez d'abord la facturation de cet émetteur.")
    return settings


def _slip(  # noqa: PLR0917 - private
    settings: BillingSettings, kind: SlipKind, on: date, actor: Actor, at: datetime, unsendable: Unsendable
) -> RevenueSlip:
    return RevenueSlip.objects.create(
        issuer=settings.issuer,
        budget=settings.budget_code,
        fiscal_year=on.year,
        number=take_number(issuer=settings.issuer, series=f"slip:{settings.budget_code}:{kind}", year=on.year),
        kind=kind,
        issued_on=on,
        issued_at=at,
        issued_by=actor.label,
        by_table=unsendable is Unsendable.BY_TABLE,
    )


def _order(
    slip: RevenueSlip,
    settings: BillingSettings,
    *,
    amount_cents: int,
    invoice: Invoice | None = None,
    credit_note: CreditNote | None = None,
    reduces: RevenueOrder | None = None,
) -> RevenueOrder:
    number = take_number(issuer=slip.issuer, series=f"order:{slip.budget}", year=slip.fiscal_year)
    return RevenueOrder.objects.create(
        slip=slip,
        issuer=slip.issuer,
        budget=slip.budget,
        fiscal_year=slip.fiscal_year,
        number=number,
        invoice=invoice,
        credit_note=credit_note,
        reduces=reduces,
        amount_cents=amount_cents,
        account=settings.revenue_account,
        function=settings.revenue_function,
    )


def _told(slip: RevenueSlip, actor: Actor, at: datetime) -> RevenueSlip:
    orders: Sequence[RevenueOrder] = list(slip.orders.all())
    total = euros(sum(one.amount_cents for one in orders))
    numbers = f"titre {orders[0].number}" if len(orders) == 1 else f"titres {orders[0].number} à {orders[-1].number}"
    way = " Ils partent en tableau, sans flux." if slip.by_table else ""
    text = f"Bordereau {slip.number}/{slip.fiscal_year} : {numbers}, {total}.{way}"
    record(actor=actor, at=at, action="billing.slip", subject_kind="issuer", subject_id=slip.issuer, text=text)
    return slip
