"""Invoices as lists and pages show them: with all that a line says, in a constant number of queries."""

from datetime import date
from enum import StrEnum
from typing import Any

from django.db.models import F, Max, Q, QuerySet, Sum

from tripartite.billing.models import BillingRun, CreditNote, Invoice, Payment, RevenueSlip
from tripartite.billing.states import InvoiceState
from tripartite.jobs.queries import JobProgress, job_by_id, progress_of, units_of
from tripartite.parties.queries.search import named

OWED = F("gross_cents") - F("credited_cents") - F("paid_cents")


class Standing(StrEnum):
    """Which invoices a list shows: what is still to be paid, past its day, paid, to be paid back, taken back."""

    OWED = "owed"
    OVERDUE = "overdue"
    PAID = "paid"
    TO_REPAY = "to-repay"
    CREDITED = "credited"


STANDING_LABELS = {
    Standing.OWED: "à payer",
    Standing.OVERDUE: "en retard",
    Standing.PAID: "payées",
    Standing.TO_REPAY: "à rembourser",
    Standing.CREDITED: "annulées par avoir",
}


def invoice_list(
    *, issuer: str, standing: Standing | None = None, text: str = "", fiscal_year: int = 0, on: date
) -> QuerySet[Any]:
    """The invoices of an issuer, the latest first, with what is owed (`owed`, cents) and the last reminder
    (`reminded_on`): two queries with their bodies, however many. `text` looks in the number and in the body.
    """
    found = Invoice.objects.filter(issuer=issuer).select_related(
        "body", "document", "revenue_order__slip", "convention"
    )
    found = found.annotate(owed=OWED, reminded_on=Max("reminders__reminded_on"))
    match standing:
        case Standing.OWED:
            found = found.filter(owed__gt=0)
        case Standing.OVERDUE:
            found = found.filter(owed__gt=0, due_on__lt=on)
        case Standing.PAID:
            found = found.filter(owed=0, state=InvoiceState.ISSUED)
        case Standing.TO_REPAY:
            found = found.filter(owed__lt=0)
        case Standing.CREDITED:
            found = found.filter(state=InvoiceState.CREDITED)
    for word in text.split()[:8]:
        found = found.filter(Q(number__icontains=word) | Q(body__siren__startswith=word) | named(word, "body"))
    if fiscal_year:
        found = found.filter(fiscal_year=fiscal_year)
    return found.order_by("-fiscal_year", "-rank")


def invoice_by_id(invoice_id: int) -> Invoice | None:
    """An invoice with its lines, what corrects them, its credit notes, payments, reminders and order: eight queries."""
    return _whole().filter(pk=invoice_id).first()


def invoice_by_number(issuer: str, number: str) -> Invoice | None:
    """The same, by its number."""
    return _whole().filter(issuer=issuer, number=number.strip()).first()


def invoices_by_numbers(issuer: str, numbers: list[str]) -> dict[str, int]:
    """The keys of invoices by their numbers: one query."""
    return dict(Invoice.objects.filter(issuer=issuer, number__in=numbers).values_list("number", "pk"))


def _whole() -> QuerySet[Invoice]:
    found = Invoice.objects.select_related("body", "document", "revenue_order__slip", "convention", "run")
    return found.prefetch_related(
        "lines__corrections__credit_note", "credit_notes__document", "payment_shares__payment", "reminders"
    )


def invoices_of_body(body_ids: list[int], *, issuer: str = "") -> list[Invoice]:
    """The invoices of bodies, the latest first; with `issuer`, of that one. One query."""
    found = Invoice.objects.filter(body__in=body_ids).select_related("body", "document")
    return list((found.filter(issuer=issuer) if issuer else found).order_by("-issued_on", "-pk"))


def credit_note_list(*, issuer: str, fiscal_year: int = 0) -> QuerySet[CreditNote]:
    """The credit notes of an issuer, the latest first: one query with their invoices and bodies."""
    found = CreditNote.objects.filter(issuer=issuer).select_related("invoice__body", "document", "revenue_order__slip")
    return (found.filter(fiscal_year=fiscal_year) if fiscal_year else found).order_by("-fiscal_year", "-rank")


def run_list(issuer: str) -> QuerySet[Any]:
    """The runs of an issuer, the latest first, with how many invoices each made, and for how much: one query."""
    found = BillingRun.objects.filter(issuer=issuer).select_related("job")
    return found.annotate(asked_cents=Sum("invoices__gross_cents"))


def run_by_id(run_id: int) -> BillingRun | None:
    return BillingRun.objects.select_related("job").filter(pk=run_id).first()


def payment_list(*, issuer: str, unmatched: bool = False) -> QuerySet[Payment]:
    """The payments of an issuer, the latest first, with their shares: three queries; `unmatched`: of which something is
    kept aside.
    """
    found = Payment.objects.filter(issuer=issuer).prefetch_related("shares__invoice")
    found = found.exclude(shared_cents=F("amount_cents")) if unmatched else found
    return found.order_by("-received_on", "-pk")


def slip_list(issuer: str) -> QuerySet[RevenueSlip]:
    """The slips of an issuer, the latest first, with their orders and what each collects or reduces: three queries."""
    found = RevenueSlip.objects.filter(issuer=issuer)
    orders = ("orders__invoice__body", "orders__credit_note__invoice__body", "orders__reduces")
    return found.prefetch_related(*orders).order_by("-fiscal_year", "-number")


def to_order(issuer: str) -> tuple[list[Invoice], list[CreditNote]]:
    """The invoices, and the credit notes on ordered invoices, that no order has yet: two queries."""
    invoices = Invoice.objects.filter(issuer=issuer, revenue_order__isnull=True).select_related("body")
    notes = CreditNote.objects.filter(
        issuer=issuer, revenue_order__isnull=True, invoice__revenue_order__isnull=False
    ).select_related("invoice__body")
    return list(invoices), list(notes)


def run_progress(run: BillingRun) -> JobProgress | None:
    """How far a run is, for its own people, who may not all follow the other jobs: one query."""
    job = job_by_id(run.job_id) if run.job_id is not None else None
    return progress_of(job) if job else None


def run_outcomes(run: BillingRun) -> list[Any]:
    """What came of each unit of a run, or why nothing did: what was issued, what waits, what is to be put right."""
    return list(units_of(run.job_id)) if run.job_id is not None else []
