"""What one body may hold of what several held."""

import pytest
from tests.pricing.small_grids import UNIT, grid_text, service

from tripartite.pricing.grid_reading import read_grid
from tripartite.pricing.holding import HeldLine
from tripartite.pricing.within_maximum import within_maximum


def lines(*amounts: object) -> list[HeldLine]:
    return [HeldLine.read({"service": "s", "quantity": amount}) for amount in amounts]


@pytest.mark.parametrize(
    ("maximum", "held", "asked", "left"),
    [
        ("", (3,), (2,), (2,)),
        ("maximum = 1", (), (1,), (1,)),
        ("maximum = 1", (1,), (1,), ()),
        ("maximum = 1", (), (1, 1), (1,)),
        ("maximum = 5", (4,), (3, 2), (1,)),
        ("maximum = 5", (6,), (1,), ()),
    ],
)
def test_no_more_than_the_maximum_is_left(maximum: str, held: object, asked: object, left: object) -> None:
    grid = read_grid(grid_text(service("{ per_unit = 1 }", fields=f"{UNIT}\n{maximum}")))
    assert within_maximum(grid, lines(*asked), lines(*held)) == lines(*left)  # type: ignore[misc]


def test_what_the_grid_does_not_know_is_left_as_it_is() -> None:
    grid = read_grid(grid_text(service("{ per_unit = 1 }", fields=UNIT)))
    other = [HeldLine.read({"service": "autre", "quantity": 9})]
    assert within_maximum(grid, other, other) == other
