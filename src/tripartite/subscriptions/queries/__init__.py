"""Questions about what goes live and what runs."""

from tripartite.subscriptions.queries.charges import ConditionalCharge, charges_in_case, conditional_charges
from tripartite.subscriptions.queries.checklists import ChecklistError, current_checklist, read_checklist
from tripartite.subscriptions.queries.costs import Reading, RunningCost, RunningLine
from tripartite.subscriptions.queries.deadline_rules import KIND_LABELS, DeadlineKind
from tripartite.subscriptions.queries.deadlines import Deadline, deadline_by_key, deadlines, renewal_token
from tripartite.subscriptions.queries.due_days import due_days, last_due_on, next_due_after, period_of
from tripartite.subscriptions.queries.effects import (
    CategoryChange,
    CostChange,
    category_changes,
    changes_ahead,
    tariff_changes,
    totals_of,
)
from tripartite.subscriptions.queries.holdings import added_up, lots_on, quantity_of, total_of
from tripartite.subscriptions.queries.interventions import (
    TimeSpent,
    day_of,
    due_charges_of,
    intervention_by_id,
    intervention_list,
    interventions_in_feed,
    interventions_of_body,
    interventions_of_request,
    known_services,
    time_spent,
)
from tripartite.subscriptions.queries.pending import category_candidates
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
    "KIND_LABELS",
    "CategoryChange",
    "ChecklistError",
    "ConditionalCharge",
    "CostChange",
    "Deadline",
    "DeadlineKind",
    "Reading",
    "Running",
    "RunningCost",
    "RunningLine",
    "TimeSpent",
    "added_up",
    "category_candidates",
    "category_changes",
    "changes_ahead",
    "charges_in_case",
    "conditional_charges",
    "cost_reading",
    "current_checklist",
    "day_of",
    "deadline_by_key",
    "deadlines",
    "due_charges_of",
    "due_days",
    "held_lines",
    "intervention_by_id",
    "intervention_list",
    "interventions_in_feed",
    "interventions_of_body",
    "interventions_of_request",
    "known_services",
    "last_due_on",
    "lots_on",
    "next_due_after",
    "period_of",
    "quantity_of",
    "read_checklist",
    "renewal_token",
    "running_cost",
    "running_on",
    "subscription_by_id",
    "subscriptions_of",
    "subscriptions_of_convention",
    "tariff_changes",
    "time_spent",
    "total_of",
    "totals_of",
]
