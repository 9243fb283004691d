"""Interventions as other rooms show them."""

from typing import Any

from tripartite.following.states import InterventionState

BADGES = {InterventionState.PLANNED: "wait", InterventionState.DONE: "good", InterventionState.CANCELLED: "quiet"}


def shown_rows(found: Any) -> list[tuple[Any, str]]:
    """Interventions with the badge of their state."""
    return [(one, BADGES[InterventionState(one.state)]) for one in found]
