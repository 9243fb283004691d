"""Invoices as lists and pages show them: with all that a line says, in a constant number of queries."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery, Sum

from tripartite.billing.models import BilledLine, BillingRun, CreditNote, Invoice, Payment, PortalFact, RevenueSlip
from tripartite.billing.queries.slips import rejected_orders
from tripartite.billing.states import SENT_BACK, InvoiceState
from tripartite.jobs.queries import JobProgress, job_by_id, progress_of, units_of
from tripartite.many import Among, keys_told
from tripartite.parties.queries.search import named
from tripartite.questions import KEYS, Question

NO_EPCI = "aucune"
"""What stands for the EPCI of bodies that belong to none."""
OWED = F("gross_cents") - F("credited_cents") - F("paid_cents")


class Standing(StrEnum):
    """Which invoices a list shows: what is still to be paid, past its day, paid, to be paid back, taken back."""

    OWED = "owed"
    OVERDUE = "overdue"
    PAID = "paid"
    TO_REPAY = "to-repay"
    CREDITED = "credited"
    SENT_BACK = "sent-back"


STANDING_LABELS = {
    Standing.OWED: "à payer",
    Standing.OVERDUE: "en retard",
    Standing.PAID: "payées",
    Standing.TO_REPAY: "à rembourser",
    Standing.CREDITED: "annulées par avoir",
    Standing.SENT_BACK: "renvoyées par Chorus Pro",
}


def invoice_list(
    *,
    issuer: str,
    standing: Standing | None = None,
    text: str = "",
    fiscal_year: int = 0,
    epci: str = "",
    service: str = "",
    body_id: int = 0,
    run_id: int = 0,
    on: date,
) -> QuerySet[Any]:
    """The invoices of an issuer, the latest first, with what is owed (`owed`, cents) and the last reminder
    (`reminded_on`), and what Chorus Pro last said (`portal_status`, `portal_words`): two queries with their bodies,
    however many. `text` looks in the number and in the body, `epci` is
    the SIREN of the one to which bodies belong (`NO_EPCI`: none), `service` the code of one that it bills.
    """
    found = Invoice.objects.filter(issuer=issuer).select_related(
        "body__epci", "document", "revenue_order__slip", "convention"
    )
    found = _standing(found.annotate(owed=OWED, reminded_on=Max("reminders__reminded_on"), **_portal()), standing, on)
    for word in text.split()[:8]:
        found = found.filter(Q(number__icontains=word) | Q(body__siren__startswith=word) | named(word, "body"))
    if fiscal_year:
        found = found.filter(fiscal_year=fiscal_year)
    if epci:
        found = found.filter(body__epci=None) if epci == NO_EPCI else found.filter(body__epci__siren=epci)
    if service:
        lines = BilledLine.objects.filter(invoice=OuterRef("pk"), service=service)
        found = found.filter(Exists(lines))
    if body_id:
        found = found.filter(body=body_id)
    if run_id:
        found = found.filter(run=run_id)
    return found.order_by("-fiscal_year", "-rank")


def _portal() -> dict[str, Subquery]:
    """What Chorus Pro last said of an invoice: its status and its own words."""
    last = PortalFact.objects.filter(invoice=OuterRef("pk")).order_by("-said_on", "-id")
    return {"portal_status": Subquery(last.values("status")[:1]), "portal_words": Subquery(last.values("words")[:1])}


def _standing(found: QuerySet[Any], standing: Standing | None, on: date) -> QuerySet[Any]:
    wanted = {
        None: Q(),
        Standing.OWED: Q(owed__gt=0),
        Standing.OVERDUE: Q(owed__gt=0, due_on__lt=on),
        Standing.PAID: Q(owed=0, state=InvoiceState.ISSUED),
        Standing.TO_REPAY: Q(owed__lt=0),
        Standing.CREDITED: Q(state=InvoiceState.CREDITED),
        Standing.SENT_BACK: Q(portal_status__in=SENT_BACK, state=InvoiceState.ISSUED),
    }
    return found.filter(wanted[standing])


def years_billed(issuer: str) -> list[int]:
    """The fiscal years of the invoices of an issuer, the latest first: one query."""
    rows = Invoice.objects.filter(issuer=issuer).order_by("-fiscal_year")
    return list(rows.values_list("fiscal_year", flat=True).distinct())


def epcis_billed(issuer: str) -> list[tuple[str, str]]:
    """The EPCI (SIREN, name) of the bodies that an issuer bills: one query."""
    rows = Invoice.objects.filter(issuer=issuer, body__epci__isnull=False).order_by("body__epci__name")
    return list(rows.values_list("body__epci__siren", "body__epci__name").distinct())


def invoice_by_id(invoice_id: int) -> Invoice | None:
    """An invoice with its lines, what corrects them, its credit notes, payments, reminders, order, and what Chorus Pro
    said of it: nine queries.
    """
    return _whole().filter(pk=invoice_id).first()


def invoice_by_number(issuer: str, number: str) -> Invoice | None:
    """The same, by its number."""
    return _whole().filter(issuer=issuer, number=number.strip()).first()


def _whole() -> QuerySet[Invoice]:
    found = Invoice.objects.select_related("body", "document", "revenue_order__slip", "convention", "run")
    return found.prefetch_related(
        "lines__corrections__credit_note",
        "credit_notes__document",
        "payment_shares__payment",
        "reminders",
        "portal_facts",
    )


OF_BODIES = Question[Invoice](
    lambda bodies: (
        Invoice.objects.filter(Among("body", bodies)).select_related("body", "document").order_by("-issued_on", "-pk")
    ),
    KEYS,
)


def invoices_of_bodies(body_ids: Collection[int], *, issuer: str = "") -> list[Invoice]:
    """The invoices of bodies, the latest first: of one and of those that it took in (`lineage_of`). With `issuer`, of
    that one. One query.
    """
    found = OF_BODIES.ask(keys_told(body_ids))
    return [one for one in found if issuer in ("", one.issuer)]


def credit_note_list(*, issuer: str, fiscal_year: int = 0) -> QuerySet[CreditNote]:
    """The credit notes of an issuer, the latest first: one query with their invoices and bodies."""
    found = CreditNote.objects.filter(issuer=issuer).select_related("invoice__body", "document", "revenue_order__slip")
    return (found.filter(fiscal_year=fiscal_year) if fiscal_year else found).order_by("-fiscal_year", "-rank")


def run_list(issuer: str) -> QuerySet[Any]:
    """The runs of an issuer, the latest first, with how many invoices each made, and for how much: one query."""
    found = BillingRun.objects.filter(issuer=issuer).select_related("job")
    counted = found.annotate(asked_cents=Sum("invoices__gross_cents"), made=Count("invoices"))
    return counted.order_by("-created_at", "-pk")


def run_by_id(run_id: int) -> BillingRun | None:
    return BillingRun.objects.select_related("job").filter(pk=run_id).first()


def payment_list(*, issuer: str, unmatched: bool = False) -> QuerySet[Payment]:
    """The payments of an issuer, the latest first, with their shares and what was paid back of them: five queries;
    `unmatched`: of which something is kept aside.
    """
    found = Payment.objects.filter(issuer=issuer).select_related("pays_back__payment")
    found = found.prefetch_related("shares__invoice", "paid_back__by")
    found = found.exclude(shared_cents=F("amount_cents")) if unmatched else found
    return found.order_by("-received_on", "-pk")


def invoices_paid(payment: Payment) -> list[tuple[int, str]]:
    """The invoices that a payment of the list is of, each with its number: what was shared by mistake is not."""
    shared: Counter[tuple[int, str]] = Counter()
    for share in payment.shares.all():
        shared[share.invoice_id, share.invoice.number] += share.amount_cents
    return [one for one, cents in shared.items() if cents]


def slip_list(issuer: str) -> QuerySet[RevenueSlip]:
    """The slips of an issuer, the latest first, with their orders and what each collects or reduces: three queries."""
    found = RevenueSlip.objects.filter(issuer=issuer)
    orders = ("orders__invoice__body", "orders__credit_note__invoice__body", "orders__reduces")
    return found.prefetch_related(*orders).order_by("-fiscal_year", "-number")


def to_order(issuer: str) -> tuple[list[Invoice], list[CreditNote]]:
    """The invoices of which something is left, and the credit notes on invoices whose order stands, that no order has
    yet: three queries.
    """
    waiting = Invoice.objects.filter(issuer=issuer, revenue_order__isnull=True, state=InvoiceState.ISSUED)
    invoices = waiting.select_related("body")
    notes = CreditNote.objects.filter(
        issuer=issuer, revenue_order__isnull=True, invoice__revenue_order__isnull=False
    ).select_related("invoice__body")
    rejected = rejected_orders()
    return list(invoices), [one for one in notes if one.invoice_id not in rejected]


def run_progress(run: BillingRun) -> JobProgress | None:
    """How far a run is, for its own people, who may not all follow the other jobs: one query."""
    job = job_by_id(run.job_id) if run.job_id is not None else None
    return progress_of(job) if job else None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a unit of a run: its words, its state, and the invoice that it made, if it made one."""

    unit: Any
    invoice: Invoice | None


def run_outcomes(run: BillingRun) -> list[Outcome]:
    """What came of each unit of a run, or why nothing did: what was issued, what waits, what is to be put right. Three
    queries.
    """
    if run.job_id is None:
        return []
    made = {
        f"body:{one.body_id}" if one.convention_id is None else f"convention:{one.convention_id}": one
        for one in Invoice.objects.filter(run=run)
    }
    return [Outcome(unit, made.get(unit.key)) for unit in units_of(run.job_id)]
