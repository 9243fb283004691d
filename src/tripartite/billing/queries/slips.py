"""Slips of revenue orders, and where the flow of each is, as the journal tells it."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from tripartite.billing.models import RevenueOrder, RevenueSlip
from tripartite.billing.states import FLOW_LABELS, FlowState, SlipKind
from tripartite.journal.queries import entries_about_any, entries_of

SLIP = "slip"
MADE, ACCEPTED, REFUSED = "billing.flow", "billing.flow-accepted", "billing.flow-refused"
"""The acts by which the journal tells where a flow is."""

RETURNED, REJECTED = "billing.returned", "04"
"""How the journal of an invoice tells what the accountant answers of its order, and that it rejected it (EtatPce)."""


@dataclass(frozen=True, slots=True)
class FlowTold:
    """A flow that was written of a slip: its paper, its file, when; what the accountant's system answered, and why."""

    document_id: int
    file_name: str
    made_at: datetime
    state: FlowState = FlowState.MADE
    told_at: datetime | None = None
    errors: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return FLOW_LABELS[self.state]


def slip_by_number(issuer: str, *, kind: SlipKind, budget: str, fiscal_year: int, number: int) -> RevenueSlip | None:
    """The slip of a kind that bears a number of a budget and year: one query."""
    found = RevenueSlip.objects.filter(issuer=issuer, kind=kind, budget=budget, fiscal_year=fiscal_year, number=number)
    return found.first()


def slip_by_id(slip_id: int) -> Any:
    """A slip with its orders, what each collects or reduces, and who owes it: four queries, and those of a merger or of
    what is reduced; None where there is none.
    """
    orders = (
        "orders__invoice__body__merged_into",
        "orders__credit_note__invoice__body__merged_into",
        "orders__reduces__slip",
    )
    return RevenueSlip.objects.prefetch_related(*orders).filter(pk=slip_id).first()


def slip_years(issuer: str) -> list[int]:
    """The fiscal years of the slips of an issuer, the latest first: one query."""
    rows = RevenueSlip.objects.filter(issuer=issuer).order_by("-fiscal_year")
    return list(rows.values_list("fiscal_year", flat=True).distinct())


def flows_told(slip_ids: Collection[int]) -> dict[int, list[FlowTold]]:
    """The flows written of each slip, the oldest first, each with its answer: one query. Every slip is there."""
    found: dict[int, list[FlowTold]] = {key: [] for key in slip_ids}
    for entry in entries_about_any(SLIP, slip_ids).filter(action__in=(MADE, ACCEPTED, REFUSED)).order_by("pk"):
        flows, details = found[int(entry.subject_id)], entry.details
        if entry.action == MADE:
            flows.append(FlowTold(details["document"], details["file"], entry.at))
        elif flows:
            last = flows[-1]
            state = FlowState.ACCEPTED if entry.action == ACCEPTED else FlowState.REFUSED
            errors = tuple(details["errors"])
            flows[-1] = FlowTold(last.document_id, last.file_name, last.made_at, state, entry.at, errors)
    return found


def flow_state(slip: RevenueSlip, flows: list[FlowTold]) -> FlowState:
    """Where the last flow of a slip is."""
    if slip.by_table:
        return FlowState.BY_TABLE
    return flows[-1].state if flows else FlowState.NONE


def waiting_flows(issuer: str, *, budget: str, fiscal_year: int | None, number: int | None) -> list[RevenueSlip]:
    """The slips of a budget whose flow was written and has no answer yet, of that year and number where they are told:
    two queries.
    """
    rows: QuerySet[RevenueSlip] = RevenueSlip.objects.filter(issuer=issuer, budget=budget)
    rows = rows.filter(fiscal_year=fiscal_year) if fiscal_year is not None else rows
    rows = rows.filter(number=number) if number is not None else rows
    slips = list(rows)
    told = flows_told([one.pk for one in slips])
    return [one for one in slips if flow_state(one, told[one.pk]) is FlowState.MADE]


def named_flows(slips: Collection[RevenueSlip], *, texts: Iterable[str], titles: Collection[int]) -> list[RevenueSlip]:
    """Those of slips whose last flow has its name in one of the texts; where none has, those that have all these
    titles: two queries.
    """
    told = flows_told([one.pk for one in slips])
    said = [text.casefold() for text in texts]

    def is_named(one: RevenueSlip) -> bool:
        stem = told[one.pk][-1].file_name.rpartition(".")[0].casefold()
        return any(re.search(rf"{re.escape(stem)}(?![0-9-])", text) for text in said)

    if named := [one for one in slips if is_named(one)]:
        return named
    held: dict[int, set[int]] = {one.pk: set() for one in slips}
    for slip, number in RevenueOrder.objects.filter(slip__in=held).values_list("slip", "number"):
        held[slip].add(number)
    return [one for one in slips if titles and held[one.pk].issuperset(titles)]


def rejected_orders() -> set[int]:
    """The invoices whose order the accountant has rejected: it holds nothing to reduce there. One query."""
    told = entries_of([RETURNED]).filter(details__state=REJECTED).order_by()
    return {int(key) for key in told.values_list("subject_id", flat=True).distinct()}
