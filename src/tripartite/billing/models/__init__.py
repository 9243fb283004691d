"""Settings and requirements of billing, runs and invoices, what takes them back, what pays them, revenue orders."""

from tripartite.billing.models.invoices import BilledItem, BilledLine, BillingRun, CreditNote, Invoice
from tripartite.billing.models.payments import Payment, PaymentShare, Reminder
from tripartite.billing.models.revenue import RevenueOrder, RevenueSlip
from tripartite.billing.models.settings import BillingSettings, BuyerRequirement

__all__ = [
    "BilledItem",
    "BilledLine",
    "BillingRun",
    "BillingSettings",
    "BuyerRequirement",
    "CreditNote",
    "Invoice",
    "Payment",
    "PaymentShare",
    "Reminder",
    "RevenueOrder",
    "RevenueSlip",
]
