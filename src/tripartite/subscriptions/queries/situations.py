"""Prices worked out once per situation: bodies of a directory that hold the same, under the same facts, share them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tripartite.pricing.contract import parse_order
from tripartite.pricing.estimate import RECURRING, Line, Status
from tripartite.pricing.grid import Grid
from tripartite.pricing.holding import HeldLine
from tripartite.pricing.order import OrderError
from tripartite.pricing.pricer import price_order

Facts = tuple[tuple[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Situations:
    """What each situation met costs: the recurring lines, or the refusal of the grid."""

    _known: dict[object, list[Line] | OrderError] = field(default_factory=dict)

    def recurring(
        self,
        grid: Grid,
        facts: Mapping[str, Any],
        lines: Sequence[HeldLine],
        held: Sequence[HeldLine],
        *,
        on: date,
    ) -> list[Line]:
        """The recurring lines of what is added to what is held, under a grid and facts, at the VAT of a day. Raises
        OrderError when the grid refuses.
        """
        known = tuple(line for line in held if line.what.service in grid.services)
        vat = tuple(issuer.vat_on(on) for issuer in grid.issuers.values())
        situation = (grid.code, said(facts), tuple(lines), known, vat)
        if situation not in self._known:
            self._known[situation] = _priced(grid, facts, lines, known, on)
        found = self._known[situation]
        if isinstance(found, OrderError):
            raise found
        return found


def said(facts: Mapping[str, Any]) -> Facts:
    """Facts as one value, equal for equal facts."""
    return tuple(sorted(facts.items()))


def _priced(
    grid: Grid, facts: Mapping[str, Any], lines: Sequence[HeldLine], held: Sequence[HeldLine], on: date
) -> list[Line] | OrderError:
    payload = {
        "beneficiary": dict(facts),
        "lines": [line.as_json() for line in lines],
        "in_service": [line.as_json() for line in held],
    }
    try:
        found = price_order(grid, parse_order(payload).order(on=on)).lines
    except OrderError as refusal:
        return refusal
    return [line for line in found if line.frequency in RECURRING and line.status is not Status.CONDITIONAL]
