"""The orders of a fiscal year as rows of a table."""

from collections.abc import Iterator

from tripartite.billing.models import CreditNote, Invoice, RevenueOrder
from tripartite.billing.queries.debtors import debtor_of
from tripartite.billing.queries.slips import flow_state, flows_told
from tripartite.billing.states import FLOW_LABELS, SLIP_LABELS, SlipKind
from tripartite.sheets import Cell, Cents


def title_rows(issuer: str, *, fiscal_year: int, budget: str = "", slip_id: int = 0) -> Iterator[dict[str, Cell]]:
    """The orders of an issuer, of a budget or of a slip if one is named, by number: what each says, by the names of
    `pes.tables.COLUMNS`. Two queries, however many.
    """
    found = RevenueOrder.objects.filter(issuer=issuer, fiscal_year=fiscal_year)
    found = found.filter(budget=budget) if budget else found
    found = found.filter(slip=slip_id) if slip_id else found
    beside = ("slip", "invoice__body__merged_into", "credit_note__invoice__body__merged_into", "reduces__slip")
    orders = list(found.select_related(*beside).order_by("budget", "number"))
    told = flows_told({order.slip_id for order in orders})
    for order in orders:
        paper: Invoice | CreditNote | None = order.invoice or order.credit_note
        invoice = order.invoice or (order.credit_note.invoice if order.credit_note else None)
        if paper is None or invoice is None:  # pragma: no cover - the database refuses it
            continue
        debtor = debtor_of(order, invoice.body)
        name, siret = invoice.buyer_name, invoice.buyer_siret
        if debtor.pk != invoice.body_id:
            name, siret = debtor.name, debtor.siret or ""
        yield {
            "exercice": order.fiscal_year,
            "budget": order.budget,
            "bordereau": order.slip.number,
            "genre": SLIP_LABELS[SlipKind(order.slip.kind)],
            "date": order.slip.issued_on,
            "titre": order.number,
            "objet": f"{'Facture' if order.invoice else 'Avoir'} {paper.number}",
            "debiteur": name,
            "siret": siret,
            "facture": invoice.number,
            "compte": order.account,
            "fonction": order.function,
            "ht": Cents(order.amount_cents - paper.vat_cents),
            "tva": Cents(paper.vat_cents),
            "ttc": Cents(order.amount_cents),
            "reduit": f"{order.reduces.number}/{order.reduces.fiscal_year}" if order.reduces else "",
            "service": invoice.service_code,
            "engagement": invoice.engagement_number,
            "echeance": invoice.due_on,
            "depart": FLOW_LABELS[flow_state(order.slip, told[order.slip_id])],
        }
