"""Which invoices a payment may be of: those whose number it bears, then those of its very amount."""

from typing import Any

from tripartite.billing.models import Payment
from tripartite.billing.queries.invoices import Standing, invoice_list
from tripartite.parties.queries.folding import fold

MOST = 10


def payment_by_id(payment_id: int) -> Payment | None:
    """A payment with its shares, and what was paid back of it: four queries."""
    found = Payment.objects.select_related("pays_back__payment")
    return found.prefetch_related("shares__invoice", "paid_back__by").filter(pk=payment_id).first()


def paid_back_aside(payment: Payment) -> list[Payment]:
    """The payments below zero, of nothing yet, that may pay back what is left of one: at most ten, the latest first.
    One query.
    """
    found = Payment.objects.filter(issuer=payment.issuer, amount_cents__lt=0, shared_cents=0)
    found = found.filter(amount_cents__gte=-payment.unmatched_cents, received_on__gte=payment.received_on)
    return list(found.order_by("-received_on", "-pk")[:MOST])


def suggested_invoices(payment: Payment, *, text: str = "") -> list[tuple[Any, str]]:
    """At most ten invoices that what is left of a payment may be of, each with why, in French, the likeliest first;
    with `text`, those that a search finds. For money paid back, those to repay. Two queries.
    """
    standing = Standing.OWED if payment.amount_cents > 0 else Standing.TO_REPAY
    rows = invoice_list(issuer=payment.issuer, standing=standing, text=text, on=payment.received_on)
    if text:
        return [(one, "votre recherche") for one in rows[:MOST]]
    said = fold(f"{payment.reference} {payment.payer} {payment.note}")
    squeezed = said.replace(" ", "")
    left = payment.unmatched_cents
    found = []
    for one in rows:
        numbered = fold(one.number).replace(" ", "") in squeezed
        named = fold(one.buyer_name) in said
        exact = one.owed == left
        if numbered or exact or named:
            why = [("son numéro", numbered), ("son montant", exact), ("son nom", named)]
            rank = (not numbered, not (exact and named), not exact)
            found.append((rank, one, " et ".join(words for words, true in why if true)))
    return [(one, why) for _, one, why in sorted(found, key=lambda each: (each[0], each[1].pk))[:MOST]]
