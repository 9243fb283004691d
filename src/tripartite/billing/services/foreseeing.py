"""What a credit note would be: it is made, read, and all of it taken back; what would have a slip rejected."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.db import transaction

from tripartite.billing.models import BilledLine, CreditNote, RevenueSlip
from tripartite.billing.pes.rules import Finding
from tripartite.billing.services.errors import BillingError, SlipRejectedError, some_of
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


def check_sendable(slip: RevenueSlip) -> RevenueSlip:
    """The slip, if the accountant's system would take its flow, as far as can be known here.

    Raises SlipRejectedError, which names invoices and credit notes: the numbers of their titles are not kept.
    """
    try:
        found = flow_content(slip).findings
    except BillingError as refusal:
        raise SlipRejectedError([str(refusal)], []) from None
    if not found:
        return slip
    papers = {one.number: paper.number for one in slip.orders.all() if (paper := one.invoice or one.credit_note)}
    named = {papers[one.title] for one in found if one.title in papers}
    raise SlipRejectedError(list(told_once(found, papers)), named)


@transaction.atomic
def refusal_of(act: Callable[[], RevenueSlip]) -> SlipRejectedError | None:
    """Why the slip that `act` (a verb of billing) would make is refused, its flow being rejected: no number is taken.

    Raises what else the act raises.
    """
    try:
        act()
    except SlipRejectedError as refusal:
        return refusal
    transaction.set_rollback(True)
    return None


def rejected_for(slip: RevenueSlip, *, attempt: int, on: date | None = None) -> list[str]:
    """What would have the flow of a slip rejected, written for the n-th time on a day; a sentence each."""
    try:
        found = flow_content(slip, attempt=attempt, on=on)
    except BillingError as refusal:
        return [str(refusal)]
    return list(told_once(found.findings, {}))


def told_once(findings: Iterable[Finding], papers: Mapping[int, str]) -> Iterator[str]:
    """Each reason once, with the titles that it is of: by `papers` where it names them, else by their numbers."""
    where: dict[Finding, list[str]] = {}
    for one in findings:
        same = replace(one, where="", title=0)
        name = papers.get(one.title) or one.where
        if name not in (names := where.setdefault(same, [])):
            names.append(name)
    for one, names in where.items():
        yield str(replace(one, where=some_of(names)))
