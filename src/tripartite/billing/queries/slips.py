"""Slips of revenue orders, found by what they are called."""

from tripartite.billing.models import RevenueSlip
from tripartite.billing.states import SlipKind


def slip_by_number(issuer: str, *, kind: SlipKind, budget: str, fiscal_year: int, number: int) -> RevenueSlip | None:
    """The slip of a kind that bears a number of a budget and year: one query."""
    found = RevenueSlip.objects.filter(issuer=issuer, kind=kind, budget=budget, fiscal_year=fiscal_year, number=number)
    return found.first()
