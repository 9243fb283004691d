"""Slips of revenue orders, found by what they are called."""

from tripartite.billing.models import RevenueSlip


def slip_by_number(issuer: str, *, budget: str, fiscal_year: int, number: int) -> RevenueSlip | None:
    """The slip that bears a number of a budget and year: one query."""
    found = RevenueSlip.objects.filter(issuer=issuer, budget=budget, fiscal_year=fiscal_year, number=number)
    return found.first()
