"""The life of a grid version: drafted, then adopted; an adopted one is never edited, a later one replaces it."""

from enum import StrEnum


class GridState(StrEnum):
    """DRAFT: being prepared, for simulation. ADOPTED: voted, prices orders on its days. WITHDRAWN: a draft given up."""

    DRAFT = "draft"
    ADOPTED = "adopted"
    WITHDRAWN = "withdrawn"


LABELS = {
    GridState.DRAFT: "projet",
    GridState.ADOPTED: "adoptée",
    GridState.WITHDRAWN: "abandonnée",
}

TRANSITIONS: dict[GridState, frozenset[GridState]] = {
    GridState.DRAFT: frozenset({GridState.ADOPTED, GridState.WITHDRAWN}),
    GridState.ADOPTED: frozenset(),
    GridState.WITHDRAWN: frozenset({GridState.DRAFT}),
}
