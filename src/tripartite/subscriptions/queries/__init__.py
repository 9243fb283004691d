"""Questions about what goes live and what runs."""

from tripartite.subscriptions.queries.checklists import ChecklistError, current_checklist, read_checklist
from tripartite.subscriptions.queries.costs import Reading, RunningCost, RunningLine
from tripartite.subscriptions.queries.due_days import due_days, last_due_on, next_due_after, period_of
from tripartite.subscriptions.queries.holdings import lots_on, quantity_of, total_of
from tripartite.subscriptions.queries.running import (
    Running,
    cost_reading,
    held_lines,
    running_cost,
    running_on,
    subscription_by_id,
    subscriptions_of,
    subscriptions_of_convention,
)

__all__ = [
    "ChecklistError",
    "Reading",
    "Running",
    "RunningCost",
    "RunningLine",
    "cost_reading",
    "current_checklist",
    "due_days",
    "held_lines",
    "last_due_on",
    "lots_on",
    "next_due_after",
    "period_of",
    "quantity_of",
    "read_checklist",
    "running_cost",
    "running_on",
    "subscription_by_id",
    "subscriptions_of",
    "subscriptions_of_convention",
    "total_of",
]
