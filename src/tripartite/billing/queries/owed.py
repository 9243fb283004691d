"""What is still owed: by invoice, body, issuer, fiscal year. Amounts are integer cents, TTC."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Count, F, Q, Sum

from tripartite.billing.models import Invoice, Payment
from tripartite.billing.queries.invoices import OWED
from tripartite.parties.queries.bodies import bearer_of, bodies_by_id


@dataclass(frozen=True, slots=True)
class Balance:
    """What some invoices come to: asked, taken back, paid; what is `owed` of those that still ask something, of which
    `overdue`; what is `to_repay` of the others.
    """

    invoices: int
    gross: int
    credited: int
    paid: int
    owed: int
    overdue: int
    to_repay: int


NOTHING = Balance(0, 0, 0, 0, 0, 0, 0)
_COLUMNS = ("invoices", "gross", "credited", "paid", "owed", "overdue", "to_repay")


def balance(issuer: str, *, on: date, fiscal_year: int = 0) -> Balance:
    """The balance of an issuer, of a fiscal year if one is given: one query."""
    found = Invoice.objects.filter(issuer=issuer)
    if fiscal_year:
        found = found.filter(fiscal_year=fiscal_year)
    row = found.annotate(left=OWED).aggregate(**_sums(on))
    return _balance(row)


class Owing(NamedTuple):
    """What the invoices in the name of a body come to. `heir` is the body that took it in and now owes them, by name;
    « » while it lives.
    """

    body_id: int
    name: str
    balance: Balance
    heir: str = ""


def balances_by_body(issuer: str, *, on: date) -> list[Owing]:
    """The balance of each body billed by an issuer, by name: one query, three when one was taken in by another."""
    found = Invoice.objects.filter(issuer=issuer).annotate(left=OWED)
    named = found.order_by().values("body", "body__name", "body__merged_into")
    rows = list(named.annotate(**_sums(on)).order_by("body__name", "body"))
    heirs = _heirs([row["body"] for row in rows if row["body__merged_into"] is not None], on=on)
    return [Owing(row["body"], row["body__name"], _balance(row), heirs.get(row["body"], "")) for row in rows]


def _heirs(body_ids: Collection[int], *, on: date) -> dict[int, str]:
    """Who bears on a day what each of these bodies had, when it is another, by name."""
    bodies = bodies_by_id(body_ids) if body_ids else []
    borne = ((body, bearer_of(body, on=on)) for body in bodies)
    return {body.pk: heir.name for body, heir in borne if heir != body}


def balances_by_year(issuer: str, *, on: date) -> dict[int, Balance]:
    """The balance of each fiscal year, the latest first: one query."""
    found = Invoice.objects.filter(issuer=issuer).annotate(left=OWED)
    rows = found.order_by().values("fiscal_year").annotate(**_sums(on)).order_by("-fiscal_year")
    return {row["fiscal_year"]: _balance(row) for row in rows}


def unmatched_cents(issuer: str) -> int:
    """What payments of an issuer leave that no invoice has: one query."""
    found = Payment.objects.filter(issuer=issuer).aggregate(left=Sum(F("amount_cents") - F("shared_cents")))
    return int(found["left"] or 0)


def _sums(on: date) -> dict[str, Sum | Count]:
    asking = Q(left__gt=0)
    return {
        "invoices": Count("pk"),
        "gross": Sum("gross_cents"),
        "credited": Sum("credited_cents"),
        "paid": Sum("paid_cents"),
        "owed": Sum("left", filter=asking),
        "overdue": Sum("left", filter=asking & Q(due_on__lt=on)),
        "to_repay": Sum(-F("left"), filter=Q(left__lt=0)),
    }


def _balance(row: Mapping[str, Any]) -> Balance:
    return Balance(*(row[name] or 0 for name in _COLUMNS))
