"""What an estimate says of the body besides its price."""

from typing import Any

from tripartite.pricing.bodies import Body
from tripartite.pricing.estimate import Warning as Notice
from tripartite.pricing.grid import Grid
from tripartite.pricing.order import KIND_LABELS, Order


def disagreements(grid: Grid, body: Body) -> list[Notice]:
    """Say so where both figures of a body are known and would give two categories."""
    notices = []
    for code, standing in body.standings.items():
        if standing.other is not None:
            scale = grid.scales[code]
            notices.append(
                Notice(
                    "figures-disagree",
                    f"{KIND_LABELS[body.beneficiary.kind]} : {standing.because} ; l'autre chiffre connu"
                    f" donnerait la catégorie {standing.other}.",
                    scale.rule_interpretation,
                )
            )
    return notices


def described(grid: Grid, order: Order, body: Body, known: dict[str, Any] | None) -> dict[str, Any]:
    """The contract's object of the body: its facts as this order sees them, and its category."""
    beneficiary = order.beneficiary
    described: dict[str, Any] = {
        "siren": None,
        "name": None,
        "kind": beneficiary.kind.value,
        "department": beneficiary.department,
        "population": beneficiary.population,
        "population_kind": beneficiary.population_kind,
        "staff": beneficiary.staff,
    }
    if known:
        described.update(known)
    scale = next(iter(grid.scales.values()), None)
    described["category"] = scale.known_category(body) if scale else None
    return described
