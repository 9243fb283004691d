"""What every service of billing does: hold what it changes, move it along its table, tell the journal."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from tripartite.billing.models import BillingSettings, Invoice, RevenueSlip
from tripartite.billing.queries.seen import EDITS, INVOICE, invoice_value
from tripartite.billing.queries.slips import ACCEPTED, REFUSED, SLIP
from tripartite.billing.services.errors import BillingError
from tripartite.billing.states import INVOICE_TRANSITIONS, InvoiceState
from tripartite.journal.seen import check_seen
from tripartite.journal.services import Actor, record


def hold_billing(issuer: str) -> None:
    """Hold the billing of an issuer until the end of the transaction, before anything of it is read: what two workers
    would bill at once is billed by the first, and found billed by the second. The issuer's first settings are the lock;
    on SQLite, the transaction is. Raises BillingError where nothing is set.
    """
    if BillingSettings.objects.select_for_update().filter(issuer=issuer).order_by("pk").first() is None:
        raise BillingError("Réglez d'abord la facturation de cet émetteur.")


def tell_flow_answer(
    slip: RevenueSlip, *, accepted: bool, errors: Sequence[str], file: str, actor: Actor, at: datetime
) -> None:
    """Say in the journal of a slip what its flow was answered, and in which file (« »: told otherwise)."""
    why = f" — {' ; '.join(errors)}" if errors else ""
    taken = "accepté" if accepted else "refusé"
    record(
        actor=actor,
        at=at,
        action=ACCEPTED if accepted else REFUSED,
        subject_kind=SLIP,
        subject_id=slip.pk,
        text=f"{slip.kind_label.capitalize()} {slip.number}/{slip.fiscal_year} : flux {taken}{why}",
        details={"errors": list(errors), "file": file},
    )


def locked_invoice(invoice_id: int, seen: str | None = None) -> Invoice:
    """The invoice, its row held until the end of the transaction. Raises BillingError when there is none, StaleError
    when it is no longer what the mark `seen` was made of.
    """
    held = Invoice.objects.select_for_update(of=("self",)).select_related("body", "document").filter(pk=invoice_id)
    found = held.first()
    if found is None:
        raise BillingError("Cette facture n'existe pas.")
    check_seen(seen, INVOICE, found.pk, invoice_value(found), what="Cette facture", actions=EDITS)
    return found


def move_invoice(invoice: Invoice, state: InvoiceState) -> None:
    """Change the state, if the table of transitions has it; the caller holds the row and saves it."""
    if state not in INVOICE_TRANSITIONS[InvoiceState(invoice.state)]:
        raise BillingError(f"La facture {invoice.number} est {invoice.state_label} : cela ne se peut plus.")
    invoice.state = state


def journal(invoice: Invoice, actor: Actor, at: datetime, action: str, text: str, **details: Any) -> None:
    """Tell the journal of an invoice."""
    record(
        actor=actor,
        at=at,
        action=action,
        subject_kind=INVOICE,
        subject_id=invoice.pk,
        text=text,
        details=details,
    )
