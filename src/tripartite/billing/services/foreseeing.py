"""What a credit note, or a slip, would be: it is made, read, and all of it taken back."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from tripartite.billing.models import BilledLine, CreditNote, RevenueSlip
from tripartite.billing.services.errors import BillingError
from tripartite.billing.services.flow_content import flow_content


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A credit note to come: its lines, its columns in cents, and what would then be to pay back, the invoice being
    paid.
    """

    lines: tuple[BilledLine, ...]
    net_cents: int
    vat_cents: int
    gross_cents: int
    left_cents: int
    back_cents: int


@transaction.atomic
def credit_if(act: Callable[[], CreditNote]) -> Foreseen:
    """The credit note that `act` (a verb of billing) would issue: no number is taken, no letter leaves.

    Raises what the act raises.
    """
    made = act()
    invoice = made.invoice
    found = Foreseen(
        lines=tuple(made.lines.all()),
        net_cents=made.net_cents,
        vat_cents=made.vat_cents + made.rounding_cents,
        gross_cents=made.gross_cents,
        left_cents=invoice.left_cents,
        back_cents=max(0, -invoice.owed_cents),
    )
    transaction.set_rollback(True)
    return found


@transaction.atomic
def rejected_if(act: Callable[[], RevenueSlip]) -> list[str]:
    """What would have the accountant reject the flow of the slip that `act` (a verb of billing) would make, a sentence
    each: no number is taken.

    Raises what the act raises.
    """
    found = rejected_for(act(), attempt=1)
    transaction.set_rollback(True)
    return found


def rejected_for(slip: RevenueSlip, *, attempt: int, on: date | None = None) -> list[str]:
    """What would have the flow of a slip rejected, written for the n-th time on a day; a sentence each."""
    try:
        found = flow_content(slip, attempt=attempt, on=on)
    except BillingError as refusal:
        return [str(refusal)]
    return [str(one) for one in found.findings]
