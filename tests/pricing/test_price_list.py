"""A grid laid out flat: every price it votes is there, with all that bears on it."""

from itertools import pairwise

import pytest
from tests.pricing.small_grids import SIZES, UNIT, grid_text, service
from tests.pricing.worked_examples import ROOT, read_manual

from tripartite.pricing import read_grid
from tripartite.pricing.price_list import price_list

MANUAL = read_manual("grids/README.md", preamble_heading="Formes de prix, une par une")
SATURDAY = f"""{UNIT}
[[service.option]]
code = "jour"
name = "Jour"
values = [{{ code = "semaine", name = "En semaine" }}, {{ code = "samedi", name = "Le samedi" }}]
"""


def rows(price: str, *, fields: str = UNIT, extra: str = "") -> list[tuple[str, str, str]]:
    """Condition, price in words and amount of each row."""
    grid = read_grid(grid_text(service(price, fields=fields), extra))
    return [(row.condition, row.price.replace("\u00a0", " "), row.amount) for row in price_list(grid)]


@pytest.mark.parametrize(
    ("price", "expected"),
    [
        ("{ per_unit = 20 }", [("", "20,00 € par compte", "20,00")]),
        ("{ per_unit = 0.0035 }", [("", "0,0035 € par compte", "0,0035")]),
        ("{ flat = 150 }", [("", "150,00 €", "150,00")]),
        ('"included"', [("", "inclus", "")]),
        ('"blank"', []),
        ("{ per_unit = 12, included_quantity = 5 }", [("", "12,00 € par compte, 5 sans supplément", "12,00")]),
        ("{ per_unit = 60, billed_minimum = 3 }", [("", "60,00 € par compte, minimum facturé : 3", "60,00")]),
        (
            "{ bands = [{ to = 2, flat = 25 }, { flat = 50 }] }",
            [("de 1 à 2 comptes", "25,00 €", "25,00"), ("à partir de 3 comptes", "50,00 €", "50,00")],
        ),
        ("{ sum = [{ flat = 100 }, { per_unit = 12 }] }", [("", "100,00 € + 12,00 € par compte", "")]),
        (
            "{ sum = [{ flat = 100 }, { bands = [{ to = 2, flat = 25 }, { flat = 50 }] }] }",
            [("", "100,00 € + (de 1 à 2 comptes : 25,00 € ; à partir de 3 comptes : 50,00 €)", "")],
        ),
        (
            "{ per_unit = 20, minimum_amount = 50, maximum_amount = 100 }",
            [("", "20,00 € par compte, au moins 50,00 €, au plus 100,00 €", "")],
        ),
        (
            "{ per_unit = 60, first_year = { per_unit = 100 } }",
            [
                ("première année", "100,00 € par compte", "100,00"),
                ("années suivantes", "60,00 € par compte", "60,00"),
            ],
        ),
    ],
)
def test_each_form_is_said_whole(price: str, expected: list[tuple[str, str, str]]) -> None:
    assert rows(price) == expected


def test_a_surcharge_keeps_its_decimals() -> None:
    price = (
        '{ flat = 300, surcharges = [{ label = "samedi", when = { options = { jour = "samedi" } }, percent = 12.5 }] }'
    )

    assert rows(price, fields=SATURDAY) == [("", "300,00 € + 12,5 % (samedi)", "300,00")]


def test_categories_are_named_with_their_bounds() -> None:
    assert [condition for condition, _, _ in rows('{ by = "taille", flat = { P = 30, G = 90 } }', extra=SIZES)] == [
        "catégorie P (jusqu'à 1\u202f000 habitants ; jusqu'à 10 agents)",
        "catégorie G (1\u202f001 et plus habitants ; 11 et plus agents)",
    ]


@pytest.mark.parametrize("heading", MANUAL.grids)
def test_no_form_of_the_manual_is_left_out(heading: str) -> None:
    grid = read_grid(MANUAL.grids[heading])
    listed = {(row.charge, row.issuer) for row in price_list(grid)}

    assert listed == {
        (charge.name, grid.issuers[issuer].short_name) for charge in grid.charges for issuer in charge.prices
    }


def test_the_act_is_listed_in_its_order_with_its_places() -> None:
    listed = list(price_list(read_grid((ROOT / "grids/cdg62/2024-03-26.toml").read_text(encoding="utf-8"))))
    families = [row.family for row in listed]

    assert [before for before, after in pairwise(families) if before != after] + families[-1:] == [
        "Présence en ligne",
        "Continuité",
        "Sécurité",
        "Gestion de la relation usagers",
    ]
    assert all(row.place for row in listed)
