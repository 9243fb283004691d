"""What the form that moves an intervention was made on."""

from tripartite.following.models import Intervention
from tripartite.journal.seen import mark_of

MOVE = "subscriptions.intervention-move"
"""The act by which the journal tells that it was moved."""


def visit_subject(one: Intervention) -> tuple[str, int]:
    """Whose journal tells of an intervention: its file when there is one, else its body."""
    return ("request", one.request_id) if one.request_id else ("body", one.body_id)


def visit_value(one: Intervention) -> list[object]:
    """When, how long, where and by whom, as a mark tells them."""
    return [one.pk, one.planned_at, one.planned_minutes, one.agent_id, one.place]


def visit_mark(one: Intervention) -> str:
    """What the form that moves it was made on."""
    return mark_of(*visit_subject(one), visit_value(one))
