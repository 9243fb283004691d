"""What the forms of a going-live were made on: its plan, a step of it."""

from collections.abc import Sequence
from typing import Any

from tripartite.going_live.models import Activation, ActivationStep
from tripartite.journal.seen import mark_of

PLAN, STEP = "subscriptions.plan", "subscriptions.step"
"""The acts by which the journal tells that each of them changed."""


def plan_value(activation: Activation) -> list[object]:
    """For which day it is planned and what it waits for, as a mark tells them."""
    return [activation.pk, activation.planned_on, activation.waiting_for]


def step_value(step: ActivationStep) -> list[object]:
    """What was said of a step, and when, as a mark tells it."""
    return [step.pk, step.done_on, step.waived_reason, step.recorded_at]


def plan_mark(activation: Activation, entries: Sequence[Any] | None = None) -> str:
    """What the form of the plan was made on."""
    return mark_of("request", activation.convention.request_id, plan_value(activation), entries=entries)


def step_mark(step: ActivationStep, activation: Activation, entries: Sequence[Any] | None = None) -> str:
    """What the forms of a step were made on."""
    return mark_of("request", activation.convention.request_id, step_value(step), entries=entries)
