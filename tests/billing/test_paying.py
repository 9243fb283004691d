"""What is received, shared, paid back; what is still owed; revenue orders."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import billing, quotes, subscriptions
from tests.factories.accounts import TESTER
from tripartite.billing.models import RevenueOrder
from tripartite.billing.queries.invoices import (
    Standing,
    credit_note_list,
    invoice_by_id,
    invoice_list,
    payment_list,
    slip_list,
    to_order,
)
from tripartite.billing.queries.owed import balance, balances_by_body, balances_by_year, unmatched_cents
from tripartite.billing.services.crediting import cancel_invoice, credit_lines
from tripartite.billing.services.errors import BillingError
from tripartite.billing.services.notices import notice_paper, notice_pdf
from tripartite.billing.services.ordering import order_reductions, order_revenue
from tripartite.billing.services.paying import record_payment, share_payment, undo_share
from tripartite.billing.services.reminding import remind_invoice
from tripartite.billing.states import Unsendable

pytestmark = pytest.mark.django_db
LATE = date(2027, 1, 4)
BY = {"actor": TESTER, "at": billing.AT}


def _invoices(*codes: str) -> list:
    """An invoice to each of these communes."""
    billing.ready()
    for code in codes:
        subscriptions.running({"messagerie-5go": 4}, body=code)
    return billing.billed()


def _paid(cents: int, **more):
    return record_payment(issuer="lfn", received_on=billing.DAY, amount_cents=cents, **BY, **more)


def test_a_payment_goes_to_invoices_and_never_over_what_they_ask() -> None:
    first, second = _invoices(quotes.RUITZ, quotes.ARRAS)
    asked = first.gross_cents
    with pytest.raises(BillingError, match="reste à payer, pas plus"):
        _paid(asked + 100, shares={first.pk: asked + 1})
    paid = _paid(asked + 100, shares={first.pk: asked}, source_key="ligne-1", payer="Trésorerie")
    assert _paid(asked + 100, source_key="ligne-1") == paid
    assert (paid.unmatched_cents, unmatched_cents("lfn")) == (100, 100)
    with pytest.raises(BillingError, match="Il ne reste que"):
        share_payment(payment_id=paid.pk, shares={second.pk: 101}, **BY)
    (share,) = share_payment(payment_id=paid.pk, shares={second.pk: 100}, **BY)
    found = balance("lfn", on=LATE)
    assert (found.owed, found.overdue, found.paid) == (second.gross_cents - 100,) * 2 + (asked + 100,)
    undo_share(share_id=share.pk, reason="Pas la bonne", **BY)
    with pytest.raises(BillingError, match="déjà défait"):
        undo_share(share_id=share.pk, reason="Pas la bonne", **BY)
    assert balance("lfn", on=billing.DAY).owed == second.gross_cents
    assert balance("lfn", on=billing.DAY).overdue == 0
    assert [one.name for one in balances_by_body("lfn", on=LATE)] == ["Arras", "Ruitz"]
    assert list(balances_by_year("lfn", on=LATE)) == [2026]


def test_a_credit_after_payment_says_what_is_to_be_paid_back() -> None:
    (invoice,) = _invoices(quotes.RUITZ)
    _paid(invoice.gross_cents, shares={invoice.pk: invoice.gross_cents})
    cancel_invoice(invoice_id=invoice.pk, reason="Erreur", on=billing.DAY, **BY)
    assert balance("lfn", on=LATE).to_repay == invoice.gross_cents
    assert [one.owed for one in invoice_list(issuer="lfn", standing=Standing.TO_REPAY, on=LATE)] == [
        -invoice.gross_cents
    ]
    with pytest.raises(BillingError, match="est à rembourser, pas plus"):
        _paid(-invoice.gross_cents - 1, shares={invoice.pk: invoice.gross_cents + 1})
    _paid(-invoice.gross_cents, shares={invoice.pk: invoice.gross_cents})
    assert (balance("lfn", on=LATE).to_repay, unmatched_cents("lfn")) == (0, 0)


def test_what_is_late_is_reminded_of_once_a_day() -> None:
    (invoice,) = _invoices(quotes.RUITZ)
    with pytest.raises(BillingError, match="à payer jusqu'au 23/12/2026"):
        remind_invoice(invoice_id=invoice.pk, on=invoice.due_on, **BY)
    assert remind_invoice(invoice_id=invoice.pk, on=LATE, **BY).reminders[0].rank == 1
    with pytest.raises(BillingError, match="a été rappelée"):
        remind_invoice(invoice_id=invoice.pk, on=LATE, **BY)
    assert remind_invoice(invoice_id=invoice.pk, on=date(2027, 2, 4), **BY).reminders[0].rank == 2
    assert [one.reminded_on for one in invoice_list(issuer="lfn", standing=Standing.OVERDUE, on=LATE)] == [
        date(2027, 2, 4)
    ]


def test_orders_follow_one_another_by_budget_and_year() -> None:
    first, second = _invoices(quotes.RUITZ, quotes.ARRAS)
    said = {"issuer": "lfn", "on": billing.DAY, "unsendable": Unsendable.BY_TABLE, **BY}
    order_revenue(invoice_ids=[second.pk], **said)
    with pytest.raises(BillingError, match="Déjà sur un bordereau"):
        order_revenue(invoice_ids=[first.pk, second.pk], **said)
    line = first.lines.all()[0]
    part = credit_lines(invoice_id=first.pk, amounts={line.pk: 100}, reason="Geste", on=billing.DAY, **BY)
    with pytest.raises(BillingError, match="Faire d'abord le titre"):
        order_reductions(credit_note_ids=[part.pk], **said)
    order_revenue(invoice_ids=[first.pk], **said)
    note = cancel_invoice(invoice_id=first.pk, reason="Erreur", on=billing.DAY, **BY)
    assert to_order("lfn") == ([], [part, note])
    order_reductions(credit_note_ids=[part.pk, note.pk], **said)
    assert to_order("lfn") == ([], [])
    assert [(one.slip.number, one.slip.kind, one.number, one.amount_cents) for one in RevenueOrder.objects.all()] == [
        (1, "ordinary", 1, second.gross_cents),
        (2, "ordinary", 2, first.gross_cents),
        (1, "reduction", 3, part.gross_cents),
        (1, "reduction", 4, note.gross_cents),
    ]


def test_what_was_cancelled_before_its_order_has_none() -> None:
    (invoice,) = _invoices(quotes.RUITZ)
    cancel_invoice(invoice_id=invoice.pk, reason="Erreur", on=billing.DAY, **BY)
    assert to_order("lfn") == ([], [])
    with pytest.raises(BillingError, match=f"Annulée par avoir, sans titre à faire : {invoice.number}"):
        order_revenue(issuer="lfn", invoice_ids=[invoice.pk], on=billing.DAY, **BY)
    assert not RevenueOrder.objects.exists()


def test_lists_ask_as_much_of_three_as_of_one() -> None:
    def counted() -> list[int]:
        asks = (
            lambda: [
                (one.body.name, one.owed, getattr(one, "revenue_order", None))
                for one in invoice_list(issuer="lfn", text="2026", on=LATE)
            ],
            lambda: [(one.invoice.body.name, one.document.title) for one in credit_note_list(issuer="lfn")],
            lambda: [share.invoice.number for one in payment_list(issuer="lfn") for share in one.shares.all()],
            lambda: [order.invoice.body.name for one in slip_list("lfn") for order in one.orders.all()],
            lambda: balances_by_body("lfn", on=LATE),
            billing.previewed,
        )
        found = []
        for ask in asks:
            ask()  # names are read once for all lists
            with CaptureQueriesContext(connection) as told:
                ask()
            found.append(len(told))
        return found

    (first,) = _invoices(quotes.RUITZ)
    _settle(first)
    one = counted()
    for code in (quotes.ARRAS, "62119"):
        billing.with_siret(code)
        subscriptions.running({"messagerie-5go": 4}, body=code)
    for invoice in billing.billed():
        _settle(invoice)
    assert counted() == one
    assert one[:5] == [2, 1, 4, 4, 1]
    read = invoice_by_id(first.pk)
    assert read is not None
    assert [line.service for line in read.lines.all()] == ["messagerie-5go"]


def _settle(invoice) -> None:
    _paid(invoice.gross_cents, shares={invoice.pk: invoice.gross_cents})
    billing.ordered(invoice)
    line = invoice.lines.all()[0]
    credit_lines(invoice_id=invoice.pk, amounts={line.pk: 100}, reason="Geste", on=billing.DAY, **BY)


def test_the_notice_of_an_order_says_what_makes_it_enforceable() -> None:
    (invoice,) = _invoices(quotes.RUITZ)
    slip = billing.ordered(invoice)
    order = slip.orders.get()
    with pytest.raises(BillingError, match=r"ordonnateur.*recours"):
        notice_pdf(order.pk)
    appeal = "Vous pouvez saisir le tribunal administratif dans les deux mois de la notification."
    said = {"officer_name": "Prénom NOM", "officer_capacity": "Présidente", "appeal_text": appeal}
    billing.bills("lfn", **said, appeal_source="article L. 1617-5 du CGCT")
    paper = notice_paper(order.pk)
    assert paper.revenue_order is not None
    assert (paper.revenue_order.number, paper.revenue_order.bordereau, paper.number) == ("1", "1", invoice.number)
    assert (paper.revenue_order.appeal, paper.revenue_order.signatory) == ((appeal,), "Prénom NOM")
    assert notice_pdf(order.pk) == notice_pdf(order.pk)
