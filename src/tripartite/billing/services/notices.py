"""The *avis des sommes à payer*: the invoice again, with what makes its order enforceable and open to appeal."""

from dataclasses import replace

from tripartite.billing.models import BillingSettings, RevenueOrder
from tripartite.billing.printout.files import invoice_pdf
from tripartite.billing.printout.lacking import InvoiceLacksError
from tripartite.billing.printout.paper import InvoicePaper
from tripartite.billing.printout.parts import RevenueOrder as OrderSaid
from tripartite.billing.printout.reading import read_paper
from tripartite.billing.queries.settings import settings_on
from tripartite.billing.services.errors import BillingError
from tripartite.documents.queries import payload_of

ENFORCEABLE = (
    "Titre exécutoire en application de l'article L. 252 A du livre des procédures fiscales, émis et rendu exécutoire"
    " conformément aux articles L. 1617-5 et D. 1617-23 du code général des collectivités territoriales."
)


def notice_paper(order_id: int) -> InvoicePaper:
    """What the notice of an order says, by the settings of the day of its slip: the paper of its invoice, as it was
    kept, and the order. The same each time.

    Raises BillingError for an unknown order, or one that reduces another: that one has its credit note.
    """
    order = RevenueOrder.objects.select_related("slip", "invoice__document").filter(pk=order_id).first()
    if order is None or order.invoice is None:
        raise BillingError("Ce titre n'a pas d'avis des sommes à payer.")
    settings = settings_on(order.issuer, order.slip.issued_on)
    if settings is None:
        raise BillingError("Réglez d'abord la facturation de cet émetteur.")
    return replace(read_paper(payload_of(order.invoice.document)), revenue_order=_said(order, settings))


def notice_pdf(order_id: int) -> bytes:
    """The PDF of the notice of an order. Raises BillingError when a mention that the law asks for is not set."""
    paper = notice_paper(order_id)
    try:
        return invoice_pdf(paper).plain
    except InvoiceLacksError as error:
        raise BillingError(str(error)) from None


def _said(order: RevenueOrder, settings: BillingSettings) -> OrderSaid:
    return OrderSaid(
        number=str(order.number),
        bordereau=str(order.slip.number),
        fiscal_year=order.fiscal_year,
        enforceable=ENFORCEABLE,
        signatory=settings.officer_name,
        capacity=settings.officer_capacity,
        accountant=settings.accountant_name,
        accountant_address=tuple(settings.accountant_address.splitlines()),
        appeal=tuple(settings.appeal_text.splitlines()),
        source=settings.appeal_source,
    )
