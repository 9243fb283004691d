"""Settings and requirements of billing, runs, invoices, what takes them back, what pays them, orders, statements."""

from tripartite.billing.models.invoices import BilledItem, BilledLine, BillingRun, CreditNote, Invoice
from tripartite.billing.models.payments import PayingBack, Payment, PaymentShare, Reminder
from tripartite.billing.models.portal import PortalFact
from tripartite.billing.models.revenue import RevenueOrder, RevenueSlip
from tripartite.billing.models.settings import BillingSettings, BuyerRequirement
from tripartite.billing.models.statements import Statement, StatementColumns

__all__ = [
    "BilledItem",
    "BilledLine",
    "BillingRun",
    "BillingSettings",
    "BuyerRequirement",
    "CreditNote",
    "Invoice",
    "PayingBack",
    "Payment",
    "PaymentShare",
    "PortalFact",
    "Reminder",
    "RevenueOrder",
    "RevenueSlip",
    "Statement",
    "StatementColumns",
]
