"""Which billed line an item that gives back bears on, and what is left of it."""

from collections.abc import Iterable
from dataclasses import dataclass

from tripartite.billing.models import BilledItem, BilledLine, Invoice
from tripartite.billing.queries.told_otherwise import identity_of
from tripartite.billing.queries.unbilled import digest_of
from tripartite.billing.states import InvoiceState
from tripartite.subscriptions.queries.due_items import DueItem


@dataclass(slots=True)
class Billed:
    """A line of an invoice: what of it, and of its invoice, no credit has taken back yet."""

    line: BilledLine
    key: str
    left: int


def billed_lines(body_ids: Iterable[int], issuer: str) -> list[Billed]:
    """What is billed to bodies by an issuer on invoices that still ask something, the latest first: two queries."""
    rows = BilledLine.objects.filter(
        invoice__body__in=list(body_ids),
        invoice__issuer=issuer,
        invoice__state=InvoiceState.ISSUED,
        item__credited_by__isnull=True,
        amount_cents__gt=0,
    )
    rows = rows.select_related("invoice", "item").prefetch_related("corrections").order_by("-invoice__issued_on", "-pk")
    return [Billed(line, line.item.key, left_of(line)) for line in rows]


def left_of(line: BilledLine) -> int:
    """What no other line has taken back of it, on the basis that was voted."""
    return line.amount_cents - sum(abs(one.amount_cents) for one in line.corrections.all())


def original_of(item: DueItem, lines: Iterable[Billed]) -> Billed | None:
    """The line that an item below zero takes back: that of the same identity, else the latest of the same charge, that
    has enough left. None where it was billed elsewhere, or is given back already.
    """
    asked = -(item.amount_cents or 0)
    base, charge = identity_of(item.key), charge_of(item.key)
    able = [one for one in lines if one.left >= asked and one.line.basis == item.basis]
    same = (one for one in able if identity_of(one.key) == base)
    return next(same, next((one for one in able if charge_of(one.key) == charge), None))


def charge_of(key: str) -> str:
    """The part of an identity that names the body, the issuer, the charge and its options."""
    return key.partition("]")[0]


def replaced_by(items: Iterable[DueItem]) -> Invoice | None:
    """The invoice, taken back so that it may be, which an invoice of these items replaces: the latest. One query."""
    digests = [digest_of(item.key) for item in items]
    found = BilledItem.objects.filter(digest__in=digests, credited_by__isnull=False, line__invoice__isnull=False)
    row = found.select_related("line__invoice").order_by("-line__invoice__issued_on", "-line__invoice").first()
    return row.line.invoice if row else None
