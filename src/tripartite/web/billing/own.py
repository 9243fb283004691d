"""Whose billing it is: an account sees and does that of its own issuer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest

from tripartite.accounts.rights import Action, may
from tripartite.billing.queries.invoices import invoice_by_id
from tripartite.web.shell.access import check_right
from tripartite.web.shell.answers import or_404

if TYPE_CHECKING:
    from tripartite.billing.models import Invoice
    from tripartite.parties.models import Issuer

ACTS = {
    "run": Action.BILLING_RUN,
    "credit": Action.BILLING_CREDIT,
    "pay": Action.PAYMENT_RECORD,
    "order": Action.REVENUE_ORDER,
    "buyer": Action.BUYER_RECORD,
    "set": Action.BILLING_SETTINGS,
}


def own_issuer(request: HttpRequest) -> Issuer:
    """The issuer of the account: the guard let none in without one."""
    return request.user.issuer  # type: ignore[union-attr,return-value]


def can(request: HttpRequest) -> dict[str, bool]:
    """What the account may do for its own issuer: which buttons a page shows."""
    code = own_issuer(request).code
    return {name: may(request.user, action, issuer=code) for name, action in ACTS.items()}


def own_invoice(request: HttpRequest, invoice_id: int, action: Action = Action.BILLING_READ) -> Invoice:
    """The invoice, page 404 when there is none, 403 when it is another issuer's."""
    found = or_404(invoice_by_id(invoice_id))
    check_right(request, action, found.issuer)
    return found
