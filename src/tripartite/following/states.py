"""The life of an intervention: codes, French labels, its table of transitions."""

from enum import StrEnum


class InterventionState(StrEnum):
    """PLANNED: has its day. DONE: took place. CANCELLED: will not, or was noted wrongly."""

    PLANNED = "planned"
    DONE = "done"
    CANCELLED = "cancelled"


INTERVENTION_LABELS = {
    InterventionState.PLANNED: "prévue",
    InterventionState.DONE: "faite",
    InterventionState.CANCELLED: "annulée",
}

INTERVENTION_TRANSITIONS: dict[InterventionState, frozenset[InterventionState]] = {
    InterventionState.PLANNED: frozenset({InterventionState.DONE, InterventionState.CANCELLED}),
    InterventionState.DONE: frozenset({InterventionState.CANCELLED}),
    InterventionState.CANCELLED: frozenset(),
}
