"""Interventions as other rooms show them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from tripartite.following.states import InterventionState

if TYPE_CHECKING:
    from tripartite.following.models import Intervention

BADGES = {InterventionState.PLANNED: "wait", InterventionState.DONE: "good", InterventionState.CANCELLED: "quiet"}


def shown_rows(found: Iterable[Intervention]) -> list[tuple[Intervention, str]]:
    """Interventions with the badge of their state."""
    return [(one, BADGES[InterventionState(one.state)]) for one in found]
