"""Prices shared by bodies that differ by their figures: each is told what it would be told alone. No database."""

from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tripartite.pricing.grid import Grid
from tripartite.pricing.grid_reading import read_grid
from tripartite.pricing.holding import HeldLine
from tripartite.pricing.order import Kind, OrderError
from tripartite.subscriptions.queries.situations import Situations

ROOT = Path(__file__).resolve().parents[2]
GRIDS = [
    read_grid((ROOT / f"grids/{name}.toml").read_text(encoding="utf-8"))
    for name in ("cdg62/2024-03-26", "examples/alpi40/2026", "examples/cdg34/2024-06-27")
]
KINDS = [kind.value for kind in Kind]

figures = st.one_of(st.none(), st.integers(0, 6_000), st.integers(0, 200_000))


@st.composite
def held_lines(draw: st.DrawFn, grid: Grid) -> list[HeldLine]:
    """Some services of a grid, each with its quantities and options."""
    lines: list[HeldLine] = []
    for code in draw(st.lists(st.sampled_from(sorted(grid.services)), min_size=1, max_size=6, unique=True)):
        service = grid.services[code]
        named = {name: draw(st.integers(1, 40)) for name in service.quantities}
        line: dict[str, Any] = {"service": code}
        if set(named) == {"quantity"}:
            line["quantity"] = named["quantity"]
        else:
            line["quantities"] = named
        if service.options:
            line["options"] = {
                name: draw(st.sampled_from(sorted(value.code for value in one.values)))
                for name, one in service.options.items()
            }
        lines.append(HeldLine.read(line))
    return lines


def _told(situations: Situations, grid: Grid, facts: dict[str, Any], lines: list[HeldLine], on: date) -> Any:
    half = len(lines) // 2
    try:
        found = situations.priced(grid, facts, lines[half:], lines[:half], on=on).told()
    except OrderError as refusal:
        return refusal.code, refusal.message
    return [(line.as_json(), line.interpretations, line.reason, line.services) for line in found]


@settings(deadline=None)
@given(st.data())
def test_a_body_is_priced_after_others_as_it_is_alone(data: st.DataObject) -> None:
    grid = data.draw(st.sampled_from(GRIDS))
    lines = data.draw(held_lines(grid))
    common = {"kind": data.draw(st.sampled_from(KINDS)), "department": data.draw(st.sampled_from(["62", "40", "34"]))}
    if grid.client_classes:
        common["client_class"] = data.draw(st.sampled_from(sorted(grid.client_classes)))
    shared = Situations()
    for population, staff in data.draw(st.lists(st.tuples(figures, figures), min_size=2, max_size=6)):
        known = {"population": population, "staff": staff}
        facts = common | {name: value for name, value in known.items() if value is not None}
        alone = _told(Situations(), grid, facts, lines, grid.applies_from)
        assert _told(shared, grid, facts, lines, grid.applies_from) == alone
